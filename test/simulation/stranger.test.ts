import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { sources } from '../../src/sources/index.ts'
import { refusals } from '../change.ts'
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

const secret = '$A_SECRET_OF_THE_FIRM'
/** Doors behind which anybody writes, signed or not. */
const doors = {
  'the firm’s own form': { source: 'form' },
  Typeform: { source: 'typeform', secret },
  Jotform: { source: 'jotform', secret },
  'Google Forms': { source: 'google-forms', secret },
  mail: { source: 'email', senders: ['@service.example'] },
} satisfies Record<string, JsonObject>

const known: JsonObject = { upsert: 'contacts', match: ['email_addresses', 'phone_numbers'], with: offer }
const found: JsonObject = { find: 'contacts', where: { query: '{{ person.phone }}' } }
const change = (id: string): JsonObject => ({ update: 'contacts', id, with: offer })

/** What a firm might have saved. `refused`: it cannot be. */
const variants: readonly {
  name: string
  door: keyof typeof doors
  refused?: true
  trusted?: true
  steps: Record<string, JsonObject>
}[] = [
  { name: 'an upsert that says nothing', door: 'the firm’s own form', steps: { client: known } },
  { name: 'an upsert that fills', door: 'Typeform', steps: { client: { ...known, existing: 'fill' } } },
  { name: 'an upsert by the telephone', door: 'Jotform', steps: { client: { ...known, match: ['phone_numbers'] } } },
  { name: 'an upsert that keeps', door: 'mail', steps: { client: { ...known, existing: 'keep' } } },
  { name: 'an upsert that fills, trusted', door: 'mail', trusted: true, steps: { client: known } },
  {
    name: 'an upsert that extends',
    door: 'the firm’s own form',
    refused: true,
    steps: { client: { ...known, existing: 'extend' } },
  },
  {
    name: 'an upsert that replaces',
    door: 'Google Forms',
    refused: true,
    steps: { client: { ...known, existing: 'replace' } },
  },
  { name: 'an upsert that extends', door: 'mail', refused: true, steps: { client: { ...known, existing: 'extend' } } },
  {
    name: 'an update of what a find found',
    door: 'the firm’s own form',
    refused: true,
    steps: { client: found, it: change('{{ steps.client.id }}') },
  },
  {
    name: 'an update of what an upsert found',
    door: 'Typeform',
    refused: true,
    steps: { client: known, it: change('{{ steps.client }}') },
  },
  {
    name: 'an update of a link to what was found',
    door: 'Jotform',
    refused: true,
    steps: { client: { ...known, link: 'one' }, it: change('{{ links.one }}') },
  },
  {
    name: 'an update of the record that he names',
    door: 'mail',
    refused: true,
    steps: { client: known, it: change('{{ fields.id }}') },
  },
  {
    name: 'a delete of what a find found',
    door: 'Google Forms',
    refused: true,
    steps: { client: found, it: { delete: 'contacts', id: '{{ steps.client.id }}' } },
  },
  {
    name: 'a delete of each that was found',
    door: 'the firm’s own form',
    refused: true,
    steps: {
      client: { ...found, several: 'all' },
      it: { each: 'steps.client', delete: 'contacts', id: '{{ item.id }}' },
    },
  },
  {
    name: 'a delete of the record that he names',
    door: 'mail',
    refused: true,
    steps: { client: known, it: { delete: 'contacts', id: '{{ fields.id }}' } },
  },
]

describe('the stranger in fifteen variants', () => {
  it('are fifteen, through every door behind which anybody writes', () => {
    expect(variants).toHaveLength(15)
    expect(new Set(variants.map(({ door }) => door))).toEqual(new Set(Object.keys(doors)))
  })

  it.each(variants)(
    '$name, through $door: her record is unchanged, and nothing of the event is lost',
    async variant => {
      const { door, steps, refused = false, trusted = false } = variant
      const base = configuration({ requests: 50, seconds: 60 })
      const endpoints = { website: doors[door] }
      const type = door === 'mail' ? 'mail.received' : 'form.submitted'
      const wanted = { name: 'in', on: { endpoint: 'website', type }, steps, ...(trusted && { trusted }) }
      const said = refusals(JSON.stringify({ ...base, endpoints, rules: [wanted] }), sources)
      expect(said.map(({ message }) => message)).toEqual(refused ? [expect.stringMatching(/a stranger/)] : [])
      // What cannot be saved leaves the rule of before.
      const rules = [refused ? { ...wanted, steps: { client: known } } : wanted]
      const world = new World({ config: { ...base, endpoints, rules } })
      worlds.push(world)
      const account = world.sandbox.account('smith')
      const row = account.insert('contacts', structuredClone(maria))
      await world.clock.run()
      const before = structuredClone(account.get('contacts', row.id)!.data)
      const person = {
        first_name: 'Maria',
        last_name: 'Vega',
        email: 'stranger@evil.example',
        phone: '212-555-0143',
        company: null,
      }
      const id = world.deliver('website', { type, fields: { id: String(row.id), why: 'Let me in' }, person }, 'a')!
      await world.clock.run()
      expect(account.get('contacts', row.id)!.data).toEqual(before)
      const { state, event } = world.run(id)
      expect({ state, person: event!.person, fields: event!.fields }).toEqual({
        state: 'done',
        person,
        fields: { id: String(row.id), why: 'Let me in' },
      })
      const { output } = world.reader.steps.of(id)[0]! as { output: JsonObject }
      if (steps.client!.existing !== 'keep')
        expect(output.offered).toMatchObject({ email_addresses: [{ address: 'stranger@evil.example' }] })
    },
  )
})
