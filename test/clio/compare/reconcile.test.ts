import { describe, expect, test } from 'vitest'
import { appends } from '../../../src/clio/compare/reconcile.ts'
import { contract, resourceNamed } from '../../../src/clio/contract/index.ts'
import { advance } from '../../../src/clio/operations/operation.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Call } from '../../../src/model/call.ts'
import type { Intent } from '../../../src/model/intent.ts'
import { ann, type Firm, noon, startFirm } from '../clio.ts'

/** Bodies that a firm's Clio takes, as rules write them. */
const bodies: Readonly<Record<string, JsonObject>> = {
  contacts: { ...ann, name: 'Ann Lee', title: 'Dr', custom_fields: { Newsletter: 'yes' } },
  relationships: { contact: 'Maria Alvarez', matter: '00002-Okafor', description: 'Witness' },
  matters: {
    client: 'Maria Alvarez',
    description: 'Adoption',
    status: 'pending',
    practice_area: 'Family Law',
    custom_fields: { 'Referral source': 'Google', 'Estimated value': '1,250.00' },
  },
  practice_areas: { name: 'Tax', code: 'TX' },
  activities: { type: 'TimeEntry', date: '2026-10-15', quantity: '1h 30m', note: 'Draft', matter: '00001-Alvarez' },
  activity_descriptions: { name: 'Travel', visible_to_co_counsel: true },
  expense_categories: { name: 'Stamps', entry_type: 'soft_cost' },
  tasks: {
    name: 'Call back',
    assignee: 'Ina Take',
    matter: '00001-Alvarez',
    priority: 'High',
    due_at: '2026-10-16T09:00',
    notify_assignee: true,
  },
  task_types: { name: 'Visit' },
  task_template_lists: { name: 'Closing', description: 'Last steps' },
  calendar_entries: {
    summary: 'Meeting',
    start_at: '2026-11-02T10:00:00-05:00',
    end_at: '2026-11-02T16:00:00Z',
    calendar_owner: 'sam@smith.example',
    matter: '00001-Alvarez',
    attendees: ['Maria Alvarez'],
  },
  calendar_entry_event_types: { name: 'Trial', color: '#C75300' },
  calendars: { name: 'Courts', color: '#C75300' },
  documents: { name: 'Will.pdf', parent: '00001-Alvarez', document_category: 'Evidence' },
  folders: { name: 'Evidence', parent: '00001-Alvarez' },
  document_categories: { name: 'Wills' },
  notes: { type: 'Matter', matter: '00001-Alvarez', subject: 'Call', detail: 'one\r\ntwo', date: '2026-10-15' },
  communications: {
    type: 'PhoneCommunication',
    subject: 'Call',
    body: 'Hello',
    matter: '00001-Alvarez',
    senders: [{ name: 'Maria Alvarez', type: 'Contact' }],
    receivers: ['Ina Take'],
  },
  groups: { name: 'Partners' },
  custom_fields: { name: 'Colour', parent_type: 'Matter', field_type: 'text_line' },
  custom_field_sets: { name: 'Injury', parent_type: 'Matter' },
  custom_actions: { label: 'Open', target_url: 'https://x.example', ui_reference: 'matters/show' },
  webhooks: { url: 'https://x.example', model: 'matter', fields: 'id', events: ['created'] },
  'settings/text_snippets': { phrase: 'hi', snippet: 'Hello' },
}

async function callOf(firm: Firm, intent: Intent): Promise<Call> {
  const step = await advance(intent, [], firm.clio)
  if (!('call' in step)) throw new Error(`No call: ${JSON.stringify(step)}`)
  return step.call
}
const createCall = (firm: Firm, resource: string, values = bodies[resource]!) =>
  callOf(firm, { verb: 'create', resource, with: values })
const updateCall = (firm: Firm, resource: string, id: Json, values: JsonObject) =>
  callOf(firm, { verb: 'update', resource, id, linked: false, with: values })

/** Carries a call out and loses its answer; the moment it went. */
async function lost(firm: Firm, call: Call): Promise<number> {
  firm.sandbox.trouble.add({ method: call.method, times: 1, action: { do: 'lose' } })
  expect((await firm.send(call)).kind).toBe('unknown')
  expect(firm.sandbox.ledger.entries.at(-1)?.status).toBeLessThan(300)
  firm.pass(90_000)
  return firm.sandbox.ledger.entries.at(-1)!.at
}

test('a sample stands here for every resource that rules write most', () => {
  for (const name of Object.keys(bodies)) expect(resourceNamed(name)?.lookup, name).toBeDefined()
})

describe.each(Object.keys(bodies))('a create of %s', resource => {
  test('landed: its record is adopted', async () => {
    const firm = startFirm()
    const call = await createCall(firm, resource)
    const sentAt = await lost(firm, call)
    const { id } = Object.values(firm.sandbox.records()[resource]!).at(-1)!
    const found = await firm.look(call, resource, sentAt)
    expect(found).toMatchObject({ kind: 'adopt', record: String(id), answer: { data: { id } } })
  })

  test('did not land: absent', async () => {
    const firm = startFirm()
    const call = await createCall(firm, resource)
    expect(await firm.look(call, resource)).toEqual({ kind: 'absent' })
  })

  test('landed twice: a person decides', async () => {
    const firm = startFirm()
    const call = await createCall(firm, resource)
    const sentAt = await lost(firm, call)
    await firm.send(call)
    expect(await firm.look(call, resource, sentAt)).toMatchObject({
      kind: 'doubtful',
      reason: expect.stringMatching(/Several records/),
    })
  })

  test('a record that another step owns is that step’s', async () => {
    const firm = startFirm()
    const call = await createCall(firm, resource)
    const sentAt = await lost(firm, call)
    firm.others.add(String(firm.sandbox.records()[resource]!.at(-1)!.id))
    expect(await firm.look(call, resource, sentAt)).toEqual({ kind: 'absent' })
  })

  test('a record from before it was sent is another', async () => {
    const firm = startFirm()
    const call = await createCall(firm, resource)
    await lost(firm, call)
    firm.pass(10 * 60_000)
    const found = await firm.look(call, resource, noon + 10 * 60_000)
    // Groups do not show when they were made; Clio's own filter leaves them out.
    expect(found).toEqual({ kind: 'absent' })
  })
})

describe('what was found says something else', () => {
  test.each<[string, JsonObject]>([
    ['tasks', { due_at: '2026-12-01' }],
    ['activities', { quantity: 60 }],
    ['matters', { status: 'closed' }],
    ['contacts', { title: 'Prof' }],
    ['contacts', { first_name: 'Anna' }],
    ['calendar_entries', { start_at: '2026-11-02T16:00:00Z', end_at: '2026-11-02T17:00:00Z' }],
    ['communications', { body: 'Bye' }],
  ])('%s: a person decides', async (resource, changed) => {
    const firm = startFirm()
    const call = await createCall(firm, resource)
    const sentAt = await lost(firm, { ...call, body: { ...call.body, ...changed } })
    const found = await firm.look(call, resource, sentAt)
    expect(found).toMatchObject({ kind: 'doubtful', reason: expect.stringContaining('says something else in places') })
  })

  test.each<[string, JsonObject]>([
    ['tasks', { name: 'Write back' }],
    ['activities', { note: 'Review' }],
    ['contacts', { email_addresses: [{ name: 'Work', address: 'other@mail.example' }] }],
    ['calendar_entries', { external_properties: [{ name: 'docketed', value: 'run-2/rule/step' }] }],
  ])('%s: another record altogether', async (resource, changed) => {
    const firm = startFirm()
    const call = await createCall(firm, resource)
    const sentAt = await lost(firm, { ...call, body: { ...call.body, ...changed } })
    expect(await firm.look(call, resource, sentAt)).toEqual({ kind: 'absent' })
  })
})

describe('when Clio cannot be asked', () => {
  test.each(Object.keys(contract).filter(name => contract[name]!.create && !contract[name]!.lookup))(
    '%s: there is no way to look, and a person does',
    async resource => {
      const found = await startFirm().look({ method: 'POST', path: resource, body: {} }, resource)
      expect(found).toMatchObject({
        kind: 'doubtful',
        reason: expect.stringMatching(/no way to look.*discard this run; if not, resume it/s),
      })
    },
  )

  test('it refuses: a person looks', async () => {
    const firm = startFirm()
    const call = await createCall(firm, 'tasks')
    firm.sandbox.trouble.add({ method: 'GET', action: { do: 'fail', status: 422, message: 'not so' } })
    expect(await firm.look(call, 'tasks')).toMatchObject({
      kind: 'doubtful',
      reason: expect.stringContaining('not so'),
    })
  })

  test('it does not answer: nothing is decided', async () => {
    const firm = startFirm()
    const call = await createCall(firm, 'tasks')
    firm.sandbox.trouble.add({ method: 'GET', action: { do: 'fail', status: 503 } })
    await expect(firm.look(call, 'tasks')).rejects.toThrow()
  })

  test('a resource that nobody knows', async () => {
    expect(await startFirm().look({ method: 'POST', path: 'x' }, 'x')).toMatchObject({ kind: 'doubtful' })
  })
})

describe('every resource that has a lookup', () => {
  const created = Object.entries(contract).filter(([, { create, lookup, list }]) => create && lookup && list)
  const required = (name: string) => Object.keys(contract[name]!.list!).filter(key => key.endsWith('!'))

  test.each(created.map(([name]) => name).filter(name => required(name).length === 0))(
    '%s can be asked as it says',
    async resource => {
      const firm = startFirm()
      const { identity } = contract[resource]!.lookup!
      const body: JsonObject = {}
      for (const path of identity) {
        const [key = '', inner] = path.split('.')
        body[key] = /_id$|^rate$/.test(key)
          ? 1
          : inner === undefined
            ? 'x'
            : { id: 1, ...(inner === 'type' && { type: 'Task' }) }
      }
      const call: Call = { method: 'POST', path: resource, body }
      if (resource === 'contacts') call.body!.email_addresses = [{ address: 'x' }]
      if ('external_properties' in body) body.external_properties = [{ name: 'docketed', value: 'x' }]
      if ('type' in body) body.type = { contacts: 'Person', activities: 'TimeEntry' }[resource] ?? 'x'
      expect(await firm.look(call, resource)).toEqual({ kind: 'absent' })
    },
  )
})

describe('a change', () => {
  const email = (address: string) => ({ email_addresses: [{ name: 'Home', address }] })

  test('of plain values may be repeated: nobody looks', async () => {
    const firm = startFirm()
    const { id } = await firm.create('contacts', ann)
    const call = await updateCall(firm, 'contacts', id!, { title: 'Dr' })
    const before = firm.reads.length
    expect(await firm.look(call, 'contacts')).toEqual({ kind: 'absent' })
    expect(firm.reads).toHaveLength(before)
  })

  test('that adds to a list landed, or did not', async () => {
    const firm = startFirm()
    const { id } = await firm.create('contacts', ann)
    const call = await updateCall(firm, 'contacts', id!, { title: 'Dr', ...email('ann@home.example') })
    expect(await firm.look(call, 'contacts')).toEqual({ kind: 'absent' })
    await lost(firm, call)
    expect(await firm.look(call, 'contacts')).toMatchObject({ kind: 'adopt', record: String(id) })
  })

  test('that landed in part is worked out anew, and nothing is added twice', async () => {
    const firm = startFirm()
    const { id } = await firm.create('contacts', ann)
    const values = { title: 'Dr', ...email('ann@home.example') }
    const call = await updateCall(firm, 'contacts', id!, values)
    await firm.done({ verb: 'update', resource: 'contacts', id: id!, linked: false, with: email('ann@home.example') })
    expect(await firm.look(call, 'contacts')).toEqual({ kind: 'absent' })
    await firm.done({ verb: 'update', resource: 'contacts', id: id!, linked: false, with: values })
    expect(firm.record('contacts', id).email_addresses).toHaveLength(2)
    expect(firm.record('contacts', id).title).toBe('Dr')
  })

  test('of custom fields is never taken for done because another field says the same', async () => {
    const firm = startFirm()
    const id = firm.idOf('matters', '00001-Alvarez')
    const set = (custom_fields: JsonObject): Intent => ({
      verb: 'update',
      resource: 'matters',
      id,
      linked: false,
      with: { custom_fields },
    })
    await firm.done(set({ Story: 'yes' }))
    const call = await callOf(firm, set({ 'Opposing party': 'yes', Children: 'yes'.length }))
    expect(await firm.look(call, 'matters')).toEqual({ kind: 'absent' })
    const urgent = await callOf(firm, set({ Urgent: 'yes' }))
    await lost(firm, urgent)
    expect(await firm.look(urgent, 'matters')).toEqual({ kind: 'absent' })
    await firm.done(set({ Urgent: 'yes' }))
    expect(firm.record('matters', id).custom_field_values).toHaveLength(3)
  })

  test('that assigns a list of tasks cannot be seen: a person decides', async () => {
    const firm = startFirm()
    const id = firm.idOf('matters', '00001-Alvarez')
    const values = { task_template_list_instances: [{ task_template_list: 'New family matter' }] }
    const call = await updateCall(firm, 'matters', id, values)
    const found = await firm.look(call, 'matters')
    expect(found).toMatchObject({ kind: 'doubtful', reason: expect.stringContaining('task_template_list_instances') })
  })

  test('of a record that is gone did not land', async () => {
    const call: Call = { method: 'PATCH', path: 'contacts/4711', body: email('a@x.example') }
    expect(await startFirm().look(call, 'contacts')).toEqual({ kind: 'absent' })
  })

  test('which bodies add', () => {
    expect(appends({ a: [{ name: 'x' }] })).toBe(true)
    expect(appends({ a: [{ id: 1, name: 'x' }], b: 'x', c: ['x'], d: [] })).toBe(false)
  })
})

test('a deletion and an upload may be repeated', async () => {
  const firm = startFirm()
  expect(await firm.look({ method: 'DELETE', path: 'tasks/1' }, 'tasks')).toEqual({ kind: 'absent' })
  expect(await firm.look({ method: 'PUT', path: 'documents/1' }, 'documents')).toEqual({ kind: 'absent' })
  expect(firm.reads).toEqual([])
})

test('the mark is asked for by name and value, documents half uploaded included', async () => {
  const firm = startFirm()
  await firm.look(await createCall(firm, 'documents'), 'documents')
  expect(firm.reads.at(-1)!.query).toMatchObject({
    external_property_name: 'docketed',
    external_property_value: 'run-1/rule/step',
    show_uncompleted: 'true',
  })
})

test('two minutes of slack, for two clocks', async () => {
  const firm = startFirm()
  await firm.look(await createCall(firm, 'tasks'), 'tasks', noon)
  expect(firm.reads.at(-1)!.query).toMatchObject({ created_since: '2026-10-15T11:58:00.000Z' })
})
