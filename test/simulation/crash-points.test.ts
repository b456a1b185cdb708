import { afterEach, describe, expect, it } from 'vitest'
import { random } from '../../src/sandbox/trouble.ts'
import { configuration, intake, onceEach, standing } from './firm.ts'
import { World } from './world.ts'

/** I2, with no luck involved: the object dies at every point at which it could, one after another, and one record of each is made. */

const worlds: World[] = []
const world = (): World => {
  const made = new World({
    config: configuration({ requests: 50, seconds: 60 }),
    sandbox: { limit: { requests: 50, seconds: 60 } },
  })
  worlds.push(made)
  return made
}
afterEach(() => {
  for (const one of worlds.splice(0)) one.close()
})

/** A three-step intake, delivered until it is acknowledged, as a provider does. */
async function carriedOut(one: World): Promise<void> {
  const deliver = (): void => {
    if (intake(one, 0) === null) one.clock.in(5000, deliver)
  }
  deliver()
  await one.clock.run()
}

/** How many points a life without a kill passes, from the delivery on. */
async function points(): Promise<number> {
  const calm = world()
  const before = calm.passed.length
  await carriedOut(calm)
  return calm.passed.length - before
}

describe('a kill at every point', () => {
  it('before and after every durable write and every call: one contact, one matter, one task', async () => {
    const count = await points()
    expect(count).toBeGreaterThan(40)
    for (let n = 0; n < count; n++) {
      const one = world()
      one.dieAtPoint(n)
      await carriedOut(one)
      expect(one.life, `point ${n} was reached`).toBe(3)
      expect(standing(one), `killed at point ${n}`).toEqual(onceEach(1))
      expect(one.runs().map(run => run.state)).toEqual(['done'])
    }
  })

  it('with the call of that moment landing only after the restart', async () => {
    const count = await points()
    for (let n = 0; n < count; n++) {
      const one = world()
      one.sandbox.trouble.add({ method: 'POST', times: 3, action: { do: 'late', ms: 20_000 } })
      one.dieAtPoint(n)
      await carriedOut(one)
      expect(standing(one), `killed at point ${n}`).toEqual(onceEach(1))
      expect(one.runs().map(run => run.state)).toEqual(['done'])
    }
  })

  it('twice in one life, at 300 pairs of points', async () => {
    const count = await points()
    const chance = random(20_261_124)
    for (let pair = 0; pair < 300; pair++) {
      const [first, second] = [Math.floor(chance() * count), Math.floor(chance() * count)]
      const one = world()
      one.dieAtPoint(first)
      one.clock.at(one.clock.now + 2000, () => one.dieAtPoint(second))
      await carriedOut(one)
      expect(standing(one), `killed at points ${first} and ${second}`).toEqual(onceEach(1))
      expect(one.runs().map(run => run.state)).toEqual(['done'])
    }
  })
})
