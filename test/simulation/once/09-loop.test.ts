import { describe, expect, it } from 'vitest'
import { World } from '../world.ts'
import { connection, made, minute } from './house.ts'

describe('a rule on matter.updated that writes a note, in a Clio that touches the matter for a note', () => {
  it.each([
    ['a second', 1000, 6],
    ['five minutes', 5 * minute, 21],
  ])('that tells of it after %s: is stopped after a handful, and says why', async (_, late, most) => {
    const note = { type: 'Matter', matter: '00001-Alvarez', subject: 'Seen', detail: 'Seen' }
    const world = new World({
      index: false,
      config: {
        timezone: 'America/New_York',
        country: 'US',
        connection,
        endpoints: {
          clio: { source: 'clio', secret: '$HOOK', url: 'https://docketed.example', watch: { matter: '$MATTER_HOOK' } },
        },
        rules: [
          {
            name: 'r',
            on: { endpoint: 'clio', type: 'matter.updated' },
            steps: { it: { create: 'notes', with: note } },
          },
        ],
      },
    })
    const [matter] = world.sandbox.account('smith').all('matters')
    const tell = (n: number) =>
      world.deliver(
        'clio',
        {
          source: 'clio',
          type: 'matter.updated',
          subject: `matter ${matter!.id}`,
          fields: { id: matter!.id, etag: `"e${n}"` },
        },
        `key ${n}`,
      )
    let told = 0
    tell(told)
    let notes = 0
    const until = world.clock.now + 24 * 60 * minute
    await world.clock.run({
      until,
      check: () => {
        const now = made(world, 'notes').length
        if (now > notes) world.clock.in(late, () => void tell(++told))
        notes = now
      },
    })
    expect(notes).toBeLessThanOrEqual(most)
    expect(world.runs().at(-1)).toMatchObject({ state: 'parked', reason: expect.stringContaining('looks like a loop') })
    world.close()
  })
})
