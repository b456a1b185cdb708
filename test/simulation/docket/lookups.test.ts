import { describe, expect, it, vi } from 'vitest'
import { Runs } from '../../../src/docket/ledger/run/runs.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { Firm, firm, people, rule, samePerson, task } from './firm.ts'

const roomy = { sandbox: { limit: { requests: 1000, seconds: 60 } } }
const wide = { pace: { requests: 1000, seconds: 60 } }

describe('look-ups that runs share', () => {
  it('sixty runs that need the list of users ask for it once', async () => {
    const world = new Firm(firm([rule('r', 'person', { call: task })], wide), roomy)
    world.many(60, 'person', n => ({ name: `N${n}` }))
    await world.passes(60_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    expect(world.called('GET', 'users')).toHaveLength(1)
    expect(world.called('POST', 'tasks')).toHaveLength(60)
  })

  it('a list whose answer is lost is asked for again, and nobody hangs on it', async () => {
    const world = new Firm(firm([rule('r', 'person', { call: task })], wide), roomy)
    world.sandbox.trouble.add({ method: 'GET', path: '^users$', times: 2, action: { do: 'drop' } })
    world.many(10, 'person', n => ({ name: `N${n}` }))
    await world.passes(60_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    expect(world.called('GET', 'users').length).toBeLessThanOrEqual(3)
  })

  it('a lost answer to a look-up is no unknown write: it is simply asked again', async () => {
    const world = new Firm(firm([rule('r', 'person', { client: samePerson })]))
    world.sandbox.trouble.add({ method: 'GET', times: 1, action: { do: 'lose' } })
    const id = world.comes('person', { name: 'A', email: 'a@x.example' })
    await world.passes(10_000)
    expect(world.run(id).state).toBe('done')
  })
})

describe('equal requests', () => {
  it('wait for each other while one is under way, and each makes its own record', async () => {
    const world = new Firm(people, { latency: [2000, 2000] })
    const ids = world.many(3, 'person', () => ({ name: 'Same' }))
    await world.passes(1500)
    expect(world.called('POST', 'contacts')).toHaveLength(1)
    expect(ids.map(id => world.run(id).state)).toEqual(['running', 'waiting', 'waiting'])
    await world.passes(60_000)
    expect(world.stand('contacts', 'last_name')).toEqual(['Same', 'Same', 'Same'])
  })

  it('the one whose answer is lost is not given the record of another (I2)', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'drop' } })
    world.many(3, 'person', () => ({ name: 'Same' }))
    await world.passes(600_000)
    expect(world.states()).toEqual(['done', 'done', 'done'])
    expect(world.stand('contacts', 'last_name')).toEqual(['Same', 'Same', 'Same'])
    const made = world.runs().map(run => world.clerk.ledger.attempts.of(run.id).find(one => one.record)?.record)
    expect(new Set(made).size).toBe(3)
  })

  it('go one after another, and are not all worked out anew whenever one has ended (I9)', async () => {
    const world = new Firm({ ...people, ...wide }, { ...roomy, latency: [2000, 2000] })
    const waits = vi.spyOn(Runs.prototype, 'setBehind')
    const ids = world.many(30, 'person', () => ({ name: 'Same' }))
    await world.passes(2500)
    const [first, second, third] = ids
    expect(world.run(first!).state).toBe('done')
    expect(world.run(third!)).toMatchObject({
      state: 'waiting',
      reason: `Waiting for run ${second}, which waited before it for run ${first}.`,
    })
    await world.passes(120_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    expect(waits.mock.calls.length).toBeLessThan(2 * ids.length)
    waits.mockRestore()
  })

  it('the one that is next parks, is discarded or waits itself: those behind it go on', async () => {
    const world = new Firm(people, { latency: [2000, 2000] })
    const ids = world.many(5, 'person', () => ({ name: 'Same' }))
    await world.passes(1500)
    world.discard(ids[1]!)
    world.sandbox.trouble.add({ method: 'POST', path: '^contacts$', times: 1, action: { do: 'fail', status: 422 } })
    await world.passes(60_000)
    expect(ids.map(id => world.run(id).state)).toEqual(['done', 'discarded', 'parked', 'done', 'done'])
  })

  it('different ones do not wait', async () => {
    const world = new Firm(people, { latency: [2000, 2000] })
    world.many(3, 'person', n => ({ name: `N${n}` }))
    await world.passes(1500)
    expect(world.called('POST', 'contacts')).toHaveLength(3)
  })

  it('the other ends in the very moment in which somebody begins to wait for it: nobody waits for ever', async () => {
    for (let latency = 20; latency < 40; latency += 2) {
      const world = new Firm(people, { latency: [latency, latency + 6], seed: latency })
      world.many(12, 'person', n => ({ name: `N${n % 3}` }))
      await world.passes(60_000)
      expect(new Set(world.states())).toEqual(new Set(['done']))
      world.close()
    }
  })
})

describe('upserts of one person', () => {
  const config = firm([rule('r', 'person', { client: samePerson })])
  const jane = { name: 'Roe', email: 'jane@x.example' }

  it('ten forms make one contact', async () => {
    const world = new Firm(config)
    world.many(10, 'person', () => jane)
    await world.passes(120_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    expect(world.stand('contacts', 'last_name')).toEqual(['Roe'])
  })

  it('the lock stands while it is unknown whether the contact was made, across a crash', async () => {
    const world = new Firm(config)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'late', ms: 60_000 } })
    const first = world.comes('person', jane)
    await world.passes(2000)
    expect(world.run(first)).toMatchObject({ state: 'waiting', phase: 'settle' })
    world.kill()
    world.restart()
    await world.passes(2000)
    const other = world.comes('person', jane)
    await world.passes(30_000)
    expect(world.run(other)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(first) })
    await world.passes(120_000)
    expect(world.states()).toEqual(['done', 'done'])
    expect(world.stand('contacts', 'last_name')).toEqual(['Roe'])
  })

  it('a run that is parked while it holds the lock lets go of it', async () => {
    const world = new Firm(config)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 403 } })
    const [first, other] = world.many(2, 'person', () => jane)
    await world.passes(30_000)
    expect(world.run(first!).state).toBe('parked')
    expect(world.run(other!).state).toBe('done')
    world.resume(first!)
    await world.passes(30_000)
    expect(world.run(first!).state).toBe('done')
    expect(world.stand('contacts', 'last_name')).toEqual(['Roe'])
  })

  it('resumed at once, the parked one does not rest upon what it read before', async () => {
    const world = new Firm(config)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 403 } })
    const [first, other] = world.many(2, 'person', () => jane)
    await world.clock.run({ enough: () => world.run(other!).state === 'done' })
    world.resume(first!)
    await world.passes(30_000)
    expect(world.run(first!).state).toBe('done')
    expect(world.stand('contacts', 'last_name')).toEqual(['Roe'])
  })

  it('discarding the one that holds the lock frees the others, once what it left in the air would have landed', async () => {
    const world = new Firm(config)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'drop' } })
    const [first, other] = world.many(2, 'person', () => jane)
    await world.passes(5000)
    expect(world.run(other!).state).toBe('waiting')
    world.discard(first!)
    await world.passes(60_000)
    expect(world.run(other!)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(first!) })
    await world.passes(60_000)
    expect(world.run(other!).state).toBe('done')
  })

  it('one that is next and meets trouble holds up nobody with whom it shares nothing', async () => {
    const both = { ...samePerson, match: ['email_addresses', 'phone_numbers'], existing: 'extend' }
    const values = {
      ...(samePerson.with as JsonObject),
      phone_numbers: [{ name: 'Work', number: '{{ fields.phone }}' }],
    }
    const world = new Firm(firm([rule('r', 'person', { client: { ...both, with: values } })]), {
      latency: [2000, 2000],
    })
    const a = world.comes('person', { ...jane, phone: '+1 212 555 0101' })
    await world.passes(5000)
    const b = world.comes('person', { ...jane, phone: '+1 212 555 0102' })
    const c = world.comes('person', { name: 'Roe', phone: '+1 212 555 0101' })
    await world.passes(1500)
    expect([a, b, c].map(id => world.run(id).reasonCode)).toEqual([null, 'behind-step', 'behind-step'])
    world.sandbox.trouble.add({ method: 'PATCH', path: '^contacts/', action: { do: 'fail', status: 503 } })
    await world.passes(600_000)
    expect([a, b, c].map(id => world.run(id).state)).toEqual(['done', 'waiting', 'done'])
    expect(world.run(b).reasonCode).toBe('answer-lost')
  })

  it('people who share nothing do not wait for each other', async () => {
    const world = new Firm(config)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'drop' } })
    world.comes('person', jane)
    await world.passes(2000)
    const other = world.comes('person', { name: 'Doe', email: 'john@x.example' })
    await world.passes(20_000)
    expect(world.run(other).state).toBe('done')
  })
})
