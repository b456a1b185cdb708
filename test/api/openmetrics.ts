/**
 * A strict reader of OpenMetrics text 1.0, for want of a kept one on npm: what it does not know it refuses. It reads what the
 * reference parser reads (prometheus_client for Python): test/long/vendor.test.ts.
 * @source https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export interface ReadFamily {
  readonly type: 'counter' | 'gauge'
  readonly unit: string | null
  readonly help: string
  readonly samples: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const sample = new RegExp(
  `^(${name})(?:\\{(${label}(?:,${label})*)?\\})? (-?(?:\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|Inf)|NaN)$`,
)
const meta = new RegExp(`^# (TYPE|UNIT|HELP) (${name}) (.+)$`)

export function readOpenMetrics(text: string): Map<string, ReadFamily> {
  if (!text.endsWith('# EOF\n')) throw new Error('does not end with # EOF and a line break')
  const lines = text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)
  const families = new Map<string, ReadFamily & { unit: string | null; help: string }>()
  let current: [string, ReadFamily & { unit: string | null; help: string }] | null = null
  const seen = new Set<string>()
  for (const line of lines) {
    const [, keyword, of = '', said = ''] = meta.exec(line) ?? []
    if (keyword === 'TYPE') {
      if (families.has(of)) throw new Error(`${of} stands twice: families are not interleaved`)
      if (said !== 'counter' && said !== 'gauge') throw new Error(`${of} has the type ${said}`)
      current = [of, { type: said, unit: null, help: '', samples: [] }]
      families.set(...current)
      continue
    }
    if (current === null) throw new Error(`stands before any TYPE: ${line}`)
    const [family, read] = current
    if (keyword !== undefined) {
      if (of !== family || read.samples.length > 0) throw new Error(`${keyword} of ${of} stands in ${family}`)
      if (keyword === 'UNIT' && !family.endsWith(`_${said}`)) throw new Error(`${family} does not end with its unit`)
      if (keyword === 'UNIT') read.unit = said
      else read.help = said
      continue
    }
    const [, series, labels = '', value] = sample.exec(line) ?? []
    if (series === undefined) throw new Error(`no sample: ${line}`)
    if (series !== (read.type === 'counter' ? `${family}_total` : family))
      throw new Error(`${series} stands in ${family}`)
    if (seen.has(`${series}{${labels}}`)) throw new Error(`${series}{${labels}} stands twice`)
    seen.add(`${series}{${labels}}`)
    if (read.type === 'counter' && !(Number(value) >= 0)) throw new Error(`${series} is ${value}`)
    const pairs = [...labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key!, text!])
    read.samples.push({ labels: Object.fromEntries(pairs), value: Number(value) })
  }
  return families
}
