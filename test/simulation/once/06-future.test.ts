import { describe, expect, it } from 'vitest'
import { carriedOut, made, worldOf } from './house.ts'

describe('an event whose time is in the future', () => {
  it('does not silence those that come after it', async () => {
    const world = worldOf({ it: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    const deliver = (key: string, time: string) =>
      world.deliver('website', { fields: { key }, subject: 'the booking', time }, key)!
    deliver('1', '2031-01-01T00:00:00Z')
    await world.clock.run()
    world.clock.in(60_000, () => {})
    await world.clock.run()
    const later = deliver('2', new Date(world.clock.now).toISOString())
    await world.clock.run()
    expect([world.run(later).state, made(world, 'tasks').length]).toEqual(['done', 2])
    expect(await carriedOut(world)).toBeTruthy()
    world.close()
  })
})
