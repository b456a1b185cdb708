import type { Json, JsonObject } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import { invalid, notFound, Refusal } from '../http.ts'
import { checkFieldValues, seenFieldValues } from './custom-fields.ts'
import { documentQuirk } from './documents.ts'
import type { Quirk } from './quirk.ts'
import { type Row, type Store, stamp } from './store.ts'

/** Where Clio's behaviour differs in kind from one resource to another. Everything else follows from the contract. */

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .map(word => word.slice(0, 1))
    .join('')
    .toUpperCase()
}

export function contactName(data: JsonObject): string {
  if (data.type === 'Company') return text(data.name)
  return [data.first_name, data.middle_name, data.last_name].map(text).filter(Boolean).join(' ') || text(data.name)
}

/** The item that is marked as default, or the first one; Clio has exactly one primary where there are any. */
function withPrimary(items: Json | undefined, mark: string): Json {
  const own = list(items)
  const marked = own.findLast(item => item[mark] === true) ?? own[0]
  return own.map(item => ({ ...item, primary: item === marked, [mark]: item === marked }))
}

function primary(items: Json | undefined, key: string): Json {
  return list(items).find(item => item.primary === true)?.[key] ?? null
}

function mattersOf(store: Store, contact: Row): Row[] {
  return store
    .all('matters')
    .filter(({ data }) => isObject(data.client) && String(data.client.id) === String(contact.id))
}

const contacts: Quirk = {
  complete(after, before, context) {
    const { email_addresses, phone_numbers, web_sites } = after
    return checkFieldValues('Contact', before, context.store, {
      ...after,
      ...(email_addresses && { email_addresses: withPrimary(email_addresses, 'default_email') }),
      ...(phone_numbers && { phone_numbers: withPrimary(phone_numbers, 'default_number') }),
      ...(web_sites && { web_sites: withPrimary(web_sites, 'default_web_site') }),
    })
  },
  remove(row, { store }) {
    if (mattersOf(store, row).some(matter => matter.data.status !== 'closed')) {
      throw invalid('Contact cannot be deleted because it is the client of an open matter.')
    }
    return false
  },
  derived: {
    name: ({ data }) => contactName(data),
    initials: ({ data }) => initialsOf(contactName(data)),
    is_client: (row, store) => mattersOf(store, row).length > 0,
    primary_email_address: ({ data }) => primary(data.email_addresses, 'address'),
    primary_phone_number: ({ data }) => primary(data.phone_numbers, 'number'),
    custom_field_values: seenFieldValues,
  },
}

const day = (store: Store): string => stamp(store.now()).slice(0, 10)

const matters: Quirk = {
  complete(after, before, context) {
    const { store } = context
    const status = text(after.status) || 'open'
    const dated = { open: 'open_date', pending: 'pending_date', closed: 'close_date' }[status]
    const next: JsonObject = { billable: true, ...after, status }
    if (dated && (!before || before.status !== status)) next[dated] ??= day(store)
    if (!before) {
      const number = store.all('matters').length + 1
      next.number = number
      const client = isObject(after.client) ? store.get('contacts', after.client.id) : undefined
      const name = text(client?.data.last_name) || (client ? contactName(client.data) : '')
      next.display_number ??= `${String(number).padStart(5, '0')}-${name}`
    }
    return checkFieldValues('Matter', before, store, next)
  },
  derived: {
    custom_field_values: seenFieldValues,
    has_tasks: (row, store) =>
      store.all('tasks').some(({ data }) => isObject(data.matter) && data.matter.id === row.id),
  },
}

const tasks: Quirk = {
  complete(after, before, { store, behaviour, user }) {
    const allowed = behaviour.advancedTasks
      ? ['pending', 'in_progress', 'in_review', 'complete']
      : ['complete', 'pending']
    const status = text(after.status) || 'pending'
    if (!allowed.includes(status)) throw invalid(`status must be one of ${JSON.stringify(allowed)}`)
    const completed = before?.status === 'complete' ? (after.completed_at ?? null) : stamp(store.now())
    return {
      permission: 'public',
      priority: 'Normal',
      assigner: user ? { id: user.id } : null,
      ...after,
      status,
      completed_at: status === 'complete' ? completed : null,
    }
  },
  // Written "Normal", answered "normal".
  derived: { priority: ({ data }) => text(data.priority).toLowerCase() },
}

const calendarEntries: Quirk = {
  complete(after, before, { behaviour }) {
    if (!before && behaviour.refuseCalendarMatter && after.matter) throw notFound('Matter')
    if (Date.parse(text(after.end_at)) < Date.parse(text(after.start_at))) throw invalid('End must be after start.')
    const shortened = behaviour.otherwise.includes('all-day-shortened') && after.all_day === true
    const end_at = shortened ? stamp(Date.parse(text(after.end_at)) - 86_400_000) : after.end_at
    return { all_day: false, ...after, ...(end_at !== undefined && { end_at }) }
  },
  derived: { start_at_time_zone: () => 'America/New_York' },
}

const activities: Quirk = {
  complete(after, _before, { user }) {
    const kept = { ...after }
    delete kept.start_timer
    return { ...(user && { user: { id: user.id } }), non_billable: false, no_charge: false, ...kept }
  },
  // Seconds since 4.0.4; rounding to six minutes is the account's setting.
  derived: {
    quantity_in_hours: ({ data }) => hours(data.quantity),
    rounded_quantity: ({ data }) => Math.ceil(Number(data.quantity ?? 0) / 360) * 360,
    rounded_quantity_in_hours: ({ data }) => hours(Math.ceil(Number(data.quantity ?? 0) / 360) * 360),
    total: ({ data }) => {
      const price = Number(data.price ?? 0)
      return data.type === 'TimeEntry' ? Math.round(price * hours(data.quantity) * 100) / 100 : price
    },
  },
}

function hours(seconds: Json | undefined): number {
  return Math.round((Number(seconds ?? 0) / 3600) * 10000) / 10000
}

const users: Quirk = {
  derived: {
    name: ({ data }) => [data.first_name, data.last_name].map(text).join(' '),
    initials: ({ data }) => initialsOf(`${text(data.first_name)} ${text(data.last_name)}`),
  },
}

/** One running timer per user: starting another stops the first, and stopping adds the time to its activity. */
const timer: Quirk = {
  one: ({ store }) => store.all('timer')[0],
  insert(data, { store }) {
    const running = store.all('timer')[0]
    if (running) stop(running, store)
    return store.insert('timer', { ...data, start_time: stamp(store.now()) })
  },
  remove(row, { store }) {
    stop(row, store)
    return true
  },
  derived: { elapsed_time: ({ data }, store) => (store.now() - Date.parse(text(data.start_time))) / 1000 },
}

function stop(row: Row, store: Store): void {
  const activity = isObject(row.data.activity) ? store.get('activities', row.data.activity.id) : undefined
  const elapsed = (store.now() - Date.parse(text(row.data.start_time))) / 1000
  if (activity) store.replace(activity, { ...activity.data, quantity: Number(activity.data.quantity ?? 0) + elapsed })
  store.remove(row)
}

const webhooks: Quirk = {
  complete(after, before, { store, user }) {
    if (!text(after.url).startsWith('https://')) throw invalid('url must be an https URL.')
    const expires = stamp(store.now() + 3 * 86_400_000)
    return {
      events: ['created', 'updated', 'deleted'],
      expires_at: expires,
      user: user ? { id: user.id } : null,
      ...after,
      status: before?.status ?? 'pending',
    }
  },
}

const notes: Quirk = {
  complete(after, _before, { user, store }) {
    const key = after.type === 'Contact' ? 'contact' : 'matter'
    if (!isObject(after[key])) throw invalid(`${key} is required for a ${text(after.type)} note.`)
    return { author: user ? { id: user.id } : null, date: day(store), detail_text_type: 'plain_text', ...after }
  },
}

export const quirks: Readonly<Record<string, Quirk>> = {
  contacts,
  matters,
  tasks,
  calendar_entries: calendarEntries,
  activities,
  users,
  timer,
  notes,
  webhooks,
  documents: documentQuirk,
  'users/who_am_i': { one: ({ user }) => user },
}

/** A resource with one record and none to show. */
export function nothingThere(resource: string): Refusal {
  return new Refusal(404, 'RecordNotFound', `${resource}: nothing is there.`)
}
