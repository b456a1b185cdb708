import { env, runInDurableObject } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import type { RunSummary, RunView } from '../../../src/model/docket-rpc.ts'
import { document, newConnection, operator } from '../../api/app.ts'
import { eventually } from '../../eventually.ts'

/** Long events travel with their firm: those that stand beside their runs, and those that a version before 10 had in the rows. */

const { call, stranger } = operator()
const essay = 'What happened, from the beginning. '.repeat(200)
const app = createApp(env)

/** A rule that parks: its file waits. */
const parking = {
  endpoints: { website: { source: 'form', files: { types: ['text/plain'] } } },
  rules: [{ name: 'look', on: { type: 'form.submitted' }, steps: { stop: { park: 'Somebody should look' } } }],
}

interface Line {
  readonly table?: string
  readonly row?: Record<string, unknown>
  readonly schema?: number
  readonly lines?: number
}
let exported: Line[] = []

const runsOf = async (firm: string) =>
  ((await (await call('GET', `/api/firms/${firm}/runs`)).json()) as { runs: RunSummary[] }).runs
async function shown(firm: string) {
  const [one] = await runsOf(firm)
  return (await (await call('GET', `/api/firms/${firm}/runs/${one!.id}?reveal=1`)).json()) as RunView
}
const stand = (firm: string) =>
  runInDurableObject(env.DOCKET.get(env.DOCKET.idFromName(firm)), (_, { storage }) => [
    storage.sql.exec('select count(*) as n from events').one().n,
    Number(storage.sql.exec('select length(event) as n from runs').one().n) > essay.length,
  ])

async function bring(firm: string, lines: readonly Line[]): Promise<void> {
  const answer = await app.request(
    `/api/firms/${firm}/import?connection=${await newConnection('settlers')}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` },
      body: `${lines.map(line => JSON.stringify(line)).join('\n')}\n`,
    },
    env,
  )
  expect([answer.status, answer.ok ? '' : await answer.text()]).toEqual([201, ''])
}

/** The export as version 9 would have made it. */
function ofNine(lines: readonly Line[]): Line[] {
  const long = new Map(lines.flatMap(({ table, row }) => (table === 'events' ? [[row!.run, row!.event]] : [])))
  const rest = lines
    .filter(({ table }) => table !== 'events')
    .map(line =>
      line.table === 'runs' && long.has(line.row!.id)
        ? { ...line, row: { ...line.row, event: long.get(line.row!.id) } }
        : line,
    )
  const end = { ...rest.at(-1), lines: rest.length - 1 }
  return [{ ...rest[0], schema: 9 }, ...rest.slice(1, -1), end]
}

beforeAll(async () => {
  const config = await document(parking, await newConnection('leavers'))
  expect((await call('PUT', '/api/firms/essays/config', config)).status).toBe(200)
  const form = new FormData()
  for (const [name, value] of Object.entries({ first_name: 'Maria', last_name: 'Quintanilla', essay }))
    form.set(name, value)
  form.set('paper', new File(['Maria was here'], 'paper.txt', { type: 'text/plain' }))
  const request = new Request('https://docketed.example', { method: 'POST', body: form })
  const headers = { 'content-type': request.headers.get('content-type')! }
  expect((await stranger('POST', '/in/essays/website', headers, await request.text())).status).toBe(202)
  const parked = async () => expect((await runsOf('essays')).map(({ state }) => state)).toEqual(['parked'])
  await eventually(parked)
  const text = await (await call('GET', '/api/firms/essays/export?open=1')).text()
  exported = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Line)
})

describe('a firm with a long event', () => {
  it.each([
    ['as this version exports it', 'beside', (lines: readonly Line[]) => lines, [1, false]],
    ['as version 9 exported it', 'in-row', ofNine, [0, true]],
  ] as const)('comes whole, %s, its file under the new name', async (_, name, as, there) => {
    expect(await stand('essays')).toEqual([1, false])
    await bring(name, as(exported))
    expect(await stand(name)).toEqual(there)
    expect(await runsOf(name)).toEqual(await runsOf('essays'))
    const [before, after] = [await shown('essays'), await shown(name)]
    expect(before.event?.fields.essay).toBe(essay.trim())
    const [file] = before.event!.files
    const renamed = { ...file, key: file!.key!.replace(/^essays\//, `${name}/`) }
    expect(after.event).toEqual({ ...before.event, files: [renamed] })
    expect((await env.FILES.list({ prefix: `${name}/` })).objects.map(({ key }) => key)).toEqual([renamed.key])
  })
})
