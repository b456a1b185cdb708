import { describe, expect, it } from 'vitest'
import { Firm, people } from './firm.ts'

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
      if (/^\s*(update|delete from) (runs|steps|attempts)/i.test(query) && !/run is null/.test(query))
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
