import { describe, expect, it } from 'vitest'
import { made, minute, worldOf } from './house.ts'

describe('the disk refuses when Clio has answered', () => {
  it('that the connection is lost: the slot of the call is given back', async () => {
    const world = worldOf({ it: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 401 } })
    const run = world.deliver('website', { fields: {} }, 'key')!
    await world.clock.run({ enough: () => world.sandbox.ledger.entries.some(({ method }) => method === 'POST') })
    world.disk.refusals = 1
    await world.clock.run({ until: world.clock.now + 10 * minute })
    expect([world.run(run).state, made(world, 'tasks').length]).toEqual(['done', 1])
    expect(world.clerk.drain.turnstile.inFlight).toBe(0)
    world.close()
  })
})

describe('the disk refuses to count an event that it has taken', () => {
  it('it is carried out all the same', async () => {
    const world = worldOf({ it: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    await world.clock.run({ until: world.clock.now + minute })
    world.disk.watch = query => {
      if (query.startsWith('insert into runs')) world.disk.refusals = 1
    }
    expect(world.deliver('website', { fields: { text: 'x'.repeat(20_000) } }, 'key')).toBeNull()
    world.disk.watch = null
    await world.clock.run({ until: world.clock.now + minute })
    expect(world.runs().map(run => run.state)).toEqual(['done'])
    world.close()
  })
})

describe('the disk refuses after a call went out', () => {
  it.each([1, 2, 3, 4, 50])('%i times: the call is looked for, not sent again', async refusals => {
    const world = worldOf({ it: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    const applied = () => world.sandbox.ledger.entries.some(({ method, appliedAt }) => method === 'POST' && appliedAt)
    const run = world.deliver('website', { fields: {} }, 'key')!
    await world.clock.run({ enough: applied })
    world.disk.refusals = refusals
    await world.clock.run({ until: world.clock.now + 5 * minute })
    world.disk.refusals = 0
    await world.clock.run()
    expect([world.run(run).state, made(world, 'tasks').length]).toEqual(['done', 1])
    world.close()
  })
})
