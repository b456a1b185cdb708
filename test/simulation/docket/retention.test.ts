import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { everything } from '../operator/everything.ts'
import { Firm, firm, newPerson, people, rule } from './firm.ts'

/** What is removed when its time is up. */

const day = 86_400_000

describe('retention', () => {
  it('removes what was said of runs that ended long ago, and keeps that they were', async () => {
    const world = new Firm(people)
    const ids = world.many(5, 'person', n => ({ name: `N${n}` }))
    await world.passes(60_000)
    await world.clock.run({ until: world.clock.now + 91 * day })
    await world.clerk.wake()
    for (const id of ids) {
      expect(world.run(id)).toMatchObject({ state: 'done', event: null })
      expect(world.clerk.ledger.attempts.of(id).every(({ request, answer }) => !request.body && answer === null)).toBe(
        true,
      )
    }
  })

  it('touches each run once: the next visit finds nothing to do', async () => {
    const world = new Firm(people)
    world.many(5, 'person', n => ({ name: `N${n}` }))
    await world.passes(60_000)
    await world.clock.run({ until: world.clock.now + 91 * day })
    await world.clerk.wake()
    const written: string[] = []
    world.disk.watch = query => {
      if (/^\s*(update|delete from) (runs|events|steps|attempts)/i.test(query) && !/run is null/.test(query))
        written.push(query)
    }
    await world.clerk.wake()
    expect(written).toEqual([])
  })

  it('takes a few hundred at a time, and goes through all of them in one visit', async () => {
    const world = new Firm(people)
    const ids = world.many(450, 'ignored', n => ({ n }))
    await world.passes(60_000)
    await world.clock.run({ until: world.clock.now + 91 * day })
    const waking = world.clerk.wake()
    await world.clock.run({ until: world.clock.now + 1000 })
    await waking
    expect(ids.filter(id => world.run(id).event !== null)).toEqual([])
  })
})

/** A firm that is told of what waits: one rule stops on purpose, one changes what was there. */
const marks = ['Marchbanks', 'jane@marchbanks', '_id-4711', 'a secret story']
const jane = {
  first_name: 'Jane',
  last_name: 'Marchbanks',
  email: 'jane@marchbanks.example',
  phone: null,
  company: null,
}
const told: JsonObject = {
  channels: { office: { url: 'https://office.example/hook', secret: '$OFFICE' } },
  alerts: 'office',
}
const waiting = (more: JsonObject = {}) =>
  new Firm(
    firm(
      [
        rule('stops', 'odd', { stop: { park: 'Look at {{ fields.name }}' } }),
        rule('people', 'person', { person: newPerson, tell: { notify: 'office', text: 'New: {{ fields.name }}' } }),
        rule('named', 'renamed', {
          it: { update: 'contacts', id: '{{ fields.id }}', with: { last_name: '{{ fields.name }}' } },
        }),
      ],
      { ...told, ...more },
    ),
  )
const fields = { name: 'Marchbanks', _id: '_id-4711', story: 'a secret story' }
const about = { person: jane, data: fields }
const left = (world: Firm) => marks.filter(mark => everything(world).includes(mark))
async function visited(world: Firm, ms: number): Promise<void> {
  await world.passes(ms)
  const waking = world.clerk.wake()
  await world.passes(60_000)
  await waking
}

describe('a look into Clio that no run asked for', () => {
  it('leaves nothing of whom was looked for, nor of what Clio said to it', async () => {
    const world = waiting()
    world.comes('person', fields, about)
    await world.passes(60_000)
    const sought = 'Quackenbush'
    const asked = async (query: Record<string, string>) => {
      const reading = world.clerk.drain.reads.read({ method: 'GET', path: 'contacts', query })
      await world.passes(1000)
      return reading
    }
    expect(await asked({ query: sought, fields: 'id' })).toMatchObject({ kind: 'applied' })
    expect(await asked({ fields: sought })).toMatchObject({ message: expect.stringContaining(sought) })
    expect(everything(world)).not.toContain(sought)
  })
})

describe('a run that nobody decides', () => {
  it('is told of once, a week before its end; then it is closed, and says nothing any more', async () => {
    const world = waiting()
    const run = world.comes('odd', fields, about)
    await visited(world, 172 * day)
    expect(world.told.filter(({ type }) => type === 'run.expiring')).toEqual([])
    await visited(world, 2 * day)
    await visited(world, 3 * day)
    const [warning, ...more] = world.told.filter(({ type }) => type === 'run.expiring')
    expect([warning?.data, more]).toMatchObject([{ run, code: 'by-rule', endpoint: 'hooks' }, []])
    expect(JSON.stringify(world.told)).not.toMatch(/Marchbanks|secret/)
    expect(world.run(run).state).toBe('parked')
    await visited(world, 5 * day)
    expect(world.run(run)).toMatchObject({ state: 'discarded', reasonCode: 'by-rule', event: null })
    expect(left(world)).toEqual([])
    expect(world.reader.audit.list(1, null, false)).toMatchObject([{ actor: 'docketed', action: 'run.expired', run }])
    expect(world.deliver('hooks', { type: 'odd', fields }, 'key 1')).toBe(run)
  })

  it('is told of a week before in any case: days that were shortened since do not end it at once', async () => {
    const world = waiting()
    const run = world.comes('odd', fields)
    await visited(world, 60 * day)
    world.configure(
      firm([rule('stops', 'odd', { stop: { park: 'Look' } })], { ...told, retention: { parkedDays: 30 } }),
    )
    await visited(world, 0)
    await visited(world, 6 * day)
    expect([world.run(run).state, world.told.map(({ type }) => type).at(-1)]).toEqual(['parked', 'run.expiring'])
    await visited(world, 2 * day)
    expect(world.run(run).state).toBe('discarded')
  })

  it('begins anew when somebody looked at it, and frees what waited behind it when it ends', async () => {
    const world = waiting()
    const run = world.comes('odd', fields, { subject: 'b' })
    const behind = world.comes('person', { name: 'Next' }, { subject: 'b' })
    await visited(world, 174 * day)
    world.operate(({ desk }) => desk.resume(run, 'own'))
    await world.passes(60_000)
    expect([world.run(run).state, world.run(behind).state]).toEqual(['done', 'done'])
    const again = world.comes('odd', fields, { subject: 'b' })
    const next = world.comes('person', { name: 'Later' }, { subject: 'b' })
    await visited(world, 174 * day)
    expect(world.run(again).state).toBe('parked')
    await visited(world, 8 * day)
    expect([world.run(again).state, world.run(next).state]).toEqual(['discarded', 'done'])
  })
})

describe('after the days', () => {
  it('nothing of an event is left, in no table: sealed or not, parked or done, told or not', async () => {
    const world = waiting({ retention: { days: 30, parkedDays: 20 } })
    const [made, , spam] = [
      world.comes('person', fields, { ...about, message: 'a secret story '.repeat(500) }),
      world.comes('odd', fields, about),
      world.comes('nobody', fields, about),
    ]
    await world.passes(60_000)
    const [contact] = world.sandbox.account('smith').all('contacts').slice(-1)
    world.comes('renamed', { ...fields, name: 'Marchbanks-Lee', id: Number(contact!.id) }, { ...about, subject: 's' })
    await world.passes(60_000)
    expect(world.disk.query('select 1 from attempts where before is not null')).toHaveLength(1)
    expect([made, spam].map(id => world.run(id).state)).toEqual(['done', 'ignored'])
    expect(left(world)).toEqual(marks)
    expect(world.disk.query('select run from events')).toEqual([{ run: made }])
    for (let week = 0; week < 6; week++) await visited(world, 7 * day)
    expect(left(world)).toEqual([])
    expect(world.disk.query('select run from events')).toEqual([])
    expect(world.disk.query('select 1 from attempts where before is not null')).toEqual([])
    for (const table of ['terms', 'timers', 'source_memory', 'notices'])
      expect(world.disk.query(`select * from ${table}`), table).toEqual([])
    expect(world.runs().map(run => [run.event, run.erasedAt !== null])).toEqual(Array(4).fill([null, true]))
  })

  it('what a source knows of a booking goes when the booking is long over; of one to come it stays', async () => {
    const world = waiting()
    const { sourceMemory } = world.reader
    const known = (end: string) => ({ hash: 'x', count: 1, canceled: false, end })
    sourceMemory.remember('hooks', { 'booking x 1': known('2026-11-25T10:00:00Z'), sync: 'token' }, world.clock.now)
    sourceMemory.remember('hooks', { 'booking x 2': known('2027-06-01T10:00:00Z') }, world.clock.now)
    await visited(world, 92 * day)
    expect([...sourceMemory.recallAll('hooks', '').keys()].sort()).toEqual(['booking x 2', 'sync'])
  })
})
