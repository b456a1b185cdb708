import { describe, expect, it } from 'vitest'
import { isObject } from '../../../src/lib/json.ts'
import { minute, worldOf } from './house.ts'

const addition = { email_addresses: [{ name: 'Home', address: 'maria@home.example' }] }
const steps = { it: { update: 'contacts', id: '{{ fields.id }}', with: addition } }

async function prepared() {
  const world = worldOf(steps)
  const store = world.sandbox.account('smith')
  const [contact] = store.all('contacts')
  const addresses = () => {
    const list = store.get('contacts', contact!.id)!.data.email_addresses
    return (Array.isArray(list) ? list : []).filter(one => isObject(one) && one.address === 'maria@home.example').length
  }
  /** A person adds the same address in Clio, just before the PATCH arrives. */
  const adds = () => {
    const row = store.get('contacts', contact!.id)!
    const list = Array.isArray(row.data.email_addresses) ? row.data.email_addresses : []
    const item = { id: store.nextId(), name: 'Home', address: 'maria@home.example' }
    store.replace(row, { ...row.data, email_addresses: [...list, item] })
  }
  return {
    world,
    id: contact!.id,
    addresses,
    adds,
    touch: () => store.replace(store.get('contacts', contact!.id)!, store.get('contacts', contact!.id)!.data),
  }
}

describe('a change that was worked out before another one was applied', () => {
  it('adds nothing twice: the record is read again', async () => {
    const { world, id, addresses, adds } = await prepared()
    const strike = world.sandbox.trouble.strike.bind(world.sandbox.trouble)
    let first = true
    world.sandbox.trouble.strike = (method, path) => {
      if (method === 'PATCH' && first) adds()
      if (method === 'PATCH') first = false
      return strike(method, path)
    }
    const run = world.deliver('website', { fields: { id } }, 'key')!
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect([world.run(run).state, addresses()]).toEqual(['done', 1])
    world.close()
  })

  it('that meets another change each time parks after three', async () => {
    const { world, id, touch } = await prepared()
    const strike = world.sandbox.trouble.strike.bind(world.sandbox.trouble)
    world.sandbox.trouble.strike = (method, path) => {
      if (method === 'PATCH') touch()
      return strike(method, path)
    }
    const run = world.deliver('website', { fields: { id } }, 'key')!
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.run(run)).toMatchObject({ state: 'parked', reason: expect.stringContaining('somebody else') })
    expect(world.sandbox.ledger.entries.filter(({ method }) => method === 'PATCH')).toHaveLength(3)
    world.close()
  })
})
