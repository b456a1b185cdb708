import { describe, expect, it } from 'vitest'
import { forReason } from '../../../src/docket/operator/mending/many.ts'
import { atOnce } from '../../at-once.ts'
import { Firm, firm, newPerson, rule } from './firm.ts'

const meeting = {
  start_at: '2026-12-01T15:00:00Z',
  end_at: '2026-12-01T16:00:00Z',
  calendar_owner: 'sam@smith.example',
}
const calendar = firm([
  rule('booked', 'created', {
    meeting: { create: 'calendar_entries', link: 'meeting', with: { summary: '{{ fields.title }}', ...meeting } },
  }),
  rule('moved', 'moved', {
    meeting: { update: 'calendar_entries', id: '{{ links.meeting }}', with: { summary: '{{ fields.title }}' } },
  }),
  rule('called-off', 'canceled', { meeting: { delete: 'calendar_entries', id: '{{ links.meeting }}' } }),
  rule('seen', 'person', { person: newPerson }),
])
const about = (subject: string, more: { follows?: string; time?: string } = {}) => ({ subject, ...more })

describe('events about one subject', () => {
  it('are carried out in the order they came, each upon what the one before made', async () => {
    const world = new Firm(calendar)
    world.comes('created', { title: 'First talk' }, about('booking 1'))
    world.comes('moved', { title: 'Second talk' }, about('booking 1'))
    world.comes('canceled', {}, about('booking 1'))
    await world.passes(60_000)
    expect(world.states()).toEqual(['done', 'done', 'done'])
    const writes = world.calls.filter(call => call.method !== 'GET').map(call => `${call.method} ${call.status}`)
    expect(writes).toEqual(['POST 201', 'PATCH 200', 'DELETE 204'])
    expect(world.stand('calendar_entries', 'summary')).toEqual([])
  })

  it('of two subjects each knows its own record', async () => {
    const world = new Firm(calendar)
    for (const n of [1, 2]) world.comes('created', { title: `Talk ${n}` }, about(`booking ${n}`))
    await world.passes(60_000)
    world.comes('canceled', {}, about('booking 1'))
    await world.passes(60_000)
    expect(world.stand('calendar_entries', 'summary')).toEqual(['Talk 2'])
  })

  it('an update or delete whose record was never made has nothing to do, and is done', async () => {
    const world = new Firm(calendar)
    const id = world.comes('canceled', {}, about('booking 9'))
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'done' })
    expect(world.calls).toHaveLength(0)
  })

  it('do not wait for events about another', async () => {
    const world = new Firm(calendar)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 403 } })
    const first = world.comes('created', { title: 'A' }, about('booking 1'))
    await world.passes(10_000)
    const other = world.comes('created', { title: 'B' }, about('booking 2'))
    await world.passes(10_000)
    expect([world.run(first).state, world.run(other).state]).toEqual(['parked', 'done'])
  })
})

describe('a replay of an event that a person has to look at', () => {
  const parked = async () => {
    const world = new Firm(calendar)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 422 } })
    const first = world.comes('created', { title: 'Talk' }, about('booking 1'))
    await world.passes(10_000)
    const off = world.comes('canceled', {}, about('booking 1'))
    await world.passes(10_000)
    return { world, first, off }
  }

  it('goes before those that came behind it: what was called off meanwhile does not stand', async () => {
    const { world, off } = await parked()
    atOnce(forReason('replay', { code: 'refused', version: 'mended' }, world.clerk.desk, world.reader, () => {}))
    await world.passes(60_000)
    expect(world.states()).toEqual(['discarded', 'done', 'done'])
    expect(world.called('DELETE', 'calendar_entries/\\d+')).toHaveLength(1)
    expect([world.run(off).state, world.stand('calendar_entries', 'summary')]).toEqual(['done', []])
  })

  it('twice is waited for like any other, and nobody waits in a ring', async () => {
    const { world, first, off } = await parked()
    const replays = [world.replay(first).id, world.replay(first).id]
    const later = world.comes('created', { title: 'Another' }, about('booking 1'))
    await world.passes(10_000)
    expect(world.run(off)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(replays[0]!) })
    world.discard(first)
    await world.passes(60_000)
    expect([...replays, off, later].map(id => world.run(id).state)).toEqual(['done', 'done', 'done', 'done'])
    expect(world.stand('calendar_entries', 'summary')).toContain('Another')
  })
})

describe('a subject that follows another', () => {
  it('goes on with its record: a booking that was moved to a new id', async () => {
    const world = new Firm(calendar)
    world.comes('created', { title: 'Old' }, about('old'))
    world.comes('moved', { title: 'New' }, about('new', { follows: 'old' }))
    await world.passes(60_000)
    expect(world.stand('calendar_entries', 'summary')).toEqual(['New'])
    world.comes('canceled', {}, about('new'))
    await world.passes(60_000)
    expect(world.stand('calendar_entries', 'summary')).toEqual([])
  })

  it('whichever of the two comes first', async () => {
    const world = new Firm(calendar)
    world.comes('created', { title: 'New' }, about('new', { follows: 'old' }))
    world.comes('canceled', {}, about('old'))
    await world.passes(60_000)
    expect(world.stand('calendar_entries', 'summary')).toEqual([])
  })

  it('waits for both when they were two until then', async () => {
    const world = new Firm(calendar)
    world.sandbox.trouble.add({ method: 'POST', times: 2, action: { do: 'fail', status: 403 } })
    const [old, own] = [
      world.comes('person', { name: 'A' }, about('old')),
      world.comes('person', { name: 'B' }, about('new')),
    ]
    await world.passes(10_000)
    const joined = world.comes('person', { name: 'C' }, about('new', { follows: 'old' }))
    expect(world.run(joined)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(own) })
    world.resume(own)
    await world.passes(10_000)
    expect(world.run(joined)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(old) })
    world.resume(old)
    await world.passes(10_000)
    expect(world.stand('contacts', 'last_name')).toEqual(['B', 'A', 'C'])
  })
})

describe('an event older than one already carried out', () => {
  const early = { time: '2026-11-24T10:00:00Z' }
  const late = { time: '2026-11-24T11:00:00+00:00' }

  it('ends ignored, overtaken', async () => {
    const world = new Firm(calendar)
    world.comes('created', { title: 'As it is' }, about('b', late))
    await world.passes(60_000)
    const old = world.comes('moved', { title: 'As it was' }, about('b', early))
    await world.passes(60_000)
    expect(world.run(old)).toMatchObject({ state: 'ignored', reason: expect.stringContaining('Overtaken') })
    expect(world.stand('calendar_entries', 'summary')).toEqual(['As it is'])
  })

  it('not when the later one was discarded: it was not carried out', async () => {
    const world = new Firm(calendar)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 403 } })
    const later = world.comes('created', { title: 'Later' }, about('b', late))
    const old = world.comes('created', { title: 'Earlier' }, about('b', early))
    await world.passes(10_000)
    world.discard(later)
    await world.passes(10_000)
    expect(world.run(old).state).toBe('done')
  })

  it('also when the subjects were joined afterwards', async () => {
    const world = new Firm(calendar)
    world.comes('person', { name: 'A' }, about('new', late))
    await world.passes(10_000)
    const joined = world.comes('person', { name: 'B' }, about('new', { follows: 'old', ...early }))
    await world.passes(10_000)
    expect(world.run(joined).state).toBe('ignored')
  })

  it('a time that is none overtakes nobody and harms nobody', async () => {
    const world = new Firm(calendar)
    const odd = world.comes('person', { name: 'A' }, about('b', { time: 'yesterday' }))
    await world.passes(60_000)
    const next = world.comes('person', { name: 'B' }, about('b', early))
    await world.passes(60_000)
    expect([world.run(odd).state, world.run(next).state]).toEqual(['done', 'done'])
    expect(world.log).toEqual([])
  })

  it('a replay is carried out on purpose, however old', async () => {
    const world = new Firm(calendar)
    const first = world.comes('person', { name: 'A' }, about('b', early))
    world.comes('person', { name: 'B' }, about('b', late))
    await world.passes(60_000)
    const again = world.replay(first).id
    await world.passes(60_000)
    expect(world.run(again).state).toBe('done')
  })
})

describe('runs behind a parked one', () => {
  async function parked(count: number) {
    const world = new Firm(calendar)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 403 } })
    const ids = Array.from({ length: count }, (_, n) => world.comes('person', { name: `N${n}` }, about('s')))
    await world.passes(10_000)
    return { world, ids: ids as [string, ...string[]] }
  }

  it('wait, name it, and say what to do', async () => {
    const { world, ids } = await parked(2)
    const [first, second] = ids
    expect(world.run(first).state).toBe('parked')
    expect(world.run(second!)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(first) })
    expect(world.run(second!).reason).toContain('resume or discard')
    await world.passes(86_400_000)
    expect(world.run(second!).state).toBe('waiting')
  })

  it('go on, in order, when it is resumed', async () => {
    const { world, ids } = await parked(3)
    world.resume(ids[0])
    expect(world.run(ids[1]!).reason).not.toContain('parked')
    await world.passes(10_000)
    expect(world.states()).toEqual(['done', 'done', 'done'])
    expect(world.stand('contacts', 'last_name')).toEqual(['N0', 'N1', 'N2'])
  })

  it('go on, in order, when it is discarded', async () => {
    const { world, ids } = await parked(3)
    world.discard(ids[0])
    await world.passes(10_000)
    expect(world.stand('contacts', 'last_name')).toEqual(['N1', 'N2'])
  })

  it('one discarded in the middle stays discarded when those before it end (I4)', async () => {
    const { world, ids } = await parked(3)
    world.discard(ids[1]!)
    expect(world.run(ids[2]!)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(ids[0]) })
    world.resume(ids[0])
    await world.passes(60_000)
    expect(world.states()).toEqual(['done', 'discarded', 'done'])
    expect(world.stand('contacts', 'last_name')).toEqual(['N0', 'N2'])
  })

  it('a replay of the parked one waits behind it like any other', async () => {
    const { world, ids } = await parked(1)
    const again = world.replay(ids[0]).id
    await world.passes(10_000)
    expect(world.run(again)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(ids[0]) })
    world.discard(ids[0])
    await world.passes(10_000)
    expect(world.run(again).state).toBe('done')
    expect(world.stand('contacts', 'last_name')).toEqual(['N0'])
  })
})
