import { env, runInDurableObject, SELF } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import page from '../../docs/scale.md?raw'
import type { Json } from '../../src/lib/json.ts'
import type { DocketRpc } from '../../src/model/docket-rpc.ts'
import { newConnection } from '../api/app.ts'
import { eventually } from '../eventually.ts'

/** What Cloudflare bills for one intake of three records, counted in its own runtime: docs/scale.md reckons with these figures. */

const events = 5
const counted = { 'rows read': 0, 'rows written': 0, 'alarms set': 0, 'KV writes': 0 }
const erased = { 'rows written': 0 }

const text = (path: string) => `{{ person.${path} }}`
const steps = {
  client: {
    upsert: 'contacts',
    match: ['email_addresses'],
    with: {
      type: 'Person',
      first_name: text('first_name'),
      last_name: text('last_name'),
      email_addresses: [{ name: 'Work', address: text('email') }],
    },
  },
  matter: { create: 'matters', with: { client: '{{ steps.client }}', status: 'pending', description: 'Inquiry' } },
  call: {
    create: 'tasks',
    with: {
      name: 'Call',
      description: '{{ message }}',
      assignee: 'intake@smith.example',
      matter: '{{ steps.matter }}',
    },
  },
}

const docket = () => env.DOCKET.get(env.DOCKET.idFromName('costs'))

/** Calls `seen` with whatever a method of an object's prototype answers, and what it was asked first. */
function watch<T>(object: object, method: string, seen: (answer: T, asked: unknown) => void): void {
  const prototype = Object.getPrototypeOf(object)
  const real = prototype[method] as (...given: unknown[]) => T
  prototype[method] = function (this: unknown, ...given: unknown[]): T {
    const answer = real.apply(this, given)
    seen(answer, given[0])
    return answer
  }
}

const asked = 'select state from runs where id = ?'

async function intake(n: number): Promise<string> {
  const body = { first_name: 'Ada', last_name: `Lovelace${n}`, email: `ada${n}@x.example`, message: 'Please call me.' }
  const answer = await SELF.fetch('https://docketed.example/in/costs/website', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': `visit-${n}` },
    body: JSON.stringify(body),
  })
  const { run } = (await answer.json()) as { run: string }
  const state = () => runInDurableObject(docket(), (_, { storage }) => storage.sql.exec(asked, run).one())
  await eventually(async () => expect(await state()).toEqual({ state: 'done' }), 100)
  return run
}

beforeAll(async () => {
  const connection = await newConnection('costs')
  const config: Json = {
    timezone: 'America/New_York',
    country: 'US',
    connection,
    endpoints: { website: { source: 'form' } },
    rules: [{ name: 'intake', on: { endpoint: 'website', type: 'form.submitted' }, steps }],
  }
  const saved = await (docket() as unknown as DocketRpc).putConfig('costs', JSON.stringify(config), false)
  expect(saved).toMatchObject({ version: 1 })
  // What is learnt of Clio once is no part of an event.
  await intake(0)

  let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = []
  const rows = (kind: 'rowsRead' | 'rowsWritten') => cursors.reduce((sum, cursor) => sum + cursor[kind], 0)
  await runInDurableObject(docket(), (_, { storage }) => {
    watch(storage.sql, 'exec', (cursor: (typeof cursors)[number], statement) => {
      // How often this test has to ask whether a run is done is the machine's affair.
      if (statement !== asked) cursors.push(cursor)
    })
    watch(storage, 'setAlarm', () => counted['alarms set']++)
  })
  watch(env.KV, 'put', () => counted['KV writes']++)
  let last = ''
  for (let n = 1; n <= events; n++) last = await intake(n)
  await eventually(() => expect(counted['KV writes']).toBe(events))
  Object.assign(counted, { 'rows read': rows('rowsRead'), 'rows written': rows('rowsWritten') })

  cursors = []
  const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` }
  const gone = await SELF.fetch(`https://docketed.example/api/firms/costs/runs/${last}`, { method: 'DELETE', headers })
  expect(gone.status).toBe(200)
  erased['rows written'] = rows('rowsWritten')
})

/** A figure of the page: `| rows written | 161 |`. */
const said = (what: string): number => Number(new RegExp(`^\\| ${what} \\| (\\d+) \\|`, 'm').exec(page)?.[1])

describe('what one intake of three records costs', () => {
  it.each(Object.keys(counted) as (keyof typeof counted)[])('is what the page reckons with: %s', what => {
    const each = counted[what] / events
    expect(each).toBeLessThanOrEqual(said(what))
    expect(each).toBeGreaterThan(said(what) * 0.8)
  })

  it('and what erasing it costs', () => {
    expect(erased['rows written']).toBeGreaterThan(0)
    expect(erased['rows written']).toBeLessThanOrEqual(said('rows written when it is erased'))
  })
})
