import { describe, expect, test } from 'vitest'
import { advance } from '../../../src/clio/operations/operation.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Intent } from '../../../src/model/intent.ts'
import { ann, type Firm, pastOf, startFirm } from '../clio.ts'

const create = (resource: string, values: JsonObject): Intent => ({ verb: 'create', resource, with: values })
const update = (resource: string, id: Json, values: JsonObject, linked = false): Intent => ({
  verb: 'update',
  resource,
  id,
  linked,
  with: values,
})
const remove = (resource: string, id: Json, linked = false): Intent => ({ verb: 'delete', resource, id, linked })
const find = (resource: string, where: JsonObject, more: object = {}): Intent => ({
  verb: 'find',
  resource,
  where,
  none: 'park',
  several: 'park',
  ...more,
})
const task = { name: 'Call', assignee: 'Ina Take' }
const meeting = {
  summary: 'Meeting',
  start_at: '2026-11-02T10:00',
  end_at: '2026-11-02T11:00',
  calendar_owner: 'sam@smith.example',
}
/** Calls of a method, as Clio saw them. */
const seen = (firm: Firm, method: string) => firm.sandbox.ledger.entries.filter(entry => entry.method === method)

describe('create', () => {
  test('one call; the output is the record and of what resource it is', async () => {
    const firm = startFirm()
    const output = await firm.create('tasks', task)
    expect(output).toEqual({
      id: firm.idOf('tasks', 'Call'),
      etag: expect.any(String),
      resource: 'tasks',
      created: true,
    })
    expect(firm.writes()).toEqual(['POST tasks'])
  })

  test('what is behind a step is not done again', async () => {
    const firm = startFirm()
    const { past, output } = await firm.carryOut(create('tasks', task))
    expect(await firm.carryOut(create('tasks', task), past)).toMatchObject({ output })
    expect(firm.writes()).toEqual(['POST tasks'])
  })

  test('a refusal parks with Clio’s words, and the same call is not sent twice', async () => {
    const firm = startFirm()
    const words = await firm.parked(create('tasks', { ...task, status: 'in_review' }))
    expect(words).toBe('Clio refused POST tasks (422): status must be one of ["complete","pending"]')
    expect(seen(firm, 'POST')).toHaveLength(1)
  })

  test('a kept id of a record that is gone: the lists are forgotten, and Clio asked once more', async () => {
    const firm = startFirm()
    const matter = { client: 'Maria Alvarez', description: 'x', practice_area: 'Immigration' }
    await firm.create('matters', matter)
    const store = firm.sandbox.account('smith')
    store.remove(store.get('practice_areas', firm.idOf('practice_areas', 'Immigration'))!)
    const fresh = store.insert('practice_areas', { name: 'Immigration' })
    const { id } = await firm.create('matters', matter)
    expect(firm.record('matters', id).practice_area).toEqual({ id: fresh.id })
  })

  test('once more, and not for ever', async () => {
    const firm = startFirm()
    await firm.create('matters', { client: 'Maria Alvarez', description: 'x', practice_area: 'Immigration' })
    const store = firm.sandbox.account('smith')
    firm.sandbox.trouble.add({ method: 'POST', action: { do: 'fail', status: 404, message: 'no' } })
    store.remove(store.get('practice_areas', firm.idOf('practice_areas', 'Immigration'))!)
    store.insert('practice_areas', { name: 'Immigration' })
    const before = seen(firm, 'POST').length
    await firm.parked(create('matters', { client: 'Maria Alvarez', description: 'y', practice_area: 'Immigration' }))
    expect(seen(firm, 'POST').length - before).toBe(2)
  })

  test.each(['calendar_entries', 'communications', 'documents', 'folders'])(
    '%s carry the step’s mark',
    async resource => {
      const firm = startFirm()
      const values: Record<string, JsonObject> = {
        calendar_entries: { ...meeting, external_properties: [{ name: 'booking', value: '7' }] },
        communications: { type: 'PhoneCommunication', subject: 'x', body: 'y' },
        documents: { name: 'x', parent: '00001-Alvarez' },
        folders: { name: 'x', parent: '00001-Alvarez' },
      }
      const { id } = await firm.create(resource, values[resource]!)
      const properties = firm.record(resource, id).external_properties as JsonObject[]
      expect(properties.at(-1)).toMatchObject({ name: 'docketed', value: 'run-1/rule/step' })
      expect(properties).toHaveLength(resource === 'calendar_entries' ? 2 : 1)
    },
  )

  test('the Clio that refuses a look-up is quoted', async () => {
    const firm = startFirm()
    firm.sandbox.trouble.add({ method: 'GET', action: { do: 'fail', status: 422, message: 'not so' } })
    expect(await firm.parked(create('tasks', task))).toBe('Clio refused a look-up (422): not so')
  })

  test('a verb that is none of Clio’s parks', async () => {
    expect(await startFirm().parked({ verb: 'notify', to: 'x', text: 'y' })).toMatch(/no call on Clio/)
  })
})

describe('a calendar entry whose matter Clio refuses at once', () => {
  const entry = create('calendar_entries', { ...meeting, matter: '00001-Alvarez' })
  const refusing = () => startFirm({ behaviour: { refuseCalendarMatter: true } })
  const matterOf = (firm: Firm, id: Json | undefined) => firm.record('calendar_entries', id).matter

  test('is made without, then linked', async () => {
    const firm = refusing()
    const { id } = await firm.done(entry)
    expect(firm.writes()).toEqual(['POST calendar_entries', 'PATCH calendar_entries/#'])
    expect(matterOf(firm, id)).toEqual({ id: firm.idOf('matters', '00001-Alvarez') })
    expect(firm.record('calendar_entries', id).external_properties).toHaveLength(1)
  })

  test('is made with it where Clio takes it', async () => {
    const firm = startFirm()
    const { id } = await firm.done(entry)
    expect(firm.writes()).toEqual(['POST calendar_entries'])
    expect(matterOf(firm, id)).toBeDefined()
  })

  test('a link that is refused parks; resumed, it is made', async () => {
    const firm = refusing()
    firm.sandbox.trouble.add({ method: 'PATCH', times: 1, action: { do: 'fail', status: 422, message: 'not now' } })
    const ended = await firm.carryOut(entry)
    expect(ended.park).toMatch(/Clio refused PATCH calendar_entries\/\d+ \(422\): not now/)
    // Refusals before a resume are no longer behind the step.
    const resumed = await firm.carryOut(
      entry,
      ended.past.filter(one => one.applied),
    )
    expect(matterOf(firm, resumed.output!.id)).toEqual({ id: firm.idOf('matters', '00001-Alvarez') })
    expect(firm.writes()).toEqual(['POST calendar_entries', 'PATCH calendar_entries/#'])
  })

  test('a 404 that means something else parks', async () => {
    const firm = startFirm()
    firm.sandbox.trouble.add({
      method: 'POST',
      action: { do: 'fail', status: 404, message: 'Calendar was not found.' },
    })
    expect(await firm.parked(entry)).toMatch(/Calendar was not found/)
    expect(seen(firm, 'POST')).toHaveLength(2)
  })

  test('an upsert links it as well', async () => {
    const firm = refusing()
    const values = (entry as { with: JsonObject }).with
    const intent: Intent = {
      verb: 'upsert',
      resource: 'calendar_entries',
      match: ['summary'],
      existing: 'keep',
      several: 'park',
      with: values,
    }
    const { id } = await firm.done(intent)
    expect(matterOf(firm, id)).toEqual({ id: firm.idOf('matters', '00001-Alvarez') })
  })
})

describe('update', () => {
  test('changes what is said, by id, by a step or by name', async () => {
    const firm = startFirm()
    const id = firm.idOf('matters', '00001-Alvarez')
    for (const [at, handle] of [id, String(id), { id, resource: 'matters' }, '00001-Alvarez'].entries()) {
      const output = await firm.done(update('matters', handle, { location: `Room ${at}`, status: 'Pending' }))
      expect(output).toMatchObject({ id, resource: 'matters' })
      expect(firm.record('matters', id)).toMatchObject({ location: `Room ${at}`, status: 'pending' })
    }
  })

  test('a step of another resource is not taken for it', async () => {
    const firm = startFirm()
    const client = { id: firm.idOf('matters', '00001-Alvarez'), resource: 'contacts' }
    expect(await firm.parked(update('matters', client, { location: 'x' }))).toBe(
      'The matters to update wants a record of matters, not of contacts.',
    )
  })

  test('lists are not doubled, whoever sent them before', async () => {
    const firm = startFirm()
    const { id } = await firm.create('contacts', ann)
    const values = {
      email_addresses: [
        { name: 'Home', address: 'ANN.lee@mail.example' },
        { name: 'Home', address: 'ann@home.example' },
      ],
      phone_numbers: { name: 'Home', number: '(212) 555-0199' },
      web_sites: [{ name: 'Work', address: 'https://lee.example' }],
      addresses: [{ name: 'Home', street: '1 Main St', city: 'York' }],
    }
    for (let n = 0; n < 3; n++) await firm.done(update('contacts', id!, values))
    const record = firm.record('contacts', id)
    expect(record.email_addresses).toHaveLength(2)
    expect(record.phone_numbers).toHaveLength(1)
    expect(record.web_sites).toHaveLength(1)
    expect(record.addresses).toHaveLength(1)
    expect(seen(firm, 'PATCH')).toHaveLength(1)
  })

  test('custom fields are changed by their own ids, also when one was set by hand in between', async () => {
    const firm = startFirm()
    const id = firm.idOf('matters', '00001-Alvarez')
    const set = (custom_fields: JsonObject) => firm.done(update('matters', id, { custom_fields }))
    const values = () => (firm.record('matters', id).custom_field_values as JsonObject[]).map(one => one.value)
    await set({ 'Opposing party': 'Eve', Children: 2 })
    expect(values()).toEqual(['Eve', '2'])
    const store = firm.sandbox.account('smith')
    const row = store.get('matters', id)!
    const urgent = { id: 'checkbox-9', custom_field: { id: firm.idOf('custom_fields', 'Urgent') }, value: 'false' }
    store.replace(row, { ...row.data, custom_field_values: [...(row.data.custom_field_values as Json[]), urgent] })
    await set({ Urgent: 'yes', Children: 2 })
    expect(values()).toEqual(['Eve', '2', 'true'])
  })

  test('custom fields and lists of other resources are read only where they are', async () => {
    const firm = startFirm()
    const { id } = await firm.create('communications', { type: 'PhoneCommunication', subject: 'x', body: 'y' })
    const senders = [{ name: 'Maria Alvarez', type: 'Contact' }]
    await firm.done(update('communications', id!, { senders, external_properties: [{ name: 'a', value: 'b' }] }))
    await firm.done(update('communications', id!, { external_properties: [{ name: 'a', value: 'b' }] }))
    expect(firm.record('communications', id).external_properties).toHaveLength(2)
    expect(await firm.parked(update('communications', id!, { custom_fields: { a: 1 } }))).toMatch(
      /only matters and contacts/,
    )
  })

  test('nothing left to change is no call', async () => {
    const firm = startFirm()
    const { id } = await firm.create('contacts', ann)
    const output = await firm.done(update('contacts', id!, { email_addresses: ann.email_addresses! }))
    expect(output).toEqual({ id, resource: 'contacts' })
    expect(seen(firm, 'PATCH')).toEqual([])
  })

  test('a record that is gone parks with Clio’s words', async () => {
    const firm = startFirm()
    expect(await firm.parked(update('tasks', 4711, { name: 'x' }))).toMatch(/Clio refused a look-up \(404\)/)
    expect(await firm.parked(update('contacts', 4711, { email_addresses: [{ address: 'a@x' }] }))).toMatch(
      /look-up \(404\)/,
    )
  })

  test.each<Json>([null, '', { id: null, found: false }])('an id that is empty: %j', async id => {
    const firm = startFirm()
    expect(await firm.done(update('tasks', id, { name: 'x' }, true))).toEqual({ id: null, note: 'nothing to do' })
    expect(await firm.parked(update('tasks', id, { name: 'x' }))).toMatch(/no tasks to update: the id came out empty/)
    expect(firm.sandbox.ledger.entries).toEqual([])
  })

  test('an id with a slash is none, and leads to no other record', async () => {
    const firm = startFirm()
    expect(await firm.parked(update('tasks', { id: '../contacts/1' }, { name: 'x' }))).toMatch(
      /wants the id of a record of tasks/,
    )
    expect(firm.sandbox.ledger.entries).toEqual([])
    const entry = await advance(remove('calendar_entries', '991/x'), [], firm.clio)
    expect(entry).toMatchObject({ code: 'wrong-value', candidates: [] })
  })
})

describe('delete', () => {
  test('once', async () => {
    const firm = startFirm()
    const { id } = await firm.create('calendar_entries', meeting)
    const ended = await firm.carryOut(remove('calendar_entries', id!))
    expect(ended.output).toEqual({ id: String(id), resource: 'calendar_entries' })
    expect(firm.sandbox.records()).not.toHaveProperty('calendar_entries')
    await firm.carryOut(remove('calendar_entries', id!), ended.past)
    expect(seen(firm, 'DELETE')).toHaveLength(1)
  })

  test.each([404, 410])('gone is gone, whoever did it: %i', async status => {
    const firm = startFirm()
    firm.sandbox.trouble.add({ method: 'DELETE', action: { do: 'fail', status } })
    expect(await firm.done(remove('tasks', 4711))).toMatchObject({ id: '4711' })
  })

  test('a link that was never made has nothing behind it; another id that is empty is a mistake', async () => {
    const firm = startFirm()
    expect(await firm.done(remove('tasks', null, true))).toEqual({ id: null, note: 'nothing to do' })
    expect(await firm.parked(remove('tasks', null))).toMatch(/the id came out empty/)
  })

  test('a refusal parks', async () => {
    const firm = startFirm()
    const words = await firm.parked(remove('contacts', 'Maria Alvarez'))
    expect(words).toMatch(/Clio refused DELETE contacts\/\d+ \(422\): Contact cannot be deleted/)
  })
})

describe('find', () => {
  test('one, by names for ids; the output is its plain values and what it names', async () => {
    const firm = startFirm()
    const output = await firm.done(find('matters', { client_id: 'Maria Alvarez', status: 'Open' }))
    expect(output).toMatchObject({
      id: firm.idOf('matters', '00001-Alvarez'),
      resource: 'matters',
      found: true,
      display_number: '00001-Alvarez',
      status: 'Open',
      client: { id: firm.idOf('contacts', 'Maria Alvarez'), name: 'Maria Alvarez' },
      practice_area: { name: 'Family Law' },
    })
  })

  test('none: a person is asked, or the rule goes on', async () => {
    const firm = startFirm()
    const nobody = { query: 'nobody@x.example' }
    expect(await firm.parked(find('contacts', nobody))).toBe(
      'No record of contacts in Clio fits what the step looks for.',
    )
    expect(await firm.done(find('contacts', nobody, { none: 'continue' }))).toEqual({ found: false, id: null })
  })

  test('several: a person is asked, or the newest or oldest is taken', async () => {
    const firm = startFirm()
    const older = (await firm.create('tasks', { ...task, name: 'Again' })).id
    firm.pass(1000)
    const newer = (await firm.create('tasks', { ...task, name: 'Again' })).id
    const where = { query: 'Again' }
    expect(await firm.parked(find('tasks', where))).toBe(
      `2 records of tasks fit what the step looks for (ids ${older}, ${newer}).`,
    )
    expect(await firm.done(find('tasks', where, { several: 'newest' }))).toMatchObject({ id: newer })
    expect(await firm.done(find('tasks', where, { several: 'oldest' }))).toMatchObject({ id: older })
  })

  test('whose id it is may depend on the type beside it', async () => {
    const firm = startFirm()
    const assignee = { name: 'Maria Alvarez', type: 'Contact' }
    const { id } = await firm.create('tasks', { name: 'Sign', assignee })
    expect(await firm.done(find('tasks', { assignee_type: 'contact', assignee_id: 'Maria Alvarez' }))).toMatchObject({
      id,
    })
  })

  test('several values where Clio takes several', async () => {
    const firm = startFirm()
    const ids = ['00001-Alvarez', '00002-Okafor'].map(name => firm.idOf('matters', name))
    expect(await firm.done(find('matters', { ids }, { several: 'oldest' }))).toMatchObject({ id: ids[0] })
    expect(await firm.done(find('matters', { ids: ids[1]! }))).toMatchObject({ id: ids[1] })
    expect(await firm.parked(find('matters', { status: ['open', 'closed'] }))).toMatch(/by one status only, not by 2/)
  })

  test('a filter that Clio does not have, a value that is none, a resource without a list', async () => {
    const firm = startFirm()
    expect(await firm.parked(find('contacts', { email: 'x' }))).toBe('contacts cannot be filtered by email.')
    expect(await firm.parked(find('matters', { status: 'Xyzzy' }))).toMatch(/matters.status wants one of/)
    expect(await firm.parked(find('spaceships', { a: 1 }))).toMatch(/no list of spaceships/)
    expect(firm.reads).toEqual([])
  })

  test('every resource can be read as find reads it', async () => {
    const firm = startFirm()
    const { contract } = await import('../../../src/clio/contract/index.ts')
    for (const [resource, { list, one }] of Object.entries(contract)) {
      if (!list || one || Object.keys(list).some(key => key.endsWith('!'))) continue
      expect(await firm.carryOut(find(resource, {}, { none: 'continue', several: 'oldest' })), resource).toMatchObject({
        park: null,
      })
    }
  })
})

test('what is behind a step is all it needs: the next step is worked out the same after a restart', async () => {
  const firm = startFirm({ behaviour: { refuseCalendarMatter: true } })
  const intent = create('calendar_entries', { ...meeting, matter: '00001-Alvarez' })
  const past = []
  for (let n = 0; n < 3; n++) {
    const [one, again] = [await advance(intent, past, firm.clio), await advance(intent, past, firm.clio)]
    expect(again).toEqual(one)
    const { call } = one as { call: Parameters<typeof firm.send>[0] }
    const outcome = await firm.send(call)
    if (outcome.kind !== 'unknown') past.push(pastOf(call, outcome))
  }
  expect(await advance(intent, past, firm.clio)).toHaveProperty('output')
})
