import type { JsonObject } from '../lib/json.ts'
import type { Id, Store } from './clio/store.ts'
import { newItem } from './clio/write.ts'

/** A small firm, so that a sandbox has what rules name: users, calendars, practice areas, fields, lists, and a few clients. */

const practiceAreas = [
  'Family Law',
  'Personal Injury',
  'Estate Planning',
  'Immigration',
  'Real Estate',
  'Employment',
  'Criminal',
]
const stages = ['Consultation', 'Engaged', 'Negotiation', 'Court', 'Closing']

export function seedFirm(store: Store): void {
  const named = (resource: string, names: readonly string[], rest: JsonObject = {}) =>
    new Map(names.map(name => [name, store.insert(resource, { ...rest, name }).id]))

  const [intake, sam] = [
    user(store, 'Ina', 'Take', 'intake@smith.example', false),
    user(store, 'Sam', 'Smith', 'sam@smith.example', true),
  ]
  store.insert('calendars', {
    name: 'Smith & Partners',
    type: 'AccountCalendar',
    color: '#616161',
    permission: 'owner',
    visible: true,
    source: 'web',
  })
  const areas = named('practice_areas', practiceAreas, { code: null, category: null })
  for (const [index, name] of stages.entries()) {
    store.insert('matter_stages', { name, order: index + 1, practice_area: { id: areas.get('Family Law') ?? null } })
  }
  store.insert('currencies', { code: 'USD', sign: '$' })
  named('groups', ['Litigation', 'Intake'], { type: 'AdhocGroup' })
  named('task_types', ['Call', 'Draft', 'Court'])
  named('task_template_lists', ['New family matter', 'New injury claim'], { description: 'First steps' })
  named('activity_descriptions', ['Consultation', 'Drafting', 'Court appearance'], {
    visible_to_co_counsel: true,
    default: false,
  })
  named('expense_categories', ['Filing fee', 'Travel'], { entry_type: 'hard_cost', rate: 0 })
  named('document_categories', ['Correspondence', 'Evidence', 'Pleadings'])
  named('calendar_entry_event_types', ['Consultation', 'Hearing'], { color: '#C75300' })
  const fields = customFields(store)
  clients(store, areas, fields, sam, intake)
}

function user(store: Store, first: string, last: string, email: string, owner: boolean): Id {
  const calendar = store.insert('calendars', {
    name: `${first} ${last}`,
    type: 'UserCalendar',
    color: '#367B9C',
    permission: 'owner',
    visible: true,
    source: 'web',
  })
  return store.insert('users', {
    first_name: first,
    last_name: last,
    email,
    enabled: true,
    account_owner: owner,
    subscription_type: owner ? 'Attorney' : 'NonAttorney',
    roles: owner ? ['admin'] : [],
    rate: owner ? 320 : 120,
    time_zone: 'Eastern Time (US & Canada)',
    default_calendar_id: calendar.id,
    account: { id: accountId(store), name: 'Smith & Partners' },
  }).id
}

/** Accounts are numbered apart from their records: two that hold the same are two all the same. */
function accountId(store: Store): number {
  const own = Number(store.nextId())
  return store.name === 'smith'
    ? own
    : own + 1000 * [...store.name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7)
}

function customFields(store: Store): Map<string, Id> {
  const field = (name: string, parent: string, type: string, options: readonly string[] = []): [string, Id] => {
    const choices = options.map(option => newItem(store, { option }))
    const data = {
      name,
      parent_type: parent,
      field_type: type,
      displayed: true,
      required: false,
      deleted: false,
      picklist_options: choices,
    }
    return [name, store.insert('custom_fields', data).id]
  }
  return new Map([
    field('Referral source', 'Matter', 'picklist', ['Google', 'Friend or family', 'Advertisement', 'Other']),
    field('Opposing party', 'Matter', 'text_line'),
    field('Incident date', 'Matter', 'date'),
    field('Estimated value', 'Matter', 'currency'),
    field('Urgent', 'Matter', 'checkbox'),
    field('Children', 'Matter', 'numeric'),
    field('Story', 'Matter', 'text_area'),
    field('Preferred language', 'Contact', 'text_line'),
    field('Newsletter', 'Contact', 'checkbox'),
  ])
}

function clients(store: Store, areas: Map<string, Id>, fields: Map<string, Id>, attorney: Id, intake: Id): void {
  const person = (first: string, last: string, email: string, phone: string) =>
    store.insert('contacts', {
      type: 'Person',
      first_name: first,
      last_name: last,
      email_addresses: [newItem(store, { name: 'Work', address: email, default_email: true, primary: true })],
      phone_numbers: [newItem(store, { name: 'Mobile', number: phone, default_number: true, primary: true })],
    }).id
  const maria = person('Maria', 'Alvarez', 'maria.alvarez@mail.example', '(212) 555-0143')
  const john = person('John', 'Okafor', 'john.okafor@mail.example', '+1 917-555-0170')
  store.insert('contacts', { type: 'Company', name: 'Harbor Freight Partners' })
  const matter = (number: number, client: Id, last: string, area: string, description: string, status: string) =>
    store.insert('matters', {
      number,
      display_number: `${String(number).padStart(5, '0')}-${last}`,
      client: { id: client },
      practice_area: { id: areas.get(area) ?? null },
      responsible_attorney: { id: attorney },
      description,
      status,
      billable: true,
      open_date: '2026-01-12',
    }).id
  const divorce = matter(1, maria, 'Alvarez', 'Family Law', 'Divorce', 'open')
  matter(2, john, 'Okafor', 'Estate Planning', 'Will', 'closed')
  const party = fields.get('Opposing party') ?? 0
  const row = store.get('matters', divorce)
  const value = { id: `text_line-${store.nextId()}`, custom_field: { id: party }, value: 'Carlos Alvarez' }
  if (row) store.replace(row, { ...row.data, custom_field_values: [value] })
  store.insert('tasks', {
    name: 'Ask for bank statements',
    description: 'The last two years',
    assignee: { id: intake, type: 'User' },
    matter: { id: divorce },
    status: 'pending',
    priority: 'Normal',
    permission: 'public',
    due_at: '2026-02-02',
  })
}
