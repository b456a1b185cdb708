import { describe, expect, it } from 'vitest'
import { made, minute, worldOf } from './house.ts'

const steps = {
  it: {
    upsert: 'contacts',
    match: ['email_addresses'],
    with: {
      type: 'Person',
      first_name: 'Pat',
      last_name: 'Doe',
      email_addresses: [{ name: 'Work', address: 'pat@x.example' }],
    },
  },
}

describe('a look-up that is tried again', () => {
  it('still knows what another step made lately, which Clio’s search does not find yet', async () => {
    const world = worldOf(steps)
    world.sandbox.behaviour.indexDelay = minute
    const first = world.deliver('website', { fields: { n: 1 } }, 'key 1')!
    await world.clock.run({ until: world.clock.now + 5000 })
    expect(world.run(first).state).toBe('done')
    world.sandbox.trouble.add({ method: 'GET', path: '^contacts', times: 1, action: { do: 'lose' } })
    const second = world.deliver('website', { fields: { n: 2 } }, 'key 2')!
    await world.clock.run()
    expect(world.run(second).state).toBe('done')
    expect(made(world, 'contacts').filter(row => row.data.last_name === 'Doe')).toHaveLength(1)
    world.close()
  })
})
