import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { changed, refusals, warnings } from '../../change.ts'

/** What can be read and cannot work: records of the wrong kind, what no step leaves behind, texts where objects stand, empty requirements. */

const at = 'rules[0].steps'
const client: JsonObject = {
  upsert: 'contacts',
  match: ['email_addresses'],
  with: {
    type: 'Person',
    first_name: '{{ person.first_name }}',
    last_name: '{{ person.last_name }}',
    email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
  },
}
const matter: JsonObject = { create: 'matters', with: { client: '{{ steps.client }}', description: 'New' } }
const task = (more: JsonObject): JsonObject => ({ create: 'tasks', with: { name: 'Call', assignee: 7, ...more } })
const open: JsonObject = { find: 'matters', where: { status: 'open' }, several: 'all' }
const upsertWith = (more: JsonObject): JsonObject => ({ ...client, with: { ...(client.with as JsonObject), ...more } })

const document = (steps: JsonObject, more: JsonObject = {}) =>
  changed({ 'rules.0.steps': steps, ...Object.fromEntries(Object.entries(more).map(([k, v]) => [`rules.0.${k}`, v])) })
const refused = (steps: JsonObject, more?: JsonObject) =>
  refusals(document(steps, more)).map(({ path, message }) => `${path}: ${message}`)
const warned = (steps: JsonObject) => warnings(document(steps)).map(({ path, message }) => `${path}: ${message}`)

describe('a record', () => {
  it.each<[string, JsonObject, string]>([
    [
      'is of the resource that is wanted',
      { client, matter, again: { create: 'matters', with: { client: '{{ steps.matter }}', description: 'x' } } },
      `${at}.again.with.client: steps.matter is of matters, and a record of contacts is wanted`,
    ],
    [
      'is of it by its id too',
      { client, it: task({ matter: '{{ steps.client.id }}' }) },
      `${at}.it.with.matter: steps.client.id is of contacts, and a record of matters is wanted`,
    ],
    [
      'is of it in an object',
      { client, it: task({ matter: { id: '{{ steps.client.id }}' } }) },
      `${at}.it.with.matter.id: steps.client.id is of contacts, and a record of matters is wanted`,
    ],
    [
      'says of what it is where several are taken',
      { client, it: { create: 'documents', with: { name: 'x', parent: '{{ steps.client.id }}' } } },
      `${at}.it.with.parent: is read as the id of one of matters: write {{ steps.client }}, which says of what it is`,
    ],
    [
      'is a record',
      { tell: { notify: 'intake', text: 'x' }, it: task({ matter: '{{ steps.tell }}' }) },
      `${at}.it.with.matter: steps.tell leaves no record behind, and one of matters is wanted`,
    ],
    [
      'is one',
      { open, it: task({ matter: '{{ steps.open }}' }) },
      `${at}.it.with.matter: steps.open is a list, and one record of matters is wanted`,
    ],
    [
      'is named, not told of',
      { it: task({ matter: '{{ person }}' }) },
      `${at}.it.with.matter: person is an object, and a record of matters is wanted: its id, its name or a step`,
    ],
    [
      'is looked for among its own',
      { client, it: { find: 'tasks', where: { matter_id: '{{ steps.client }}' } } },
      `${at}.it.where.matter_id: steps.client is of contacts, and a record of matters is wanted`,
    ],
  ])('%s', (_, steps, why) => {
    expect(refused(steps)).toContain(why)
  })

  it('is changed and deleted as what it is', () => {
    const steps = { client, it: { delete: 'matters', id: '{{ steps.client.id }}' } }
    expect(refused(steps, { trusted: true })).toContain(
      `${at}.it.id: steps.client.id is of contacts, and a record of matters is wanted`,
    )
  })

  it('is what its link keeps', () => {
    const text = changed({ 'rules.2.steps.meeting.delete': 'tasks' })
    expect(refusals(text)).toEqual([
      {
        path: 'rules[2].steps.meeting.id',
        message: 'links.meeting is of calendar_entries, and a record of tasks is wanted',
      },
    ])
  })

  it.each<[string, JsonObject]>([
    ['a step', { client, matter, it: task({ matter: '{{ steps.matter }}' }) }],
    ['its id', { client, matter, it: task({ matter: '{{ steps.matter.id }}' }) }],
    ['one of a list', { open, it: task({ matter: '{{ steps.open[0] }}' }) }],
    ['an item', { open, it: { each: 'steps.open', ...task({ matter: '{{ item }}' }) } }],
    ['an answer', { it: task({ matter: '{{ fields.matter }}', assignee: '{{ person.email }}' }) }],
    ['of one of the kinds', { client, it: { create: 'documents', with: { name: 'x', parent: '{{ steps.client }}' } } }],
    [
      'an id with its type',
      {
        client,
        it: { create: 'documents', with: { name: 'x', parent: { id: '{{ steps.client.id }}', type: 'Contact' } } },
      },
    ],
    [
      'a user for their calendar',
      {
        sam: { get: 'users', id: 'sam@smith.example' },
        it: {
          create: 'calendar_entries',
          with: { summary: 'x', start_at: '2026-05-04', end_at: '2026-05-04', calendar_owner: '{{ steps.sam }}' },
        },
      },
    ],
  ])('may be %s', (_, steps) => {
    expect(refused(steps)).toEqual([])
  })
})

describe('what a step leaves behind', () => {
  it.each<[string, JsonObject, string]>([
    [
      'of a create is its id',
      { client, matter, it: task({ name: 'Review {{ steps.matter.display_number }}' }) },
      `${at}.it.with.name: there is no display_number: 'create' leaves id, etag, resource, created behind: a step with 'get' reads the rest`,
    ],
    [
      'of an upsert is whether it was made, not whether it was found',
      { client, it: { if: '!steps.client.found', park: 'Nobody' } },
      `${at}.it.if: there is no found: 'upsert' leaves id, etag, resource, created behind: a step with 'get' reads the rest`,
    ],
    [
      'of a conflict check are its matches',
      { check: { check_conflicts: '{{ fields.opponent }}' }, it: task({ description: '{{ steps.check.names }}' }) },
      `${at}.it.with.description: there is no names: 'check_conflicts' leaves found, matches behind`,
    ],
    [
      'with each is a list',
      {
        open,
        papers: { each: 'steps.open', ...task({ matter: '{{ item }}' }) },
        it: task({ name: '{{ steps.papers.id }}' }),
      },
      `${at}.it.with.name: steps.papers is a list: a step with "each": "steps.papers" reads item.id, and steps.papers[0].id is that of the first`,
    ],
    [
      'is no text',
      { client, it: task({ description: '{{ steps.client }}' }) },
      `${at}.it.with.description: is what a step leaves behind, and a single value is wanted: write steps.client.id, or what it reads`,
    ],
  ])('%s', (_, steps, why) => {
    expect(refused(steps)).toEqual([why])
  })

  it('is a file for each of the files', () => {
    const papers = {
      each: 'files',
      create: 'documents',
      with: { name: '{{ item.filename }}', parent: 7, content: '{{ item }}' },
    }
    expect(refused({ papers })).toEqual([
      `${at}.papers.with.name: there is no filename: a file has name, content_type and size; did you mean name?`,
    ])
  })

  it('of a find that parks is always found', () => {
    const it = { if: '!steps.who.found', park: 'Nobody' }
    const who = { find: 'contacts', where: { query: '{{ person.email }}' } }
    const always = `${at}.it.if: steps.who.found is always true: without "none": "continue" the run parks when nothing is found`
    expect(warned({ who, it })).toContain(always)
    expect(warned({ who: { ...who, none: 'continue' }, it })).not.toContain(always)
  })
})

describe('a value that cannot be what is wanted', () => {
  it.each<[string, JsonObject, string]>([
    [
      'a text for an object',
      upsertWith({ email_addresses: '{{ person.email }}' }),
      `${at}.it.with.email_addresses: must be an object with address, default_email, name: what stands here is text`,
    ],
    [
      'a text for an object in a list',
      upsertWith({ phone_numbers: ['+1 {{ fields.phone }}'] }),
      `${at}.it.with.phone_numbers[0]: must be an object with default_number, name, number: what stands here is text`,
    ],
    [
      'a person for a text',
      task({ description: '{{ person }}' }),
      `${at}.it.with.description: is an object, and a single value is wanted`,
    ],
    ['nothing for what Clio requires', task({ name: '' }), `${at}.it.with.name: is empty: Clio requires it`],
    ['null for what Clio requires', task({ assignee: null }), `${at}.it.with.assignee: is empty: Clio requires it`],
    [
      'an object for a custom field',
      { ...matter, with: { client: 7, description: 'x', custom_fields: { Lead: { a: 1 } } } },
      `${at}.it.with.custom_fields.Lead: is an object, and a custom field holds a single value`,
    ],
    [
      'an expression for the name of a custom field',
      { ...matter, with: { client: 7, description: 'x', custom_fields: { '{{ fields.name }}': 'x' } } },
      `${at}.it.with.custom_fields["{{ fields.name }}"]: is a name, and cannot be an expression`,
    ],
    [
      'a text for a file',
      { create: 'documents', with: { parent: 7, content: '{{ message }}' } },
      `${at}.it.with.content: must be one file of the event: {{ files[0] }}, or {{ item }} in a step with "each": "files"`,
    ],
    [
      'all files for one',
      { create: 'documents', with: { parent: 7, content: '{{ files }}' } },
      `${at}.it.with.content: must be one file of the event: {{ files[0] }}, or {{ item }} in a step with "each": "files"`,
    ],
    [
      'nothing to change',
      { update: 'matters', id: 7, with: {} },
      `${at}.it.with: is empty, so nothing would be changed`,
    ],
    [
      'an empty filter',
      { find: 'contacts', where: { query: '' } },
      `${at}.it.where.query: is empty, and an empty filter finds nothing: leave it out`,
    ],
    [
      'a filter by custom fields',
      { find: 'matters', where: { custom_fields: { Lead: 'x' } } },
      `${at}.it.where.custom_fields: is not known here; did you mean 'custom_field_ids'?`,
    ],
    [
      'several for a filter of one',
      { find: 'matters', where: { status: ['open', 'pending'] } },
      `${at}.it.where.status: takes one value, not a list`,
    ],
    [
      'an option of the step among its values',
      task({ if: 'true' }),
      `${at}.it.with.if: is an option of the step: it stands beside 'with'`,
    ],
    [
      'a value beside the options',
      { create: 'tasks', assignee: 7, with: { name: 'x' } },
      `${at}.it.assignee: is no key of a step. Clio's own fields stand in 'with'`,
    ],
  ])('%s', (_, it, why) => {
    expect(refused({ it })).toContain(why)
  })

  it('says so of a condition and of a duration that nobody means', () => {
    expect(warned({ it: { ...task({ time_estimated: 30 }), if: '1 == 2' } })).toEqual(
      expect.arrayContaining([
        `${at}.it.if: is the same for every event: it reads nothing of one`,
        `${at}.it.with.time_estimated: is 30 seconds: write a duration such as "1h 30m", or seconds`,
      ]),
    )
    expect(
      warned({ it: { ...task({ time_estimated: 1800 }), if: 'false' } }).filter(one => one.includes('.it.')),
    ).toEqual([])
  })

  it.each<[string, Json]>([
    ['ids', [1, 2]],
    ['ids[]', [1, 2]],
    ['open_date', '2026-05-04'],
  ])('but a filter takes several by either name: %s', (key, value) => {
    expect(refused({ it: { find: 'matters', where: { [key]: value } } })).toEqual([])
  })
})
