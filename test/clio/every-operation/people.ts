import type { Firm } from '../clio.ts'
import { everything, idIn, type Operation, search } from './operation.ts'
import { carryOut } from './step.ts'

/** Contacts, and how they stand to matters. */

const person = everything({
  resource: 'contacts',
  kind: 'a Person',
  fields: 'id,name,type,first_name,last_name,primary_email_address',
  list: { type: 'Person' },
  listed: ({ type }) => type === 'Person',
  create: {
    zapier: 'Create Person Contact',
    with: {
      type: 'Person',
      first_name: 'Ann',
      last_name: 'Lee',
      company: 'Harbor Freight Partners',
      email_addresses: [{ name: 'Work', address: 'ann.lee@mail.example', default_email: true }],
      phone_numbers: [{ name: 'Mobile', number: '+12125550199' }],
      addresses: [{ name: 'Home', street: '1 Pier', city: 'New York', province: 'NY', postal_code: '10001' }],
      custom_fields: { 'Preferred language': 'Spanish' },
    },
    calls: ['GET contacts', 'GET custom_fields', 'POST contacts'],
    stands: firm => ({
      name: 'Ann Lee',
      company: idIn(firm, 'contacts', 'Harbor Freight Partners'),
      email_addresses: [{ name: 'Work', address: 'ann.lee@mail.example', primary: true }],
      phone_numbers: [{ name: 'Mobile', number: '+12125550199' }],
      addresses: [{ city: 'New York', province: 'NY' }],
      custom_field_values: [{ custom_field: idIn(firm, 'custom_fields', 'Preferred language'), value: 'Spanish' }],
    }),
  },
  update: {
    zapier: 'Update Person Contact',
    with: {
      title: 'Dr.',
      email_addresses: [{ name: 'Home', address: 'ann@home.example' }],
      custom_fields: { 'Preferred language': 'French', Newsletter: true },
    },
    calls: ['GET contacts/#', 'GET custom_fields', 'PATCH contacts/#'],
    stands: firm => ({
      name: 'Ann Lee',
      title: 'Dr.',
      email_addresses: [{ address: 'ann.lee@mail.example' }, { address: 'ann@home.example' }],
      custom_field_values: [
        { custom_field: idIn(firm, 'custom_fields', 'Preferred language'), value: 'French' },
        { custom_field: idIn(firm, 'custom_fields', 'Newsletter') },
      ],
    }),
  },
})

const company = everything({
  resource: 'contacts',
  kind: 'a Company',
  fields: 'id,name,type,primary_email_address',
  list: { type: 'Company' },
  listed: ({ type }) => type === 'Company',
  create: {
    zapier: 'Create Company Contact',
    with: { type: 'Company', name: 'Lee & Sons', web_sites: [{ name: 'Work', address: 'https://lee.example' }] },
    calls: ['POST contacts'],
    stands: () => ({ type: 'Company', name: 'Lee & Sons', web_sites: [{ address: 'https://lee.example' }] }),
  },
  update: {
    zapier: 'Update Company Contact',
    with: { name: 'Lee & Daughters', phone_numbers: [{ name: 'Work', number: '+12125550198' }] },
    calls: ['GET contacts/#', 'PATCH contacts/#'],
    stands: () => ({ name: 'Lee & Daughters', phone_numbers: [{ name: 'Work', number: '+12125550198' }] }),
  },
})

const relationship = everything({
  resource: 'relationships',
  fields: 'id,description,contact{id,name},matter{id,display_number}',
  create: {
    with: { contact: 'John Okafor', matter: '00001-Alvarez', description: 'Opposing counsel' },
    calls: ['GET contacts', 'GET matters', 'POST relationships'],
    stands: firm => ({
      contact: idIn(firm, 'contacts', 'John Okafor'),
      matter: idIn(firm, 'matters', '00001-Alvarez'),
      description: 'Opposing counsel',
    }),
  },
  update: {
    with: { description: 'Witness' },
    calls: ['GET relationships/#', 'PATCH relationships/#'],
    stands: () => ({ description: 'Witness' }),
  },
})

/** What a person has by e-mail: found whoever made it, and completed; a second one is never made. */
function upsert(does: string, address: string, calls: readonly string[], names: readonly string[]): Operation {
  return {
    resource: 'contacts',
    does,
    zapier: 'Find or Create Person Contact',
    run: async (firm: Firm) => {
      const done = await carryOut(firm, {
        upsert: 'contacts',
        match: ['email_addresses'],
        with: {
          type: 'Person',
          first_name: 'Maria',
          last_name: 'Alvarez',
          title: 'Dr.',
          email_addresses: [{ name: 'Home', address }],
        },
      })
      return done.id ?? null
    },
    calls,
    effect: (firm, id) => ({
      seen: {
        titled: firm.record('contacts', id).title,
        people: (firm.sandbox.records().contacts ?? [])
          .map(({ name }) => name)
          .filter(name => name === 'Maria Alvarez'),
      },
      is: { titled: 'Dr.', people: names },
    }),
  }
}

export const people: readonly Operation[] = [
  ...person,
  ...company,
  search(
    'contacts',
    'find a Person by e-mail',
    { query: 'maria.alvarez@mail.example', type: 'Person' },
    ['GET contacts'],
    firm => idIn(firm, 'contacts', 'Maria Alvarez'),
    { zapier: 'Find Person or Company' },
  ),
  search(
    'contacts',
    'find a Company by name',
    { query: 'Harbor Freight', type: 'Company' },
    ['GET contacts'],
    firm => idIn(firm, 'contacts', 'Harbor Freight Partners'),
    { zapier: 'Find Person or Company' },
  ),
  upsert(
    'upsert a Person who is there',
    'Maria.Alvarez@mail.example',
    ['GET contacts', 'GET contacts/#', 'PATCH contacts/#'],
    ['Maria Alvarez'],
  ),
  upsert(
    'upsert a Person who is not',
    'maria@other.example',
    ['GET contacts', 'POST contacts'],
    ['Maria Alvarez', 'Maria Alvarez'],
  ),
  ...relationship,
]
