import { describe, expect, it } from 'vitest'
import { made, worldOf } from './house.ts'

describe('a channel whose token no longer opens', () => {
  it('holds up no run: two hundred take no longer than without it', async () => {
    const steps = {
      tell: { notify: 'office', text: 'New' },
      it: { create: 'tasks', with: { name: 'Call {{ fields.n }}', assignee: 'sam@smith.example' } },
    }
    const channels = { office: { url: 'https://office.example/hook', secret: '$OFFICE' } }
    const took: number[] = []
    for (const throws of [false, true]) {
      const pace = { requests: 1000, seconds: 10 }
      const world = worldOf(steps, { sandbox: { limit: pace } }, { channels, pace })
      world.throws = () => throws
      const begun = world.clock.now
      for (let n = 0; n < 200; n++) world.deliver('website', { fields: { n } }, `key ${n}`)
      await world.clock.run({ enough: () => made(world, 'tasks').length === 200 })
      took.push(world.clock.now - begun)
      world.close()
    }
    expect(took[1]!).toBeLessThan(took[0]! * 1.5 + 1000)
  })
})
