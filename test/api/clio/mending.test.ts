import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { AuditEntry } from '../../../src/model/access.ts'
import type { Many, Resumed, RunSummary, RunView, Stats } from '../../../src/model/docket-rpc.ts'
import { eventually } from '../../eventually.ts'
import { document, newConnection, operator } from '../app.ts'

/** Many runs of one wrong name, and a wrong answer of a visitor: over the API, to the records in Clio, which takes fifty calls a minute. */

const { call, stranger } = operator()
const firm = 'mender'
const at = (path: string) => `/api/firms/${firm}/${path}`
const read = async <T>(path: string): Promise<T> => (await call('GET', at(path))).json()
const connection = newConnection('mender')

/** A task for whoever answers calls, and a note of it for a look in between. */
async function configuration(assignee: string): Promise<JsonObject> {
  const on = { endpoint: 'website', type: 'form.submitted' }
  const task = { create: 'tasks', with: { name: 'Call {{ fields.who }}', assignee } }
  const more = { create: 'tasks', with: { name: 'Write to {{ fields.who }}', assignee: 'sam@smith.example' } }
  const rules = [
    { name: 'call', on, if: "fields.kind == 'call'", steps: { task } },
    { name: 'both', on, if: "fields.kind == 'both'", steps: { first: more, look: { park: 'Look at it' }, more } },
  ]
  return document({ endpoints: { website: { source: 'form' } }, rules }, await connection)
}

async function submit(fields: Record<string, string>): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await stranger('POST', `/in/${firm}/website`, headers, new URLSearchParams(fields).toString())
  return ((await answer.json()) as { run: string }).run
}

async function tasks(beginning: string): Promise<string[]> {
  const { data } = await read<{ data: JsonObject[] }>('clio/tasks?fields=id,name&limit=200')
  return data.map(({ name }) => String(name)).filter(name => name.startsWith(beginning))
}

const reaches = (run: string, state: string) =>
  eventually(async () => expect((await read<RunView>(`runs/${run}`)).state).toBe(state), 100)

beforeAll(async () => {
  expect((await call('PUT', at('config'), await configuration('Nobody Known'))).status).toBe(200)
})

const count = 12

describe('runs of one wrong name', () => {
  it('are found by the reason, and go on in one call with the rule that was mended', async () => {
    const all = await Promise.all(Array.from({ length: count }, (_, n) => submit({ kind: 'call', who: String(n) })))
    await eventually(async () => expect((await read<Stats>('stats')).reasons).toEqual({ 'unknown-name': count }), 200)
    const { runs } = await read<{ runs: RunSummary[] }>('runs?code=unknown-name&limit=50')
    expect(runs.map(({ id }) => id).sort()).toEqual(all.toSorted())
    expect((await call('PUT', at('config'), await configuration('intake@smith.example'))).status).toBe(200)
    const done = (await (await call('POST', at('runs/resume'), { code: 'unknown-name' })).json()) as Many
    expect([done.runs.length, done.refused, done.left]).toEqual([count, [], 0])
    for (const run of all) await reaches(run, 'done')
    expect((await tasks('Call ')).sort()).toEqual(all.map((_, n) => `Call ${n}`).sort())
    expect((await read<Stats>('stats')).reasons).toEqual({})
  })
})

describe('a wrong answer', () => {
  it('is corrected: the records that keep it are named, the rest has the right one, the audit the field alone', async () => {
    const run = await submit({ kind: 'both', who: 'Jnae' })
    await reaches(run, 'parked')
    const answer = await call('POST', at(`runs/${run}/resume`), { answers: { who: 'Jane' } })
    const { kept } = (await answer.json()) as Resumed
    expect(kept).toMatchObject([{ step: 'both/first', resource: 'tasks' }])
    await reaches(run, 'done')
    expect((await tasks('Write to')).sort()).toEqual(['Write to Jane', 'Write to Jnae'])
    const one = await read<{ data: JsonObject }>(`clio/tasks/${kept?.[0]?.record}?fields=id,name`)
    expect(one.data.name).toBe('Write to Jnae')
    const { entries } = await read<{ entries: AuditEntry[] }>(`audit?limit=20`)
    expect(entries.find(one => one.action === 'run.resumed' && one.run === run)?.detail).toBe('corrected who')
  })
})
