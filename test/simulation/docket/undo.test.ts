import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { configuration, intake, standing } from '../firm.ts'
import { World } from '../world.ts'

/** Taking back what a run made (design §5): all of it, only once, and nothing that somebody has changed since. */

const base = configuration({ requests: 50, seconds: 5 })
const meeting = {
  summary: 'Meeting',
  start_at: '2026-12-01T15:00:00Z',
  end_at: '2026-12-01T16:00:00Z',
  calendar_owner: 'sam@smith.example',
}
const on = { endpoint: 'website', type: 'form.submitted' }
const rules = [
  ...(base.rules as JsonObject[]),
  {
    name: 'fills',
    trusted: true,
    on,
    if: "fields.kind == 'fills'",
    steps: {
      client: {
        upsert: 'contacts',
        match: ['email_addresses'],
        existing: 'extend',
        with: {
          type: 'Person',
          first_name: 'Pat',
          title: 'Dr',
          email_addresses: [
            { name: 'Work', address: 'pat0@x.example' },
            { name: 'Home', address: 'home@x.example' },
          ],
        },
      },
    },
  },
  {
    name: 'changes',
    trusted: true,
    on,
    if: "fields.kind == 'changes'",
    steps: {
      matter: {
        update: 'matters',
        id: '{{ fields.matter }}',
        with: { description: 'Changed', status: 'open', location: 'Court 7' },
      },
    },
  },
  {
    name: 'invites',
    on,
    if: "fields.kind == 'invites'",
    steps: { meeting: { create: 'calendar_entries', with: { ...meeting, send_email_notification: true } } },
  },
  {
    name: 'links',
    on,
    if: "fields.kind == 'links'",
    steps: { meeting: { create: 'calendar_entries', link: 'meeting', with: meeting } },
  },
  {
    name: 'off',
    on,
    if: "fields.kind == 'ends'",
    steps: { meeting: { delete: 'calendar_entries', id: '{{ links.meeting }}' } },
  },
]
const worlds: World[] = []
function world(): World {
  const made = new World({ config: { ...base, rules } })
  worlds.push(made)
  return made
}
afterEach(() => {
  for (const one of worlds.splice(0)) one.close()
})

/** The matter of the first intake, by its description. */
function matterOf(one: World, description = 'Matter 0') {
  return one.sandbox
    .account('smith')
    .all('matters')
    .find(row => row.data.description === description)!
}

/** What a person sees in Clio: everything but stamps. */
function seen(one: World): unknown {
  const plain = (record: JsonObject) =>
    Object.fromEntries(Object.entries(record).filter(([key, value]) => value !== null && !/etag|updated_at/.test(key)))
  return Object.fromEntries(Object.entries(one.sandbox.records()).map(([name, records]) => [name, records.map(plain)]))
}

async function undone(one: World, id: string, anyway = false): Promise<string> {
  const run = one.clerk.desk.undo(id, anyway)
  if ('code' in run) throw new Error(`${run.code}: ${run.detail}`)
  await one.clock.run()
  return run.id
}

describe('undo', () => {
  it('of a whole intake leaves Clio as it was before', async () => {
    const one = world()
    const before = seen(one)
    const id = intake(one, 0)!
    await one.clock.run()
    expect(seen(one)).not.toEqual(before)
    const undo = await undone(one, id)
    expect(one.run(undo)).toMatchObject({ state: 'done', undoOf: id })
    expect(seen(one)).toEqual(before)
    expect(one.run(id).state).toBe('done')
  })

  it('once: asked again, the same undo answers, and nothing more is done', async () => {
    const one = world()
    const id = intake(one, 0)!
    await one.clock.run()
    const first = await undone(one, id)
    const calls = one.sandbox.ledger.entries.length
    expect(await undone(one, id)).toBe(first)
    expect(one.sandbox.ledger.entries.length).toBe(calls)
  })

  it('deletes the client only when this run made the client', async () => {
    const one = world()
    intake(one, 0, 0)
    await one.clock.run()
    const second = intake(one, 1, 0)!
    await one.clock.run()
    await undone(one, second)
    expect(standing(one)).toEqual({ contacts: ['Doe0'], matters: ['Matter 0'], tasks: ['Call 0'] })
  })

  it('takes away what an upsert added to a known contact, and nothing else', async () => {
    const one = world()
    intake(one, 0, 0)
    await one.clock.run()
    const before = seen(one)
    const id = one.deliver('website', { fields: { kind: 'fills' } }, 'f')!
    await one.clock.run()
    expect(JSON.stringify(seen(one))).toContain('home@x.example')
    await undone(one, id)
    expect(seen(one)).toEqual(before)
  })

  it('puts back what an update changed', async () => {
    const one = world()
    intake(one, 0)
    await one.clock.run()
    const id = one.deliver('website', { fields: { kind: 'changes', matter: Number(matterOf(one).id) } }, 'c')!
    await one.clock.run()
    expect(matterOf(one, 'Changed').data).toMatchObject({ location: 'Court 7', status: 'open' })
    await undone(one, id)
    const { description, status, location } = matterOf(one).data
    expect([description, status, location ?? null]).toEqual(['Matter 0', 'pending', null])
  })

  it('parks where somebody has changed the record since, says which, and goes on when a person resumes it', async () => {
    const one = world()
    const id = intake(one, 0)!
    await one.clock.run()
    const matter = matterOf(one)
    await edit(one, `matters/${matter.id}`, { location: 'Court 9' })
    const undo = await undone(one, id)
    expect(one.run(undo)).toMatchObject({
      state: 'parked',
      reason: expect.stringContaining(`matters ${matter.id} was changed since`),
    })
    expect(standing(one)).toEqual({ contacts: ['Doe0'], matters: ['Matter 0'], tasks: [] })
    one.clerk.desk.resume(undo, 'own')
    await one.clock.run()
    expect(one.run(undo).state).toBe('done')
    expect(standing(one)).toEqual({ contacts: [], matters: [], tasks: [] })
  })

  it('a second change after the question was asked is asked about again', async () => {
    const one = world()
    const id = intake(one, 0)!
    await one.clock.run()
    const matter = matterOf(one)
    await edit(one, `matters/${matter.id}`, { location: 'Court 9' })
    const undo = await undone(one, id)
    await edit(one, `matters/${matter.id}`, { location: 'Court 10' })
    one.clerk.desk.resume(undo, 'own')
    await one.clock.run()
    expect(one.run(undo).state).toBe('parked')
  })

  it('says before it begins what cannot be taken back', async () => {
    const one = world()
    const id = one.deliver('website', { fields: { kind: 'invites' } }, 'i')!
    await one.clock.run()
    expect(one.clerk.desk.undo(id, false)).toMatchObject({
      status: 409,
      code: 'lasting-effects',
      detail: expect.stringContaining('told by e-mail'),
    })
    const undo = await undone(one, id, true)
    expect(one.run(undo).state).toBe('done')
    expect(
      one.sandbox
        .account('smith')
        .all('calendar_entries')
        .filter(row => row.data.summary === 'Meeting'),
    ).toEqual([])
  })

  it('what somebody deleted already is no trouble; a deleted record stays deleted, which is said', async () => {
    const one = world()
    const made = one.deliver('website', { fields: { kind: 'links' }, subject: 'b' }, 'a')!
    const ended = one.deliver('website', { fields: { kind: 'ends' }, subject: 'b' }, 'b')!
    await one.clock.run()
    expect(one.clerk.desk.undo(ended, false)).toMatchObject({ status: 409, code: 'nothing-to-undo' })
    const undo = await undone(one, made)
    expect(one.run(undo).state).toBe('done')
  })

  it('a link to what was undone is gone: a later event has nothing to do', async () => {
    const one = world()
    const made = one.deliver('website', { fields: { kind: 'links' }, subject: 'b' }, 'a')!
    await one.clock.run()
    await undone(one, made)
    const later = one.deliver('website', { fields: { kind: 'ends' }, subject: 'b' }, 'c')!
    await one.clock.run()
    expect(one.run(later).state).toBe('done')
    expect(one.sandbox.ledger.entries.filter(entry => entry.method === 'DELETE')).toHaveLength(1)
  })

  it.each([
    ['of an undo', async (one: World, id: string) => undone(one, id), 'wrong-state'],
    ['of a run that is not there', async () => 'run_none', 'unknown-run'],
  ])('is refused %s', async (_, target, code) => {
    const one = world()
    const id = intake(one, 0)!
    await one.clock.run()
    expect(one.clerk.desk.undo(await target(one, id), false)).toMatchObject({ code })
  })

  it('with answers lost and kills at every point, all is taken back once', async () => {
    for (let point = 0; point < 60; point++) {
      const one = world()
      const before = seen(one)
      const id = intake(one, 0)!
      await one.clock.run()
      one.sandbox.trouble.add(
        { method: 'DELETE', times: 2, chance: 0.5, action: { do: 'lose' } },
        { method: 'DELETE', times: 1, chance: 0.5, action: { do: 'late', ms: 5000 } },
      )
      one.clerk.desk.undo(id, false)
      one.dieAtPoint(point)
      await one.clock.run()
      expect(seen(one), `point ${point}`).toEqual(before)
      expect(one.runs().map(run => run.state)).toEqual(['done', 'done'])
    }
  })
})

/** Somebody in the firm changes a record in Clio. */
async function edit(one: World, path: string, data: JsonObject): Promise<void> {
  one.clock.in(60_000, () => {})
  await one.clock.run()
  const { reply, done } = one.sandbox.handle({
    method: 'PATCH',
    path: `/clio/api/v4/${path}`,
    query: new URLSearchParams(),
    headers: { authorization: `Bearer ${one.sandbox.key}`, 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify({ data })),
  })
  done()
  if (reply.kind !== 'answer' || reply.answer.status !== 200) throw new Error(JSON.stringify(reply))
}
