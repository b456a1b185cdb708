import { describe, expect, it } from 'vitest'
import { made, minute, worldOf } from './house.ts'

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
