import { describe, expect, it } from 'vitest'
import type { InboundEvent } from '../../../src/model/event.ts'
import type { Intent } from '../../../src/model/intent.ts'
import type { Rule } from '../../../src/model/rule.ts'
import { plan, prepare } from '../../../src/rules/plan.ts'
import { scopeOf } from '../../../src/rules/scope.ts'
import { openDoor, urlencoded } from '../../door/door.ts'
import { cases, eventsOf } from '../cases.ts'

/** What the sources are for: one rule, written once, serves whatever form service the firm uses, or changes to. */

const rule: Rule = {
  name: 'new-client',
  on: { type: 'form.submitted' },
  if: "fields.matter_type != 'Other'",
  steps: {
    client: {
      upsert: 'contacts',
      match: ['email_addresses', 'phone_numbers'],
      with: {
        type: 'Person',
        first_name: '{{ person.first_name }}',
        last_name: '{{ person.last_name }}',
        email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
        phone_numbers: [{ name: 'Mobile', number: '{{ phone(person.phone) }}' }],
      },
    },
    matter: {
      create: 'matters',
      with: {
        client: '{{ steps.client }}',
        description: '{{ fields.matter_type }}: {{ person.last_name }}',
        practice_area: '{{ fields.matter_type }}',
      },
    },
    call: {
      create: 'tasks',
      with: {
        name: 'Call {{ person.first_name }} {{ person.last_name }}',
        description: '{{ message }}',
        matter: '{{ steps.matter }}',
      },
    },
  },
}

const now = Date.UTC(2026, 10, 2, 9)
const firm = { timezone: 'America/New_York', country: 'US' }

function intentsOf(event: InboundEvent): Intent[] {
  const made = plan({ ...firm, rules: [rule] }, event, 'hook', { firm: 'smith', now })
  if (made.kind === 'park') throw new Error(made.reason)
  const scope = scopeOf(event, { firm: 'smith', now, ...firm }, { steps: { client: { id: 11 }, matter: { id: 22 } } })
  return made.steps.map(step => {
    const prepared = prepare(step, scope)
    if (prepared.kind !== 'intent') throw new Error(JSON.stringify(prepared))
    return prepared.intent
  })
}

const expected = [
  {
    verb: 'upsert',
    resource: 'contacts',
    match: ['email_addresses', 'phone_numbers'],
    existing: 'fill',
    several: 'park',
    with: {
      type: 'Person',
      first_name: 'Dana',
      last_name: 'Whitfield',
      email_addresses: [{ name: 'Work', address: 'dana.whitfield@example.com' }],
      phone_numbers: [{ name: 'Mobile', number: '+12125550147' }],
    },
  },
  {
    verb: 'create',
    resource: 'matters',
    with: { client: { id: 11 }, description: 'Custody: Whitfield', practice_area: 'Custody' },
  },
  {
    verb: 'create',
    resource: 'tasks',
    with: { name: 'Call Dana Whitfield', description: 'Please call me after five.', matter: { id: 22 } },
  },
]

const forms = cases.filter(one => eventsOf(one).some(({ type }) => type === 'form.submitted'))

describe('one rule, unchanged, makes the same of the same person', () => {
  it('for every form service that there is', () => {
    expect(forms.map(({ name }) => name)).toEqual([
      'typeform',
      'jotform',
      'tally',
      'webflow',
      'gravity-forms',
      'contact-form-7',
      'elementor',
      'elementor-advanced',
      'netlify',
      'formspree',
      'formstack',
      'google-forms',
      'hubspot-workflow',
    ])
  })

  it.each(forms.map(one => [one.name, one] as const))('%s', (_name, one) => {
    expect(intentsOf(eventsOf(one)[0]!)).toEqual(expected)
  })

  it('a plain HTML form', async () => {
    const { docket, send } = await openDoor({ endpoints: { website: { source: 'form' } }, now })
    const body = new URLSearchParams({
      name: 'Dana Whitfield',
      email: 'dana.whitfield@example.com',
      phone: '(212) 555-0147',
      matter_type: 'Custody',
      message: 'Please call me after five.',
    })
    await send('website', urlencoded(String(body)))
    expect(intentsOf(docket.claims[0]!.deliveries[0]!.event)).toEqual(expected)
  })
})

describe('the name of a field in a rule', () => {
  const event = eventsOf(cases[0]!)[0]!
  const read = (fields: InboundEvent['fields']) => scopeOf({ ...event, fields }, { firm: 'smith', now, ...firm }).fields

  it.each(['Matter type', 'matter-type', 'matterType', 'Matter Type *', 'MATTER TYPE:', 'matter_type'])(
    'may be plain for %j',
    label => expect(read({ [label]: 'Custody' }).matter_type).toBe('Custody'),
  )

  it('still is the one that came', () => {
    expect(read({ 'Matter type': 'Custody' })['Matter type']).toBe('Custody')
    expect(read({ "What's your name?": 'Dana' }).whats_your_name).toBe('Dana')
    expect(read({ Größe: '1.80' }).größe).toBe('1.80')
  })

  it('never hides another field that has it already; of two, the first is meant', () => {
    expect(read({ 'Matter type': 'Custody', matter_type: 'Divorce' }).matter_type).toBe('Divorce')
    expect(read({ 'matter-type': 'Custody', 'Matter type': 'Divorce' }).matter_type).toBe('Custody')
  })

  it('is left alone in the event itself', () => {
    const scope = scopeOf({ ...event, fields: { 'Matter type': 'Custody' } }, { firm: 'smith', now, ...firm })
    expect(scope.event.fields).toEqual({ 'Matter type': 'Custody' })
  })
})
