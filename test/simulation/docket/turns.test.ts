import { describe, expect, it } from 'vitest'
import { nobody } from '../../../src/model/event.ts'
import { Firm, firm, newPerson, people, rule } from './firm.ts'

const paced = (requests: number, seconds: number) =>
  firm([rule('people', 'person', { person: newPerson })], { pace: { requests, seconds } })

/** Somebody waits in Slack for this one. */
function asked(world: Firm, name: string): string {
  const event = {
    id: name,
    source: 'hooks',
    type: 'person',
    subject: null,
    follows: null,
    time: null,
    data: {},
    fields: { name },
    person: nobody(),
    message: null,
    files: [],
    booking: null,
  }
  const delivery = { event, key: { kind: 'given', value: name } as const, content: name, strict: false }
  const answer = world.clerk.claim({ endpoint: 'hooks', version: 1, interactive: true, deliveries: [delivery] })
  if (answer.kind !== 'receipts') throw new Error(answer.kind)
  return answer.receipts[0]!.run
}

describe('the pace', () => {
  it('a burst drains at the pace: never more in a window, and not below it (I3)', async () => {
    const world = new Firm(paced(10, 10), { sandbox: { limit: { requests: 10, seconds: 10 } } })
    const began = world.clock.now
    world.many(60, 'person', n => ({ name: `N${n}` }))
    await world.clock.run({ enough: () => world.states().every(state => state === 'done') })
    expect(world.calls.filter(call => call.status === 429)).toEqual([])
    // Five windows and what the calls themselves take.
    expect(world.clock.now - began).toBeLessThan(55_000)
    expect(world.calls).toHaveLength(60)
  })

  it('never more than six in flight, and forty in one invocation', async () => {
    const world = new Firm(people, { latency: [500, 1500], sandbox: { limit: { requests: 1000, seconds: 60 } } })
    world.configure(paced(1000, 60))
    let most = 0
    const alarm = world.clerk.alarm.bind(world.clerk)
    world.clerk.alarm = async () => {
      const before = world.calls.length
      await alarm()
      most = Math.max(most, world.calls.length - before)
    }
    world.many(120, 'person', n => ({ name: `N${n}` }))
    await world.passes(120_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    expect(world.sandbox.ledger.peak).toBe(6)
    expect(most).toBe(40)
  })

  it('counts the calls of an earlier life, and those that a crash cut', async () => {
    const world = new Firm(paced(6, 60), { latency: [1000, 1000], sandbox: { limit: { requests: 6, seconds: 60 } } })
    world.many(12, 'person', n => ({ name: `N${n}` }))
    await world.passes(700)
    expect(world.calls).toHaveLength(6)
    world.kill()
    world.restart(100)
    await world.passes(30_000)
    expect(world.calls.filter(call => call.status === 429)).toEqual([])
    await world.passes(900_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    expect(world.stand('contacts', 'last_name')).toHaveLength(12)
  })
})

describe('a 429', () => {
  it('of Clio pauses the whole firm as told', async () => {
    const world = new Firm(people, { sandbox: { limit: { requests: 3, seconds: 20 } } })
    world.many(10, 'person', n => ({ name: `N${n}` }))
    await world.passes(3_600_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
    // Refused once, together; from then on Clio’s own headers set the pace.
    expect(world.calls.filter(call => call.status === 429).length).toBeLessThanOrEqual(6)
  })

  it('the pause outlives the object', async () => {
    const world = new Firm(people)
    world.sandbox.limit = { requests: 1, seconds: 50 }
    world.many(3, 'person', n => ({ name: `N${n}` }))
    await world.passes(1000)
    const calls = world.calls.length
    world.kill()
    world.restart(100)
    await world.passes(20_000)
    expect(world.calls).toHaveLength(calls)
  })

  it('of Maton, without headers, backs off and goes on', async () => {
    const world = new Firm(people, { sandbox: { maton: { requests: 2, seconds: 1 } } })
    world.many(10, 'person', n => ({ name: `N${n}` }))
    await world.passes(120_000)
    expect(new Set(world.states())).toEqual(new Set(['done']))
  })
})

describe('somebody who waits', () => {
  it('goes before a backlog that has used up the pace', async () => {
    const world = new Firm(paced(5, 10))
    world.many(50, 'person', n => ({ name: `N${n}` }))
    await world.passes(12_000)
    const id = asked(world, 'Asked')
    await world.passes(11_000)
    expect(world.run(id).state).toBe('done')
    expect(world.states().filter(state => state === 'done').length).toBeLessThan(30)
  })

  it('the backlog does not starve meanwhile', async () => {
    const world = new Firm(paced(4, 10))
    const backlog = world.many(6, 'person', n => ({ name: `N${n}` }))
    const carriedOut = () => backlog.filter(id => world.run(id).state === 'done').length
    await world.passes(1000)
    const already = carriedOut()
    for (let n = 0; n < 60; n++) asked(world, `Asked ${n}`)
    await world.passes(60_000)
    expect(carriedOut()).toBeGreaterThan(already)
  })
})

describe('waiting costs nothing', () => {
  it.each([
    ['the pace', () => new Firm(paced(1, 3600))],
    [
      'a held queue',
      () => {
        const world = new Firm(people)
        world.expire(401)
        return world
      },
    ],
    [
      'a settling call',
      () => {
        const world = new Firm(people)
        world.sandbox.trouble.add({ method: 'POST', action: { do: 'drop' } })
        return world
      },
    ],
  ] as const)('for %s: no alarm fires in vain', async (_, make) => {
    const world = make()
    world.many(5, 'person', () => ({ name: 'Same' }))
    await world.passes(5000)
    let alarms = 0
    const alarm = world.clerk.alarm.bind(world.clerk)
    world.clerk.alarm = () => {
      alarms++
      return alarm()
    }
    await world.passes(600_000)
    expect(alarms).toBeLessThan(40)
    expect(world.clerk.hasWork()).toBe(true)
  })

  it('nothing to do: no alarm at all', async () => {
    const world = new Firm(people)
    world.comes('person', { name: 'A' })
    await world.passes(60_000)
    expect(world.clerk.hasWork()).toBe(false)
    let steps = 0
    await world.clock.run({ until: world.clock.now + 86_400_000, check: () => steps++ })
    expect(steps).toBe(0)
  })
})

it('the sweep sets a lost alarm anew, and only when there is open work', async () => {
  const world = new Firm(paced(1, 60))
  expect(await world.clerk.wake()).toBe(false)
  world.many(2, 'person', n => ({ name: `N${n}` }))
  await world.passes(1000)
  expect(await world.clerk.wake()).toBe(true)
  await world.passes(120_000)
  expect(world.states()).toEqual(['done', 'done'])
  expect(await world.clerk.wake()).toBe(false)
})
