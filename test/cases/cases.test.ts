import { afterAll, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import type { RunView } from '../../src/model/docket-rpc.ts'
import { eventually } from '../eventually.ts'
import { type Case, type Expectation, type Firm, firmOf, type Records } from './firm.ts'
import { fits, fitsAnyOrder } from './pattern.ts'

/** Inputs as people and services really send them, from the raw request to the records in Clio: README.md tells how a case is written. */

const files = import.meta.glob<Case[]>('./data/*.json', { import: 'default', eager: true })

const green: Record<string, string> = {}
afterAll(() =>
  console.log(
    `Real-world inputs: ${Object.entries(green)
      .map(each => each.join(' '))
      .join(', ')}`,
  ),
)

for (const [path, cases] of Object.entries(files)) {
  const kind = path.replace(/^.*\/|\.json$/g, '')
  describe(kind.replaceAll('-', ' '), () => {
    const controls = cases.filter(one => one.control).length
    green[kind] = `${cases.length - controls}+${controls}`
    it.concurrent.each(cases.map(one => [one.name, one.why, one] as const))('%s: %s', async (_, __, one) => {
      const faults = await tried(one)
      expect(faults).toEqual([])
    })
  })
}

/** What a case expects and did not get; of several alternatives, the faults of the nearest. */
async function tried(one: Case): Promise<string[]> {
  const expected = [one.expect].flat()
  const firm = await firmOf(one)
  if (expected.some(({ refused }) => refused !== undefined))
    return nearest(expected.map(({ refused = '' }) => found('refused', refused, firm.saved.refused ?? '')))
  if (firm.saved.refused !== null) return [`the rules were refused: ${firm.saved.refused}`]
  const before = await firm.records()
  const answers: Answer[] = []
  for (const request of [one.request].flat()) {
    const response = await firm.send(request)
    answers.push({ status: response.status, body: await response.text() })
    await ended(firm)
  }
  const [after, runs] = [await firm.records(), await firm.runs()]
  const replies = expected.some(({ reply }) => reply !== undefined) ? await firm.replies() : ''
  const seen = { firm, before, after, runs, replies, answers }
  return nearest(expected.map(each => faultsOf(each, seen)))
}

interface Answer {
  readonly status: number
  readonly body: string
}

interface Seen {
  readonly firm: Firm
  readonly before: Records
  readonly after: Records
  readonly runs: RunView[]
  readonly replies: string
  readonly answers: Answer[]
}

const final = new Set(['done', 'ignored', 'spam', 'parked', 'discarded'])

const ended = (firm: Firm) =>
  eventually(async () => {
    const open = (await firm.listed()).filter(run => !final.has(run.state))
    if (open.length > 0) throw new Error(`a run is still ${open[0]!.state}: ${open[0]!.reason}`)
  })

function faultsOf(expected: Expectation, seen: Seen): string[] {
  const { firm, before, after, runs, answers } = seen
  const faults: string[] = []
  const told = runs.map(run => `${run.state} ${run.reason ?? ''}`).join('; ')
  const states = expected.state === undefined ? null : [expected.state].flat()
  if (states && (runs.length === 0 || runs.some(run => !states.includes(run.state))))
    faults.push(`runs are ${told || 'none'}, not ${states.join(' or ')}`)
  const right = (status: number) =>
    expected.status === undefined
      ? (status >= 200 && status < 300) || status === 303
      : [expected.status].flat().includes(status)
  for (const { status, body } of answers) if (!right(status)) faults.push(`answered ${status}: ${body}`)
  if (expected.runs !== undefined && runs.length !== expected.runs) faults.push(`${runs.length} runs: ${told}`)
  if (expected.reason !== undefined)
    faults.push(...found('reason', expected.reason, runs.map(run => run.reason ?? '').join('\n')))
  if (expected.problem !== undefined)
    faults.push(...found('problem', expected.problem, answers.map(({ body }) => body).join('\n')))
  if (expected.reply !== undefined)
    faults.push(...found('reply', expected.reply, [seen.replies, ...answers.map(({ body }) => body)].join('\n')))
  if (expected.warned !== undefined) faults.push(...found('warned', expected.warned, firm.saved.warnings))
  for (const [resource, pattern] of Object.entries(expected.made ?? {}))
    faults.push(...listed(`made ${resource}`, pattern, made(resource, before, after)))
  for (const [resource, pattern] of Object.entries(expected.changed ?? {}))
    faults.push(...listed(`changed ${resource}`, pattern, changed(resource, before, after)))
  for (const resource of expected.nothing ?? [])
    faults.push(...listed(`made ${resource}`, 0, made(resource, before, after)))
  const events = expected.events ?? (expected.event === undefined ? [] : [expected.event])
  if (expected.events && runs.length !== events.length) faults.push(`${runs.length} runs: ${told}`)
  events.forEach((pattern, index) => {
    const event = (runs[index]?.event ?? null) as unknown as Json
    if (!fits(pattern, event)) faults.push(`event ${index} is ${JSON.stringify(event)}, not ${JSON.stringify(pattern)}`)
  })
  if (faults.length > 0) faults.push(`(${told})`)
  return faults
}

function found(what: string, expression: string, text: string): string[] {
  return new RegExp(expression, 'iu').test(text) ? [] : [`${what}: no ${expression} in ${text || 'nothing'}`]
}

function listed(what: string, pattern: Json, records: JsonObject[]): string[] {
  const right = Array.isArray(pattern) ? fitsAnyOrder(pattern, records) : records.length === pattern
  return right ? [] : [`${what}: ${JSON.stringify(records)}, not ${JSON.stringify(pattern)}`]
}

const idsOf = (records: Records, resource: string) => new Map((records[resource] ?? []).map(one => [one.id, one]))

const made = (resource: string, before: Records, after: Records): JsonObject[] =>
  (after[resource] ?? []).filter(one => !idsOf(before, resource).has(one.id ?? null))

function changed(resource: string, before: Records, after: Records): JsonObject[] {
  const stood = idsOf(before, resource)
  return (after[resource] ?? []).filter(one => {
    const was = stood.get(one.id ?? null)
    return was !== undefined && JSON.stringify(was) !== JSON.stringify(one)
  })
}

const nearest = (faults: string[][]): string[] => faults.toSorted((a, b) => a.length - b.length)[0] ?? []
