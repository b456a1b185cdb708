import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { families } from '../../src/api/metrics/families.ts'

/** What is there to copy for Prometheus and Grafana names what there is. */

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')
const series = families.map(({ name, type }) => (type === 'counter' ? `${name}_total` : name))
const named = (text: string) => [...new Set(text.match(/\bdocketed_\w+/g))]

interface Panel {
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets: readonly { readonly expr: string }[]
}
const dashboard = JSON.parse(page('monitoring/grafana.json')) as {
  panels: Panel[]
  templating: { list: { query: string }[] }
}
const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
const rules = [...page('monitoring/alerts.yaml').matchAll(/^ {8}expr: (.*)$/gm)].map(([, expr]) => expr!)

const balanced = (expr: string) =>
  ['()', '{}', '[]'].every(([open, close]) => expr.split(open!).length === expr.split(close!).length)

describe('docs/monitoring.md', () => {
  it('names every metric, and none that there is not', () => {
    expect(named(page('monitoring.md')).sort()).toEqual([...series].sort())
  })
})

describe.each([
  ['the dashboard', shown],
  ['the alert rules', rules],
])('%s', (_, expressions) => {
  it('asks only for metrics that exist, and counters only by their rate', () => {
    expect(expressions.length).toBeGreaterThanOrEqual(3)
    for (const expr of expressions) {
      const names = named(expr)
      expect(names.length, expr).toBeGreaterThan(0)
      expect(names.filter(name => !series.includes(name))).toEqual([])
      for (const name of names.filter(one => one.endsWith('_total'))) expect(expr).toContain(`rate(${name}{`)
      expect(balanced(expr), expr).toBe(true)
    }
  })
})

describe('the dashboard', () => {
  it('shows every metric somewhere', () => {
    expect(named(shown.join(' ')).sort()).toEqual([...series].sort())
  })

  it('lets one choose the firm by a metric that exists', () => {
    const asked = dashboard.templating.list.map(({ query }) => query).find(query => query.startsWith('label_values'))
    expect(named(asked!).every(name => series.includes(name))).toBe(true)
  })

  it('lays no panel over another, and none beyond the edge', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24)
      return Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
  })
})
