import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { configuration } from './firm.ts'
import { World } from './world.ts'

/** A stranger knows a client's name and telephone, and fills in the firm's form as she, with an e-mail address of his own. */

const worlds: World[] = []
afterEach(() => {
  for (const one of worlds.splice(0)) one.close()
})

const maria: JsonObject = {
  type: 'Person',
  first_name: 'Maria',
  last_name: 'Vega',
  title: null,
  email_addresses: [{ id: 11, name: 'Work', address: 'maria@mail.example', default_email: true }],
  phone_numbers: [{ id: 12, name: 'Mobile', number: '(212) 555-0143', default_number: true }],
}

const offer: JsonObject = {
  type: 'Person',
  first_name: '{{ person.first_name }}',
  last_name: '{{ person.last_name }}',
  email_addresses: [{ name: 'Work', address: '{{ person.email }}', default_email: true }],
  phone_numbers: [{ name: 'Mobile', number: '{{ person.phone }}' }],
}

/** @param filled whether the firm's index of contacts was read before the stranger comes */
async function comes(step: JsonObject, filled: boolean, rule: JsonObject = {}) {
  const base = configuration({ requests: 50, seconds: 60 })
  const client = { upsert: 'contacts', match: ['email_addresses', 'phone_numbers'], with: offer, ...step }
  const matter = { create: 'matters', with: { client: '{{ steps.client }}', description: 'Help' } }
  const rules = [
    { name: 'in', on: { endpoint: 'website', type: 'form.submitted' }, steps: { client, matter }, ...rule },
  ]
  const channels = { office: { url: 'https://hooks.example', secret: '$HOOKS' } }
  const world = new World({ config: { ...base, rules, channels, alerts: 'office' } })
  worlds.push(world)
  const account = world.sandbox.account('smith')
  const row = account.insert('contacts', structuredClone(maria))
  if (filled) await world.clock.run()
  const person = {
    first_name: 'Maria',
    last_name: 'Vega',
    email: 'stranger@evil.example',
    phone: '212-555-0143',
    company: null,
  }
  const id = world.deliver('website', { fields: { kind: 'x' }, person }, 'a')!
  await world.clock.run()
  const { output } = world.reader.steps.of(id)[0]!
  return { world, id, output: output as JsonObject, record: account.get('contacts', row.id)!.data, row }
}

describe.each([true, false])('with the index of contacts read before: %s', filled => {
  it.each<[string, JsonObject]>([
    ['as it is when nothing is said', {}],
    ['with fill', { existing: 'fill' }],
    ['with fill, by the telephone alone', { existing: 'fill', match: ['phone_numbers'] }],
    ['with the oldest of several', { several: 'oldest' }],
    ['with keep', { existing: 'keep' }],
  ])('her record stays as it was, %s', async (_, step) => {
    const { world, id, record } = await comes(step, filled)
    expect(record).toMatchObject({ email_addresses: maria.email_addresses, phone_numbers: maria.phone_numbers })
    expect(world.run(id).state).toBe('done')
  })

  it('what he offered stands in the run, and nothing of it is lost', async () => {
    const { output, row } = await comes({}, filled)
    expect(output).toMatchObject({
      id: row.id,
      created: false,
      offered: { email_addresses: [{ address: 'stranger@evil.example' }] },
      contradicts: ['email_addresses'],
    })
  })

  it('the firm is told, without his address or hers', async () => {
    const { world, id } = await comes({}, filled)
    const [told, ...more] = world.told.filter(({ type }) => type === 'record.contradicted')
    expect(more).toEqual([])
    expect(told!.data).toMatchObject({ run: id, step: 'in/client' })
    expect(JSON.stringify(told)).not.toMatch(/evil|mail\.example|Vega|0143/)
  })

  it('blanks are filled, and the offer is told all the same', async () => {
    const { record, output } = await comes({ with: { ...offer, title: 'Dr' } }, filled)
    expect(record).toMatchObject({ title: 'Dr', email_addresses: maria.email_addresses })
    expect(output).toMatchObject({ created: false, offered: { email_addresses: [{}] } })
  })

  it('a rule that trusts him adds the address, and the firm is told', async () => {
    const { world, record } = await comes({ existing: 'extend' }, filled, { trusted: true })
    expect(record.email_addresses).toHaveLength(2)
    expect(world.told.filter(({ type }) => type === 'record.contradicted')).toHaveLength(1)
  })
})
