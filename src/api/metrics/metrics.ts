import * as z from 'zod/mini'
import type { FirmFigures, Standing } from '../../model/registry-rpc.ts'
import { readQuery } from '../read.ts'
import { ask } from '../registry.ts'
import type { Route } from '../table.ts'
import { type Family, families, type Labels } from './families.ts'

/**
 * What a monitoring system reads: OpenMetrics, from what Dockets last told the registry, so that none is woken for it. Labels are the
 * firm's id and reason codes, nothing else.
 * @source https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md (1.0)
 */
export const contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** Firms in one answer: about 20,000 lines. Who has more reads them in spans of names (`from`, `to`). */
const firmsMost = 1000

/** `from` is in the span, `to` is not. */
const metricsQuery = z.strictObject({
  from: z._default(z.string().check(z.maxLength(63)), ''),
  to: z.exactOptional(z.string().check(z.maxLength(63))),
})

const labelled = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/**
 * @param help what each family is, in words
 * @param now ms since the epoch
 */
function openMetrics(
  firms: readonly FirmFigures[],
  standing: Standing & { left: number },
  help: Readonly<Record<string, string>>,
  now: number,
): string {
  const lines: string[] = []
  for (const { name, type, unit, firm, all } of families) {
    lines.push(`# TYPE ${name} ${type}`)
    if (unit) lines.push(`# UNIT ${name} ${unit}`)
    if (help[name] !== undefined) lines.push(`# HELP ${name} ${help[name]}`)
    const put = (found: ReturnType<NonNullable<Family['firm']>>, labels: Labels) => {
      for (const [value, more] of Array.isArray(found) ? found : found == null ? [] : [[found, {}] as const])
        lines.push(`${name}${type === 'counter' ? '_total' : ''}${labelled({ ...labels, ...more })} ${value}`)
    }
    if (all) put(all(standing, now), {})
    if (firm) for (const one of firms) put(firm(one, now), { firm: one.firm })
  }
  return `${lines.join('\n')}\n# EOF\n`
}

export const metricsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/metrics',
    role: 'vendor',
    handle: async ({ request, registry, asset }) => {
      const query = readQuery(request.url, metricsQuery)
      const [{ firms, left }, standing] = await ask(registry, async all =>
        Promise.all([all.figures(query.from, query.to ?? null, firmsMost), all.standing()]),
      )
      // Figures without words are better than none.
      const help = await asset<Record<string, string>>('metrics.json').catch(() => ({}))
      const text = openMetrics(firms, { ...standing, left }, help, Date.now())
      return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
    },
  },
]
