import { describe, expect, it } from 'vitest'
import { made, minute, worldOf } from './house.ts'

const person = {
  type: 'Person',
  first_name: 'Pat',
  last_name: 'Doe',
  email_addresses: [{ name: 'Work', address: 'pat@x.example' }],
}
const steps = {
  it: { upsert: 'contacts', match: ['email_addresses'], with: { ...person, last_name: '{{ fields.name }}' } },
}

describe('what two mutations of an earlier search showed that no test held to', () => {
  it('a call that was ready for minutes is worked out anew: a person may have made the contact', async () => {
    const world = worldOf(steps)
    const handle = world.sandbox.handle
    let refused = 0
    world.sandbox.handle = request => {
      const handled = handle(request)
      if (request.method !== 'POST' || refused++ > 0) return handled
      const body = '{"error":{"type":"RateLimited","message":"slow"}}'
      const store = world.sandbox.account('smith')
      const made = store.all('contacts').at(-1)!
      store.remove(made)
      return {
        ...handled,
        reply: { kind: 'answer', after: 0, answer: { status: 429, headers: { 'retry-after': '300' }, body } },
      }
    }
    const run = world.deliver('website', { fields: { name: 'Doe' } }, 'key')!
    world.clock.in(minute, () => world.sandbox.account('smith').insert('contacts', person))
    await world.clock.run({ until: world.clock.now + 10 * minute })
    const stand = world.sandbox
      .account('smith')
      .all('contacts')
      .filter(row => row.data.last_name === 'Doe')
    expect([world.run(run).state, stand.length]).toEqual(['done', 1])
    world.close()
  })

  it('a run that parks in doubt keeps its match values: an overlapping one waits for it', async () => {
    const world = worldOf(steps)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'drop' } })
    const first = world.deliver('website', { fields: { name: 'Doe' } }, 'key 1')!
    await world.clock.run({ until: world.clock.now + 5000 })
    world.sandbox.trouble.add({ method: 'GET', path: '^contacts', times: 1, action: { do: 'fail', status: 403 } })
    await world.clock.run({ until: world.clock.now + 3 * minute })
    expect(world.run(first)).toMatchObject({ state: 'parked', attempt: expect.any(Number) })
    const second = world.deliver('website', { fields: { name: 'Okonkwo' } }, 'key 2')!
    await world.clock.run({ until: world.clock.now + 10 * minute })
    expect(world.run(second)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(first) })
    world.operate(clerk => clerk.desk.resume(first, 'own'))
    await world.clock.run()
    expect([world.run(first).state, world.run(second).state]).toEqual(['done', 'done'])
    world.close()
  })

  it('an equal call waits until it is known what became of the first: neither takes the other’s record for its own', async () => {
    const world = worldOf({ it: { create: 'tasks', with: { name: 'Ditto', assignee: 'sam@smith.example' } } })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'drop' } })
    const first = world.deliver('website', { fields: {} }, 'key 1')!
    // Carried out at once, answered when the first has long looked for its own.
    await world.clock.run({ until: world.clock.now + 85_000 })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'slow', ms: 20_000 } })
    const second = world.deliver('website', { fields: {} }, 'key 2')!
    await world.clock.run({ until: world.clock.now + 2000 })
    expect(world.run(second)).toMatchObject({ reason: expect.stringContaining(first) })
    await world.clock.run()
    expect([world.run(first).state, world.run(second).state]).toEqual(['done', 'done'])
    expect(made(world, 'tasks')).toHaveLength(2)
    world.close()
  })

  it('a run that is discarded in doubt keeps its match values until it is known what became of its call', async () => {
    const world = worldOf(steps)
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'late', ms: 60_000 } })
    const first = world.deliver('website', { fields: { name: 'Doe' } }, 'key 1')!
    await world.clock.run({ until: world.clock.now + 5000 })
    world.operate(clerk => clerk.desk.discard(first))
    const second = world.deliver('website', { fields: { name: 'Okonkwo' } }, 'key 2')!
    await world.clock.run()
    expect([world.run(first).state, world.run(second).state]).toEqual(['discarded', 'done'])
    expect(made(world, 'contacts')).toHaveLength(1)
    world.close()
  })
})
