import { describe, expect, it } from 'vitest'
import { Firm, firm, newPerson, people, rule } from './firm.ts'

const probes = (world: Firm) => world.called('GET', 'users/who_am_i')
const since = (world: Firm, began: number) => probes(world).map(entry => Math.round((entry.at - began) / 1000))

describe('a lost connection (401)', () => {
  it('holds the queue: what was under way is refused, and nothing more is sent', async () => {
    const world = new Firm(people)
    world.expire(401)
    world.many(30, 'person', n => ({ name: `N${n}` }))
    await world.passes(20_000)
    expect(world.calls.length).toBeLessThanOrEqual(6)
    expect(world.states().every(state => ['held', 'running', 'accepted'].includes(state))).toBe(true)
    expect(world.states()).toContain('held')
  })

  it('is asked about after 30 s, doubling to ten minutes, with one line in the log', async () => {
    const world = new Firm(people)
    world.expire(401)
    world.comes('person', { name: 'A' })
    const began = world.clock.now
    await world.passes(3_600_000)
    expect(since(world, began).slice(0, 8)).toEqual([30, 90, 210, 450, 930, 1530, 2130, 2730])
    expect(world.log).toHaveLength(1)
    expect(world.log[0]).toContain('held')
  })

  it('when the probe is answered everything goes on by itself, once', async () => {
    const world = new Firm(people)
    world.expire(401)
    world.many(10, 'person', n => ({ name: `N${n}` }))
    await world.passes(20_000)
    world.expire(null)
    await world.passes(60_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    expect(world.stand('contacts', 'last_name').toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `N${n}`))
    expect(world.log).toHaveLength(2)
    expect(world.clerk.ledger.meta.get('hold')).toBeNull()
  })

  it('what comes in meanwhile waits with the others', async () => {
    const world = new Firm(people)
    world.expire(401)
    world.comes('person', { name: 'A' })
    await world.passes(5000)
    const later = world.comes('person', { name: 'B' })
    const calls = world.calls.length
    await world.passes(5000)
    expect(world.calls).toHaveLength(calls)
    expect(world.clerk.hasWork()).toBe(true)
    world.expire(null)
    await world.passes(60_000)
    expect(world.run(later).state).toBe('done')
  })

  it('a week of it parks nothing', async () => {
    const world = new Firm(people)
    world.expire(401)
    const id = world.comes('person', { name: 'A' })
    await world.passes(7 * 86_400_000)
    expect(world.run(id).state).toBe('held')
    world.expire(null)
    await world.passes(600_000)
    expect(world.run(id).state).toBe('done')
  })

  it('survives a restart, held as before', async () => {
    const world = new Firm(people)
    world.expire(401)
    const id = world.comes('person', { name: 'A' })
    await world.passes(5000)
    world.kill()
    world.restart()
    const calls = world.calls.length
    await world.passes(10_000)
    expect(world.calls).toHaveLength(calls)
    world.expire(null)
    await world.passes(60_000)
    expect(world.run(id).state).toBe('done')
  })

  it('is asked about at once when an operator has connected the firm anew', async () => {
    const world = new Firm(people)
    world.expire(401)
    const id = world.comes('person', { name: 'A' })
    await world.passes(400_000)
    world.expire(null)
    world.clerk.connected()
    await world.passes(2000)
    expect(world.run(id).state).toBe('done')
  })

  it('connecting a firm whose queue is not held asks nothing', async () => {
    const world = new Firm(people)
    world.clerk.connected()
    await world.passes(60_000)
    expect(world.calls).toHaveLength(0)
  })

  it('an answer of “forbidden” comes from a Clio that knows us: the queue goes on', async () => {
    const world = new Firm(people)
    world.expire(401)
    const id = world.comes('person', { name: 'A' })
    await world.passes(5000)
    world.expire(null)
    world.sandbox.trouble.add({ path: 'who_am_i', action: { do: 'fail', status: 403 } })
    await world.passes(60_000)
    expect(world.run(id).state).toBe('done')
  })

  it('no connection at all (400 of the gateway) is the same', async () => {
    const world = new Firm(people)
    world.sandbox.connections.remove('21fd90f9-5935-43cd-b6c8-bde9d915ca80')
    const id = world.comes('person', { name: 'A' })
    await world.passes(20_000)
    expect(world.run(id).state).toBe('held')
  })

  it('the unknown call of a held run is looked for when the connection is back (I2)', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'lose' } })
    const id = world.comes('person', { name: 'A' })
    await world.passes(5000)
    world.expire(401)
    await world.passes(120_000)
    expect(world.run(id)).toMatchObject({ state: 'held', phase: 'look' })
    world.expire(null)
    await world.passes(600_000)
    expect(world.run(id).state).toBe('done')
    expect(world.stand('contacts', 'last_name')).toEqual(['A'])
  })

  it('held runs go on with the configuration they began with, whatever is saved meanwhile', async () => {
    const world = new Firm(people)
    world.expire(401)
    const id = world.comes('person', { name: 'A' })
    await world.passes(5000)
    world.configure(firm([rule('other', 'person', { nobody: { ...newPerson, if: 'false' } })]))
    world.expire(null)
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'done', version: 1 })
    expect(world.stand('contacts', 'last_name')).toEqual(['A'])
  })
})

describe('nothing but server errors', () => {
  it('three in a row make a probe, at once', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add({ method: 'POST', times: 3, action: { do: 'fail', status: 500 } })
    world.many(3, 'person', n => ({ name: `N${n}` }))
    await world.passes(2000)
    expect(probes(world)).toHaveLength(1)
    await world.passes(300_000)
    expect(world.states()).toEqual(['done', 'done', 'done'])
    expect(world.stand('contacts', 'last_name').toSorted()).toEqual(['N0', 'N1', 'N2'])
  })

  it('two do not', async () => {
    const world = new Firm(people)
    world.sandbox.trouble.add({ method: 'POST', times: 2, action: { do: 'fail', status: 500 } })
    world.many(3, 'person', n => ({ name: `N${n}` }))
    await world.passes(300_000)
    expect(probes(world)).toHaveLength(0)
  })

  it('an expired grant that the gateway answers with 500 holds the queue until it is mended', async () => {
    const world = new Firm(people)
    world.expire(500)
    world.many(20, 'person', n => ({ name: `N${n}` }))
    await world.passes(600_000)
    // The calls under way when it began, and a probe now and then.
    expect(world.calls.length).toBeLessThan(20)
    expect(world.clerk.ledger.meta.get('hold')).not.toBeNull()
    world.expire(null)
    await world.passes(1_200_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    expect(world.stand('contacts', 'last_name')).toHaveLength(20)
  })
})
