import { describe, expect, it } from 'vitest'
import { Access } from '../../../src/docket/operator/access.ts'
import { Asks } from '../../../src/docket/operator/asked.ts'
import { maskedView } from '../../../src/docket/operator/mask.ts'
import { forReason } from '../../../src/docket/operator/mending/many.ts'
import { standingOf } from '../../../src/docket/operator/reporter.ts'
import { statsOf, viewOf } from '../../../src/docket/operator/views.ts'
import { isProblem } from '../../../src/lib/problem.ts'
import type { ManyAct } from '../../../src/model/docket-rpc.ts'
import { atOnce } from '../../at-once.ts'
import { firmWith, made, minute, worldOf } from '../once/house.ts'
import type { World } from '../world.ts'

/** A firm tries its rules on real events before it trusts them: what they would do is shown, and nothing is written. */

const shadow = { mode: 'shadow' }
const client = {
  upsert: 'contacts',
  match: ['email_addresses'],
  with: { type: 'Person', last_name: '{{ fields.name }}', email_addresses: [{ address: '{{ fields.email }}' }] },
}
const matter = { create: 'matters', with: { client: '{{ steps.client }}', description: '{{ fields.name }}' } }
const call = {
  create: 'tasks',
  with: { name: 'Call {{ fields.name }}', assignee: 'sam@smith.example', description: 'x' },
}
const tell = { notify: 'intake', text: 'New: {{ fields.name }}' }
const channels = { intake: { url: 'https://hooks.example/intake', secret: '$HOOK' } }
const steps = { client, matter, call, tell }

const writes = (world: World) => world.sandbox.ledger.entries.filter(({ method }) => method !== 'GET')
const send = (world: World, name: string, more: object = {}) =>
  world.deliver('website', { fields: { name, email: `${name.toLowerCase()}@x.example` }, ...more }, `key ${name}`)!
async function sent(world: World, name: string, more: object = {}): Promise<string> {
  const run = send(world, name, more)
  await world.clock.run()
  return run
}
const viewed = (world: World, run: string) => viewOf(world.run(run), world.reader)
const standing = (world: World, ...runs: string[]) => runs.map(run => [world.run(run).state, world.run(run).reasonCode])
async function live(world: World, config = firmWith(steps, { channels })): Promise<void> {
  world.configure(config)
  await world.clock.run()
}
async function all(world: World, act: ManyAct) {
  const { desk, ledger } = world.clerk
  const done = atOnce(forReason(act, { code: 'shadow', version: 'mended' }, desk, ledger, () => {}))
  await world.clock.run()
  return done
}
async function resumed(world: World, run: string): Promise<void> {
  const answer = world.clerk.desk.resume(run, 'mended')
  if (isProblem(answer)) throw new Error(answer.detail)
  await world.clock.run()
}

describe('a run in shadow', () => {
  it('is let go on by a person, never by an agent', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    const run = await sent(world, 'Jane')
    const asks = new Asks(() => world.clerk, new Access(world.clerk.ledger, () => world.clock.now))
    const agent = { role: 'operator', actor: 'agent', agent: 'write' } as const
    expect(asks.kept('resume', run, agent)).toMatchObject({ status: 403 })
    expect(asks.kept('resume', run, { role: 'operator', actor: 'ines' })).toBeNull()
    world.close()
  })

  it('is held with the calls that it would make, names resolved and records looked for, and makes none', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    const run = await sent(world, 'Jane')
    expect(standing(world, run)).toEqual([['held', 'shadow']])
    expect(world.run(run).reason).toBe(
      'The firm is in shadow, so nothing was written. It would make 3 calls that write.',
    )
    const { shadow: shown, steps: begun } = viewed(world, run)
    expect(begun).toEqual([])
    const made = shown!.calls.filter(({ method }) => method !== 'GET')
    expect(made.map(({ step, method, path }) => [step, method, path])).toEqual([
      ['rule/client', 'POST', 'contacts'],
      ['rule/matter', 'POST', 'matters'],
      ['rule/call', 'POST', 'tasks'],
    ])
    expect(made[1]!.body).toMatchObject({ client: { id: '‹client›' }, description: 'Jane' })
    expect(made[2]!.body).toMatchObject({ assignee: { id: expect.any(Number), type: 'User' } })
    expect(shown!.calls.some(({ method, path }) => method === 'GET' && path === 'contacts')).toBe(true)
    expect(shown!.tells).toEqual([{ step: 'rule/tell', to: 'intake', text: 'New: Jane' }])
    expect([writes(world), world.told]).toEqual([[], []])
    world.close()
  })

  it('finds what is there: no second contact is shown for a client that the firm has', async () => {
    const world = worldOf(steps, {}, { channels })
    await sent(world, 'Jane')
    const before = writes(world).length
    world.configure(firmWith(steps, { ...shadow, channels }))
    const fields = { name: 'Jane', email: 'jane@x.example' }
    const run = world.deliver('website', { fields }, 'another')!
    await world.clock.run()
    const paths = viewed(world, run).shadow!.calls.flatMap(({ method, path }) => (method === 'GET' ? [] : path))
    expect(paths).toEqual(['matters', 'tasks'])
    expect(writes(world)).toHaveLength(before)
    world.close()
  })

  it('is the same run when it is delivered again, in shadow and afterwards', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    const run = await sent(world, 'Jane')
    expect(send(world, 'Jane')).toBe(run)
    await live(world)
    expect(send(world, 'Jane')).toBe(run)
    await resumed(world, run)
    expect(send(world, 'Jane')).toBe(run)
    await world.clock.run()
    expect(made(world, 'tasks')).toHaveLength(1)
    world.close()
  })

  it('ends as in life when no rule is for it', async () => {
    const config = firmWith(steps, shadow)
    const rules = (config.rules as object[]).map(rule => ({ ...rule, if: "fields.name != 'Nobody'" }))
    const world = worldOf(steps, {}, { ...shadow, channels, rules })
    expect(standing(world, await sent(world, 'Nobody'))).toEqual([['ignored', 'no-rule']])
    world.close()
  })

  it('says that it would need a person, and is foreseen anew when the rule is mended', async () => {
    const wrong = { call: { ...call, with: { ...call.with, assignee: 'sam@smith.exmaple' } } }
    const world = worldOf(wrong, {}, shadow)
    const run = await sent(world, 'Jane')
    expect(standing(world, run)).toEqual([['held', 'shadow']])
    expect(viewed(world, run).shadow).toMatchObject({ state: 'parked', warnings: [{ code: 'unknown-name' }] })
    expect(world.run(run).reason).toContain('It would need a person')
    world.configure(firmWith({ call }, shadow))
    await resumed(world, run)
    expect(viewed(world, run).shadow).toMatchObject({ state: 'done', warnings: [] })
    expect([standing(world, run), writes(world)]).toEqual([[['held', 'shadow']], []])
    world.close()
  })

  it('is neither open nor late, and found and counted by its reason', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    const runs = [await sent(world, 'Jane'), await sent(world, 'Ann')]
    const { ledger, drain } = world.clerk
    expect(ledger.overview.found({ code: 'shadow' }, 10).map(({ id }) => id)).toEqual(runs.toReversed())
    const stats = statsOf(ledger, drain.turnstile, world.clerk.newest(), world.clock.now)
    expect(stats).toMatchObject({ mode: 'shadow', reasons: { shadow: 2 }, oldestOpenSeconds: null })
    expect(standingOf(ledger, drain.turnstile)).toMatchObject({ open: 0, held: 0, figures: { shadow: 2 } })
    world.close()
  })

  it('stays held when the connection is lost and mended', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    const run = await sent(world, 'Jane')
    const [connection] = world.sandbox.connections.all()
    world.sandbox.connections.expire(connection!, 401)
    const other = send(world, 'Ann')
    await world.clock.run({ until: world.clock.now + minute })
    expect(standing(world, run, other)).toEqual([
      ['held', 'shadow'],
      ['held', 'connection-lost'],
    ])
    world.sandbox.connections.expire(connection!, null)
    await world.clock.run()
    expect(standing(world, run, other)).toEqual([
      ['held', 'shadow'],
      ['held', 'shadow'],
    ])
    expect(writes(world)).toEqual([])
    world.close()
  })

  it('says nothing of the client to whoever has not asked to see', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    const run = await sent(world, 'Jane')
    expect(JSON.stringify(maskedView(viewed(world, run)))).not.toMatch(/jane/i)
    const [row] = world.disk.query('select shadow from runs')
    expect(typeof row!.shadow).toBe('object')
    world.close()
  })
})

describe('of one booking in shadow', () => {
  const booked = {
    meeting: {
      if: "fields.name == 'Booked'",
      create: 'calendar_entries',
      link: 'meeting',
      with: {
        summary: 'Meeting',
        start_at: '2026-12-01T15:00:00Z',
        end_at: '2026-12-01T16:00:00Z',
        calendar_owner: 'sam@smith.example',
      },
    },
    moved: {
      if: "fields.name == 'Moved'",
      update: 'calendar_entries',
      id: '{{ links.meeting }}',
      with: { summary: 'Moved' },
    },
    off: { if: "fields.name == 'Off'", delete: 'calendar_entries', id: '{{ links.meeting }}' },
  }
  const about = { subject: 'the booking' }
  const calls = (world: World, run: string) =>
    viewed(world, run)
      .shadow!.calls.filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`)

  it('later events see what the earlier ones would have made', async () => {
    const world = worldOf(booked, {}, shadow)
    const first = await sent(world, 'Booked', about)
    const second = await sent(world, 'Moved', about)
    const third = await sent(world, 'Off', about)
    expect(calls(world, first)).toEqual(['POST calendar_entries'])
    expect(calls(world, second)).toEqual([`PATCH calendar_entries/‹meeting of ${first}›`])
    expect(calls(world, third)).toEqual([`DELETE calendar_entries/‹meeting of ${first}›`])
    // Called off, it is gone for whoever comes behind.
    const fourth = world.deliver('website', { fields: { name: 'Moved' }, ...about }, 'again')!
    await world.clock.run()
    expect(calls(world, fourth)).toEqual([])
    world.close()
  })

  it('events that came at once do not wait for one another', async () => {
    const world = worldOf(booked, {}, shadow)
    const runs = [send(world, 'Booked', about), send(world, 'Off', about)]
    await world.clock.run()
    expect(standing(world, ...runs)).toEqual([
      ['held', 'shadow'],
      ['held', 'shadow'],
    ])
    world.close()
  })

  it('they go in the order in which they came when they are carried out, whichever is let go first', async () => {
    const world = worldOf(booked, {}, shadow)
    const first = await sent(world, 'Booked', about)
    const second = await sent(world, 'Moved', about)
    await live(world, firmWith(booked))
    await resumed(world, second)
    expect(standing(world, second)).toEqual([['waiting', 'behind-subject']])
    expect(world.run(second).reason).toContain(`run ${first} about the same subject, which is held in shadow`)
    // What comes in live waits too.
    const third = await sent(world, 'Off', about)
    expect(world.run(third).state).toBe('waiting')
    await resumed(world, first)
    expect([first, second, third].map(run => world.run(run).state)).toEqual(['done', 'done', 'done'])
    expect(writes(world).map(({ method }) => method)).toEqual(['POST', 'PATCH', 'DELETE'])
    world.close()
  })

  it('a later one goes on when the earlier one is discarded', async () => {
    const world = worldOf(booked, {}, shadow)
    const first = await sent(world, 'Booked', about)
    const second = await sent(world, 'Off', about)
    await live(world, firmWith(booked))
    await resumed(world, second)
    world.clerk.desk.discard(first)
    await world.clock.run()
    expect([first, second].map(run => world.run(run).state)).toEqual(['discarded', 'done'])
    expect(writes(world)).toEqual([])
    world.close()
  })
})

describe('when the firm goes live', () => {
  const names = ['Jane', 'Ann', 'Eve']

  it('all are carried out with one call, each once, and what they would have told is told', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    for (const name of names) await sent(world, name)
    await live(world)
    expect(writes(world)).toEqual([])
    expect(await all(world, 'resume')).toMatchObject({ refused: [], left: 0 })
    expect(world.runs().map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    expect(made(world, 'contacts').map(({ data }) => data.last_name)).toEqual(names)
    expect([made(world, 'matters').length, made(world, 'tasks').length, world.told.length]).toEqual([3, 3, 3])
    // What they would have done can still be read beside what they did.
    expect(viewed(world, world.runs()[0]!.id)).toMatchObject({ state: 'done', shadow: { state: 'done' } })
    world.close()
  })

  it('some are carried out and the others discarded', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    const runs = []
    for (const name of names) runs.push(await sent(world, name))
    await live(world)
    await resumed(world, runs[1]!)
    expect((await all(world, 'discard')).runs).toHaveLength(2)
    expect(runs.map(run => world.run(run).state)).toEqual(['discarded', 'done', 'discarded'])
    expect(made(world, 'tasks').map(({ data }) => data.name)).toEqual(['Call Ann'])
    world.close()
  })

  it('they are foreseen again, and not carried out, while it is not', async () => {
    const world = worldOf(steps, {}, { ...shadow, channels })
    const run = await sent(world, 'Jane')
    const before = viewed(world, run).shadow!.at
    await world.clock.run({ until: world.clock.now + minute })
    await all(world, 'resume')
    expect([standing(world, run), writes(world)]).toEqual([[['held', 'shadow']], []])
    expect(viewed(world, run).shadow!.at > before).toBe(true)
    world.close()
  })
})

describe('a firm that goes into shadow while runs are under way', () => {
  it('writes nothing more; each goes on where it stood, and makes each record once', async () => {
    const world = worldOf(steps, { latency: [2000, 2000] }, { channels })
    const runs = [send(world, 'Jane'), send(world, 'Ann')]
    while (writes(world).length === 0) await world.clock.run({ until: world.clock.now + 500 })
    world.configure(firmWith(steps, { ...shadow, channels }))
    await world.clock.run()
    const begun = writes(world).length
    expect(begun).toBeGreaterThan(0)
    expect(begun).toBeLessThan(6)
    expect(standing(world, ...runs)).toEqual([
      ['held', 'shadow'],
      ['held', 'shadow'],
    ])
    expect(viewed(world, runs[0]!).shadow!.calls.length + viewed(world, runs[0]!).shadow!.tells.length).toBe(1)
    await world.clock.run({ until: world.clock.now + 60 * minute })
    expect([writes(world).length, world.told.length]).toEqual([begun, 0])
    await live(world)
    await all(world, 'resume')
    expect(runs.map(run => world.run(run).state)).toEqual(['done', 'done'])
    expect([made(world, 'contacts').length, made(world, 'matters').length, made(world, 'tasks').length]).toEqual([
      2, 2, 2,
    ])
    world.close()
  })
})

it('what is held in shadow and nobody decides is told of, and erased when its time is up', async () => {
  const day = 1440 * minute
  const world = worldOf(steps, {}, { ...shadow, channels, alerts: 'intake', retention: { days: 90, parkedDays: 30 } })
  const run = await sent(world, 'Jane')
  await world.clock.run({ until: world.clock.now + 24 * day })
  await world.clerk.wake()
  await world.clock.run({ until: world.clock.now + minute })
  expect(world.told.map(({ type }) => type)).toEqual(['run.expiring'])
  await world.clock.run({ until: world.clock.now + 8 * day })
  await world.clerk.wake()
  expect([world.run(run).state, world.run(run).event, world.run(run).shadow]).toEqual(['discarded', null, null])
  world.close()
})
