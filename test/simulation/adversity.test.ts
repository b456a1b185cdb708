import { afterEach, describe, expect, it } from 'vitest'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import { configuration, intake, onceEach, standing } from './firm.ts'
import { World } from './world.ts'

/** Sixty intakes against a Clio in a bad mood: sixty of each record stand in the end, and nobody had to do anything. */

const pace = { requests: 50, seconds: 5 }
const worlds: World[] = []
function world(seed = 1): World {
  const made = new World({ seed, config: configuration(pace), sandbox: { limit: pace } })
  worlds.push(made)
  return made
}
afterEach(() => {
  for (const one of worlds.splice(0)) one.close()
})

const states = (one: World): string[] => [...new Set(one.runs().map(run => run.state))]
const refused = (one: World): number => one.sandbox.ledger.entries.filter(entry => entry.status === 429).length

describe('a lossy gateway', () => {
  it.each([1, 2, 3])(
    'answers lost, errors after applying, records that land late (seed %i): exactly 60 of each',
    async seed => {
      const one = world(seed)
      one.sandbox.trouble.add(
        { method: 'POST', chance: 0.25, action: { do: 'lose' } },
        { method: 'POST', chance: 0.1, action: { do: 'fail', status: 500, applied: true } },
        { method: 'POST', chance: 0.1, action: { do: 'late', ms: 1000 } },
        { method: 'POST', chance: 0.1, action: { do: 'fail', status: 503, html: true } },
        { method: 'POST', chance: 0.05, action: { do: 'drop' } },
        { method: 'GET', chance: 0.1, action: { do: 'fail', status: 502, html: true } },
      )
      for (let n = 0; n < 60; n++) intake(one, n)
      await one.clock.run()
      expect(standing(one)).toEqual(onceEach(60))
      expect(states(one)).toEqual(['done'])
      expect(refused(one)).toBe(0)
    },
  )

  it('the gateway refuses a third of the calls outright with 429: they wait as told, and nothing is repeated', async () => {
    const one = world()
    one.sandbox.trouble.add({ chance: 0.33, times: 60, action: { do: 'fail', status: 429 } })
    for (let n = 0; n < 20; n++) intake(one, n)
    await one.clock.run()
    expect(standing(one)).toEqual(onceEach(20))
    expect(states(one)).toEqual(['done'])
  })
})

describe('twins', () => {
  it.each([1, 2, 3, 4, 5])(
    'one person’s form ten times under ten keys, answers lost and late (seed %i): one contact',
    async seed => {
      const one = world(seed)
      one.sandbox.trouble.add(
        { method: 'POST', chance: 0.3, action: { do: 'lose' } },
        { method: 'POST', chance: 0.2, action: { do: 'late', ms: 1000 } },
        { method: 'POST', chance: 0.2, action: { do: 'fail', status: 500, applied: true } },
      )
      for (let n = 0; n < 10; n++) intake(one, n, 0)
      await one.clock.run()
      expect(standing(one)).toEqual(onceEach(10, 1))
      expect(states(one)).toEqual(['done'])
    },
  )

  it('ten equal tasks wanted by ten runs, with losses: ten stand, none is given another’s record', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const one = world(seed)
      one.sandbox.trouble.add(
        { method: 'POST', chance: 0.3, action: { do: 'lose' } },
        { method: 'POST', chance: 0.3, action: { do: 'late', ms: 1000 } },
      )
      for (let n = 0; n < 10; n++) one.deliver('website', { fields: { kind: 'ditto', n } }, `key ${n}`)
      await one.clock.run()
      const tasks = one.sandbox
        .account('smith')
        .all('tasks')
        .filter(row => row.data.name === 'Ditto')
      expect(tasks.length, `seed ${seed}`).toBe(10)
      const owned = one.disk.query("select record from attempts where method = 'POST' and record is not null")
      expect(new Set(owned.map(row => row.record)).size).toBe(10)
      expect(states(one)).toEqual(['done'])
    }
  })
})

describe('the pace', () => {
  it('a burst of 60 intakes at 50 calls in 5 s: no 429, and drained within 1.10 × of the least time for its calls', async () => {
    const one = world()
    const from = one.clock.now
    for (let n = 0; n < 60; n++) intake(one, n)
    await one.clock.run()
    expect(states(one)).toEqual(['done'])
    expect(refused(one)).toBe(0)
    const { entries, peak } = { entries: one.sandbox.ledger.entries, peak: one.sandbox.ledger.peak }
    const last = Math.max(...entries.map(entry => entry.at))
    // n calls at 50 in any 5 s: the last one can go no earlier than after every full window before it.
    const least = Math.floor((entries.length - 1) / pace.requests) * pace.seconds * 1000
    expect(last - from).toBeLessThanOrEqual(least * 1.1)
    expect(peak).toBeLessThanOrEqual(6)
  })

  it('a second alarm while a drain is at work leaves everything to the first', async () => {
    const one = world()
    for (let n = 0; n < 6; n++) intake(one, n)
    const ended: string[] = []
    void one.clerk.alarm().then(() => ended.push('first'))
    void one.clerk.alarm().then(() => ended.push('second'))
    await new Promise(resolve => setImmediate(resolve))
    expect(ended).toEqual(['second'])
    await one.clock.run()
    expect(standing(one)).toEqual(onceEach(6))
  })

  it('sixty runs that need the same lists ask for each of them once', async () => {
    const one = world()
    for (let n = 0; n < 60; n++) intake(one, n)
    await one.clock.run()
    const asked = (path: string): number =>
      one.sandbox.ledger.entries.filter(entry => entry.method === 'GET' && entry.path === path).length
    expect(asked('users')).toBe(1)
    expect(asked('practice_areas')).toBe(1)
  })
})

describe('a lost connection', () => {
  it.each([401, 500] as const)(
    'answers %i for a minute, then is mended: every run done, one log line each way',
    async status => {
      const one = world()
      const connection = one.sandbox.connections.get(firstConnection)!
      for (let n = 0; n < 20; n++) intake(one, n)
      one.clock.in(1500, () => one.sandbox.connections.expire(connection, status))
      one.clock.in(61_500, () => one.sandbox.connections.expire(connection, null))
      await one.clock.run({ until: one.clock.now + 10_000 })
      // Somebody who looks now sees one thing: the queue is held.
      expect(one.reader.meta.get('hold')).toMatchObject({ probes: expect.any(Number) })
      const calls = one.sandbox.ledger.entries.length
      await one.clock.run({ until: one.clock.now + 15_000 })
      expect(one.sandbox.ledger.entries.length - calls).toBeLessThanOrEqual(1)
      await one.clock.run()
      expect(states(one)).toEqual(['done'])
      expect(standing(one)).toEqual(onceEach(20))
      expect(one.log.filter(line => line.includes('held'))).toHaveLength(1)
      expect(one.log.filter(line => line.includes('mended'))).toHaveLength(1)
    },
  )
})
