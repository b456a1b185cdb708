import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { Firm, firm, newPerson, people, rule, samePerson } from './firm.ts'

const second = (name: string): JsonObject => ({
  create: 'contacts',
  with: { type: 'Person', first_name: 'Co', last_name: name },
})

/** Until Clio takes it: a call that it refuses with 403. */
const forbidden = { method: 'POST', times: 1, action: { do: 'fail', status: 403, message: 'Not allowed.' } } as const

describe('a refusal that concerns one run', () => {
  it('403 parks that run alone, with Clio’s own words', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add(forbidden)
    const ids = world.many(3, 'person', n => ({ name: `N${n}` }))
    await world.passes(60_000)
    expect(world.states().toSorted()).toEqual(['done', 'done', 'parked'])
    const parked = world.run(ids.find(id => world.run(id).state === 'parked')!)
    expect(parked.reason).toContain('Not allowed.')
    expect(world.clerk.ledger.meta.get('hold')).toBeNull()
  })

  it('a parked run is left alone for good: no alarm, no call', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add(forbidden)
    world.comes('person', { name: 'A' })
    await world.passes(60_000)
    const calls = world.calls.length
    expect(world.clerk.hasWork()).toBe(false)
    await world.passes(30 * 86_400_000)
    expect(world.calls).toHaveLength(calls)
  })
})

describe('resume', () => {
  it('goes on at the step that parked, with what the steps before it made', async () => {
    const two = firm([rule('two', 'person', { one: newPerson, other: second('{{ steps.one.id }}') })])
    const world = new Firm(two)
    world.sandbox.trouble.add({ ...forbidden, skip: 1 })
    const id = world.comes('person', { name: 'A' })
    await world.passes(60_000)
    expect(world.run(id).state).toBe('parked')
    world.resume(id)
    await world.passes(60_000)
    expect(world.run(id).state).toBe('done')
    const [, made] = world.stand('contacts', 'last_name')
    expect(world.stand('contacts', 'last_name')).toEqual(['A', made])
    expect(made).toMatch(/^\d+$/)
  })

  it('with the mended configuration carries out the step as it reads now', async () => {
    const doubtful = { ...second('Wrong'), if: 'int(steps.one.etag + "x") > 0' }
    const world = new Firm(firm([rule('r', 'person', { one: newPerson, other: doubtful })]))
    const id = world.comes('person', { name: 'A' })
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'parked', version: 1 })
    world.configure(firm([rule('r', 'person', { one: second('Not again'), other: second('Right') })]))
    world.resume(id, 'own')
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'parked', version: 1 })
    world.resume(id, 'mended')
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'done', version: 2 })
    expect(world.stand('contacts', 'last_name')).toEqual(['A', 'Right'])
  })

  it('says so when the mended configuration has no such step any more', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add(forbidden)
    const id = world.comes('person', { name: 'A' })
    await world.passes(60_000)
    world.configure(firm([rule('other', 'person', { somebody: newPerson })]))
    world.resume(id, 'mended')
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('people/person') })
  })

  it('reads anew what a person has mended in Clio meanwhile, however fast', async () => {
    const world = new Firm(firm([rule('r', 'person', { client: samePerson })]))
    const store = world.sandbox.account('smith')
    const twin = () =>
      store.insert('contacts', {
        type: 'Person',
        first_name: 'Pat',
        last_name: 'A',
        email_addresses: [{ id: store.nextId(), name: 'Work', address: 'a@x.example' }],
      })
    const [, merged] = [twin(), twin()]
    const id = world.comes('person', { name: 'A', email: 'a@x.example' })
    await world.passes(5000)
    expect(world.run(id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('merge') })
    store.remove(merged)
    world.resume(id)
    await world.passes(5000)
    expect(world.run(id).state).toBe('done')
  })

  it.each(['done', 'discarded'])('a run that is %s cannot be resumed', async state => {
    const world = new Firm(people)
    const id = world.comes('person', { name: 'A' })
    if (state === 'discarded') world.discard(id)
    await world.passes(60_000)
    expect(world.clerk.desk.resume(id, 'own')).toMatchObject({ status: 409, code: 'wrong-state' })
    expect(world.run(id).state).toBe(state)
  })

  it('after a day in vain the run parks; resumed at once, it still lets a late write land first (I2)', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add({ method: 'POST', action: { do: 'drop' } })
    const id = world.comes('person', { name: 'A' })
    await world.clock.run({ enough: () => world.run(id).state === 'parked' })
    expect(world.run(id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('a day of trying') })
    world.sandbox.trouble.clear()
    // What the last call asked for is done only now.
    const store = world.sandbox.account('smith')
    world.clock.in(60_000, () => void store.insert('contacts', { type: 'Person', first_name: 'Pat', last_name: 'A' }))
    world.resume(id)
    await world.passes(200_000)
    expect(world.run(id).state).toBe('done')
    expect(world.stand('contacts', 'last_name')).toEqual(['A'])
  })
})

describe('a step that parks on purpose', () => {
  const stop = { if: "fields.stop == 'yes'", park: 'A conflict: {{ fields.name }}' }
  const config = firm([rule('r', 'person', { stop, person: newPerson })])

  it('parks with its words, and resume is the answer that it waited for', async () => {
    const world = new Firm(config)
    const id = world.comes('person', { name: 'A', stop: 'yes' })
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'parked', reason: 'A conflict: A' })
    expect(world.calls).toHaveLength(0)
    world.resume(id)
    await world.passes(60_000)
    expect(world.run(id).state).toBe('done')
    expect(world.stand('contacts', 'last_name')).toEqual(['A'])
  })

  it('does nothing when its condition does not hold', async () => {
    const world = new Firm(config)
    const id = world.comes('person', { name: 'A', stop: 'no' })
    await world.passes(60_000)
    expect(world.run(id).state).toBe('done')
  })

  it('as the last step of all leads to done', async () => {
    const world = new Firm(firm([rule('r', 'person', { person: newPerson, stop: { park: 'Look at it.' } })]))
    const id = world.comes('person', { name: 'A' })
    await world.passes(60_000)
    expect(world.run(id).state).toBe('parked')
    world.resume(id)
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'done', reason: null })
    expect(world.stand('contacts', 'last_name')).toEqual(['A'])
  })

  it('is not passed when its condition could not be worked out: nobody has answered it', async () => {
    const faulty = firm([rule('r', 'person', { stop: { ...stop, if: 'int(fields.stop) > 0' }, person: newPerson })])
    const world = new Firm(faulty)
    const id = world.comes('person', { name: 'A', stop: 'yes' })
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('cannot be worked out') })
    world.configure(config)
    world.resume(id, 'mended')
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'parked', reason: 'A conflict: A' })
    expect(world.calls).toHaveLength(0)
  })
})

describe('replay', () => {
  it('makes new records on purpose, as a new run of the newest configuration (I6)', async () => {
    const world = new Firm(people)
    const id = world.comes('person', { name: 'A' })
    await world.passes(60_000)
    world.configure(firm([rule('people', 'person', { person: second('Anew') })]))
    const again = world.replay(id)
    expect(again).toMatchObject({ replayOf: id, version: 2, key: null })
    await world.passes(60_000)
    expect(world.run(again.id).state).toBe('done')
    expect(world.stand('contacts', 'last_name')).toEqual(['A', 'Anew'])
  })

  it('leaves the key with the first run: a redelivery still makes nothing', async () => {
    const world = new Firm(people)
    const id = world.deliver('hooks', { type: 'person', fields: { name: 'A' } }, 'the key')!
    await world.passes(60_000)
    world.replay(id)
    await world.passes(60_000)
    expect(world.deliver('hooks', { type: 'person', fields: { name: 'A' } }, 'the key')).toBe(id)
    expect(world.stand('contacts', 'last_name')).toEqual(['A', 'A'])
  })
})

describe('discard', () => {
  it('is refused while a call is under way: what it does would be nobody’s', async () => {
    const world = new Firm(people, { latency: [2000, 2000] })
    const id = world.comes('person', { name: 'A' })
    await world.passes(1000)
    expect(world.clerk.desk.discard(id)).toMatchObject({ status: 409, code: 'call-under-way' })
    await world.passes(5000)
    expect(world.run(id).state).toBe('done')
  })

  it('of a run that waits for its turn at the pace: none of its calls goes any more', async () => {
    const world = new Firm(
      firm([rule('people', 'person', { person: newPerson })], { pace: { requests: 1, seconds: 1 } }),
    )
    const [first, other] = world.many(2, 'person', n => ({ name: `N${n}` }))
    await world.passes(500)
    expect(world.run(first!).state).toBe('done')
    world.discard(other!)
    await world.passes(60_000)
    expect(world.run(other!).state).toBe('discarded')
    expect(world.stand('contacts', 'last_name')).toEqual(['N0'])
  })

  it('of a run whose call is unknown frees those who waited for it', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'drop' } })
    const [first, equal] = world.many(2, 'person', () => ({ name: 'Same' }))
    await world.passes(5000)
    expect(world.run(first!)).toMatchObject({ state: 'waiting', phase: 'settle' })
    expect(world.run(equal!)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(first!) })
    world.discard(first!)
    await world.passes(60_000)
    expect([world.run(first!).state, world.run(equal!).state]).toEqual(['discarded', 'done'])
  })

  it('and nobody who comes later waits for it, or spins', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'drop' } })
    const first = world.comes('person', { name: 'Same' })
    await world.passes(5000)
    world.discard(first)
    const equal = world.comes('person', { name: 'Same' })
    let steps = 0
    await world.clock.run({ until: world.clock.now + 5000, check: () => steps++ })
    expect(world.run(equal).state).toBe('done')
    expect(steps).toBeLessThan(50)
  })

  it.each(['parked', 'waiting', 'held'])('closes a run that is %s, for good', async state => {
    const world = new Firm(people)
    if (state === 'parked') world.sandbox.trouble.add(forbidden)
    if (state === 'waiting') world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'drop' } })
    if (state === 'held') world.expire(401)
    const id = world.comes('person', { name: 'A' })
    await world.passes(5000)
    expect(world.run(id).state).toBe(state)
    world.discard(id)
    world.expire(null)
    await world.passes(3_600_000)
    expect(world.run(id).state).toBe('discarded')
    expect(world.stand('contacts', 'last_name')).toEqual([])
    expect(world.clerk.desk.discard(id)).toMatchObject({ status: 409 })
  })
})

describe('a fault of ours inside a step', () => {
  it('stops nobody else; it is tried again, and after a day shown to a person', async () => {
    const world = new Firm(people)
    const ids = world.many(3, 'person', n => ({ name: `N${n}` }))
    // A configuration that cannot be read any more, of one run only.
    world.disk.access(() => {}).sql.exec('update runs set version = 99 where id = ?', ids[1]!)
    await world.passes(60_000)
    expect(world.states()).toEqual(['done', 'waiting', 'done'])
    expect(world.run(ids[1]!).reason).toContain('Version 99')
    expect(world.log).not.toEqual([])
    expect(world.log.join()).not.toContain('Version 99')
    await world.clock.run()
    expect(world.run(ids[1]!)).toMatchObject({ state: 'parked', reason: expect.stringContaining('a day of trying') })
  })
})
