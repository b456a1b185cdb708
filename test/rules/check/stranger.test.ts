import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { sources } from '../../../src/sources/index.ts'
import { changed, refusals } from '../../change.ts'

/** What a rule may not do with a record that was there before, where anybody on the internet writes the answers. */

const person: JsonObject = {
  type: 'Person',
  last_name: '{{ person.last_name }}',
  email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
}
const known: JsonObject = { upsert: 'contacts', match: ['email_addresses'], with: person }
const found: JsonObject = { find: 'contacts', where: { query: '{{ person.email }}' } }
const secret = '$A_SECRET_OF_THE_FIRM'

/** Doors behind which anybody writes, signed or not. */
const open: Record<string, JsonObject> = {
  form: { source: 'form' },
  jotform: { source: 'jotform', secret },
  typeform: { source: 'typeform', secret },
  'google-forms': { source: 'google-forms', secret },
}

const told = (endpoint: JsonObject, steps: JsonObject, more: JsonObject = {}, on: Json = 'door') =>
  refusals(
    changed({
      'endpoints.door': endpoint,
      rules: [{ name: 'r', on: { endpoint: on, type: 'form.submitted' }, steps, ...more }],
    }),
    sources,
  ).map(({ path, message }) => `${path}: ${message}`)

describe.each(Object.entries(open))('on the word of a stranger at %s', (_, endpoint) => {
  it.each(['extend', 'replace'])('nothing is changed by %s', existing => {
    const [said] = told(endpoint, { client: { ...known, existing } })
    expect(said).toMatch(/^rules\[0\]\.steps\.client\.existing: .*anybody on the internet writes what door brings/)
  })

  it.each(['fill', 'keep'])('%s may be', existing => {
    expect(told(endpoint, { client: { ...known, existing } })).toEqual([])
  })

  it.each<[string, JsonObject]>([
    ['a find found is updated', { one: found, it: { update: 'contacts', id: '{{ steps.one.id }}', with: person } }],
    ['an upsert found is updated', { one: known, it: { update: 'contacts', id: '{{ steps.one }}', with: person } }],
    ['a find found is deleted', { one: found, it: { delete: 'contacts', id: '{{ steps.one.id }}' } }],
    [
      'a find found, each of several, is deleted',
      {
        all: { ...found, several: 'all' },
        it: { each: 'steps.all', delete: 'contacts', id: '{{ item.id }}' },
      },
    ],
    [
      'a link to what was found is updated',
      { one: { ...known, link: 'one' }, it: { update: 'contacts', id: '{{ links.one }}', with: person } },
    ],
    ['the stranger names is updated', { it: { update: 'contacts', id: '{{ fields.id }}', with: person } }],
    ['the stranger names is deleted', { it: { delete: 'contacts', id: '{{ event.data.id }}' } }],
  ])('no record that %s', (_, steps) => {
    const said = told(endpoint, steps)
    expect(said.filter(one => /steps\.it\.id: would let a stranger (update|delete)/.test(one))).toHaveLength(1)
  })

  it('what such an event itself made may be changed', () => {
    const steps = {
      made: { create: 'tasks', link: 'task', with: { name: 'x', assignee: 'sam@smith.example' } },
      it: { update: 'tasks', id: '{{ steps.made }}', with: { name: 'y' } },
      that: { delete: 'tasks', id: '{{ links.task }}' },
    }
    expect(told(endpoint, steps)).toEqual([])
  })

  it('unless the rule says that it is trusted', () => {
    const steps = {
      client: { ...known, existing: 'extend' },
      it: { update: 'contacts', id: '{{ steps.client }}', with: person },
    }
    expect(told(endpoint, steps)).toHaveLength(2)
    expect(told(endpoint, steps, { trusted: true })).toEqual([])
  })
})

describe('a rule for several doors', () => {
  it('is held to the one behind which anybody writes', () => {
    const [said] = told({ source: 'form' }, { client: { ...known, existing: 'extend' } }, {}, ['door', 'website'])
    expect(said).toContain('what door, website brings')
  })
})

describe('a partner who signs', () => {
  it('may extend, replace, and change what was found', () => {
    const steps = {
      client: { ...known, existing: 'extend' },
      it: { update: 'contacts', id: '{{ steps.client }}', with: person },
    }
    const endpoint = { source: 'standard-webhooks', secret }
    const rules = [{ name: 'r', on: { endpoint: 'door', type: 'client.changed' }, steps }]
    expect(refusals(changed({ 'endpoints.door': endpoint, rules }), sources)).toEqual([])
  })
})
