import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import { isObject } from '../../src/lib/json.ts'
import { bodyOf, type Case, cases, eventsOf, optionsOf, requestOf, secretsOf } from '../sources/cases.ts'
import { doorOf, type Sent } from './door.ts'
import { start, World } from './world.ts'

/**
 * One rule, written once, whatever form service the firm uses: the same person fills in a form of each, as the bytes and with the proof
 * that its provider sends, and the same stands in Clio. From the door to the sandbox nothing is put in place of the real thing.
 */

const rule: JsonObject = {
  name: 'new-client',
  on: { endpoint: 'hook', type: 'form.submitted' },
  steps: {
    client: {
      upsert: 'contacts',
      match: ['email_addresses'],
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
        practice_area: 'Family Law',
        responsible_attorney: 'sam@smith.example',
      },
    },
    call: {
      create: 'tasks',
      with: {
        name: 'Call {{ person.first_name }} {{ person.last_name }}',
        description: '{{ message }}',
        due_at: "{{ date('+1 business day') }}",
        assignee: 'intake@smith.example',
        matter: '{{ steps.matter }}',
      },
    },
  },
}

const configuration = (endpoint: JsonObject): JsonObject => ({
  timezone: 'America/New_York',
  country: 'US',
  endpoints: { hook: endpoint },
  rules: [rule],
})

interface Vendor {
  readonly name: string
  readonly endpoint: JsonObject
  readonly secret: string
  /** @param at ms since the epoch @param secret that of the firm, or another */
  submission(at: number, secret: string): Sent
}

const vendorOf = (one: Case): Vendor => ({
  name: one.name,
  endpoint: optionsOf(one),
  secret: secretsOf(one)[0],
  submission: (at, secret) => {
    const request = requestOf(one, bodyOf(one), secret, at, 'smith')
    return { ...request, path: `hook${request.path}` }
  },
})

/** The firm's own page, which has no provider and no proof. */
const page: Vendor = {
  name: 'a page of the firm',
  endpoint: { source: 'form' },
  secret: '',
  submission: () => ({
    path: 'hook',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(
      new URLSearchParams({
        name: 'Dana Whitfield',
        email: 'dana.whitfield@example.com',
        phone: '(212) 555-0147',
        matter_type: 'Custody',
        message: 'Please call me after five.',
      }),
    ),
  }),
}

const proven = cases.filter(one => eventsOf(one).some(({ type }) => type === 'form.submitted')).map(vendorOf)
const vendors = [...proven, page]
const named = vendors.map(vendor => [vendor.name, vendor] as const)

const worlds: World[] = []
afterEach(() => {
  for (const world of worlds.splice(0)) world.close()
  vi.restoreAllMocks()
})

function open(vendor: Vendor): World {
  const world = new World({ config: configuration(vendor.endpoint) })
  worlds.push(world)
  return world
}

const send = (world: World, vendor: Vendor, secret = vendor.secret) =>
  doorOf(world, { SECRET: vendor.secret })(vendor.submission(world.clock.now, secret))

const atRest = (world: World) => world.clock.run({ enough: () => world.runs().every(({ state }) => state === 'done') })

/** What Clio has since the world began, told by what each record names: without ids, etags and stamps. */
function made(world: World): Record<'contacts' | 'matters' | 'tasks', JsonObject[]> {
  const records = world.sandbox.records()
  const known = new Map<Json, string>()
  for (const [resource, all] of Object.entries(records))
    for (const { id, name, display_number } of all) known.set(id ?? null, `${resource} ${name ?? display_number}`)
  const plain = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(plain)
    return isObject(value) ? told(value) : value
  }
  const told = (record: JsonObject): JsonObject => {
    const kept = Object.entries(record).filter(([key]) => !['id', 'etag', 'created_at', 'updated_at'].includes(key))
    const is = known.get(record.id ?? null)
    return { ...(is !== undefined && { is }), ...Object.fromEntries(kept.map(([key, inner]) => [key, plain(inner)])) }
  }
  const fresh = (resource: string) =>
    records[resource]!.filter(record => Date.parse(String(record.created_at)) >= start).map(told)
  return { contacts: fresh('contacts'), matters: fresh('matters'), tasks: fresh('tasks') }
}

const stands = {
  contacts: [
    {
      is: 'contacts Dana Whitfield',
      type: 'Person',
      name: 'Dana Whitfield',
      first_name: 'Dana',
      last_name: 'Whitfield',
      email_addresses: [{ name: 'Work', address: 'dana.whitfield@example.com', primary: true, default_email: true }],
      phone_numbers: [{ name: 'Mobile', number: '+12125550147', primary: true, default_number: true }],
    },
  ],
  matters: [
    {
      is: 'matters 00003-Whitfield',
      number: 3,
      display_number: '00003-Whitfield',
      client: { is: 'contacts Dana Whitfield' },
      description: 'Custody: Whitfield',
      practice_area: { is: 'practice_areas Family Law' },
      responsible_attorney: { is: 'users Sam Smith' },
      status: 'open',
      billable: true,
      open_date: '2026-11-24',
    },
  ],
  tasks: [
    {
      is: 'tasks Call Dana Whitfield',
      name: 'Call Dana Whitfield',
      description: 'Please call me after five.',
      due_at: '2026-11-25',
      assignee: { is: 'users Ina Take', type: 'User' },
      assigner: { is: 'users Sam Smith' },
      matter: { is: 'matters 00003-Whitfield' },
      status: 'pending',
      priority: 'Normal',
      permission: 'public',
      completed_at: null,
    },
  ],
}

it('ten form services and more are tried, and a page without any', () => {
  expect(new Set(proven.map(({ endpoint }) => endpoint.source)).size).toBeGreaterThanOrEqual(10)
})

describe.each(named)('%s', (_name, vendor) => {
  it('makes the contact, the matter and the task', async () => {
    const world = open(vendor)
    expect((await send(world, vendor)).ok).toBe(true)
    await atRest(world)
    expect(world.runs().map(({ state }) => state)).toEqual(['done'])
    expect(made(world)).toEqual(stands)
    expect(world.sandbox.ledger.view().unknown).toEqual({ keys: 0, fields: 0, query: 0 })
  })

  it('makes them once, however often it delivers', async () => {
    const world = open(vendor)
    await send(world, vendor)
    await send(world, vendor)
    await atRest(world)
    expect((await send(world, vendor)).ok).toBe(true)
    await atRest(world)
    expect(world.runs()).toHaveLength(1)
    expect(made(world)).toEqual(stands)
  })

  if (vendor === page) return
  it('makes nothing with another secret', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const world = open(vendor)
    const one = cases.find(({ name }) => name === vendor.name)!
    expect((await send(world, vendor, secretsOf(one)[1])).status).toBe(401)
    expect(world.runs()).toEqual([])
    expect(world.sandbox.ledger.entries.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})

it('a firm that goes from one to the next keeps its rule, and its client is one person', async () => {
  const world = open(page)
  for (const vendor of vendors) {
    world.configure(configuration(vendor.endpoint))
    expect((await send(world, vendor)).ok).toBe(true)
    await atRest(world)
    // The next service a day later: answers without an id are told apart by their day.
    await world.clock.run({ until: world.clock.now + 86_400_000 })
  }
  const { contacts, matters, tasks } = made(world)
  expect(contacts).toEqual(stands.contacts)
  expect(tasks).toHaveLength(vendors.length)
  expect(matters.map(({ client }) => client)).toEqual(vendors.map(() => ({ is: 'contacts Dana Whitfield' })))
})
