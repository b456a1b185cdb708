import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/lib/json.ts'
import { type Change, changed, refusals, warnings } from '../../change.ts'

/** Every row is the example with something changed; the place and the words are what its author is told. */
type Row = [what: string, change: Change, path: string, message: RegExp]

const client = 'rules.0.steps.client'
const matter = 'rules.0.steps.matter'
const call = 'rules.0.steps.call'
const at = 'rules[0].steps'

function refuses(rows: Row[]): void {
  it.each(rows)('%s', (_, change, path, message) => {
    expect(refusals(changed(change))).toContainEqual({ path, message: expect.stringMatching(message) })
  })
}

/** One step in a rule of its own, for the website. */
function alone(step: Json): Change {
  return { 'rules.0.steps': { it: step } }
}

describe('a rule', () => {
  refuses([
    ['has a name', { 'rules.0.name': undefined }, 'rules[0].name', /^is missing: text$/],
    ['has a name that can stand in a path', { 'rules.0.name': 'a/b' }, 'rules[0].name', /name/],
    ['has a name of its own', { 'rules.2.name': 'booked' }, 'rules[2].name', /'booked' is the name of another rule/],
    ['has steps', { 'rules.0.steps': {} }, 'rules[0].steps', /^is empty/],
    ['has no key that is not known', { 'rules.0.step': {} }, 'rules[0].step', /did you mean 'steps'/],
    ['says when', { 'rules.0.on': undefined }, 'rules[0].on', /^is missing: an object$/],
    [
      'says of which type of event, or of which endpoint',
      { 'rules.0.on.type': undefined, 'rules.0.on.endpoint': undefined },
      'rules[0].on.type',
      /is missing: name the type/,
    ],
    [
      'says of which type when its endpoint makes several',
      { 'rules.0.on.type': undefined, 'rules.0.on.endpoint': 'calendly' },
      'rules[0].on.type',
      /is missing: 'calendly' makes booking\.created, /,
    ],
    ['is for every type at once', { 'rules.0.on.type': '*' }, 'rules[0].on.type', /is no type: name the ones/],
    [
      'names steps as CEL can read them',
      { 'rules.0.steps.2nd': { park: 'x' } },
      'rules[0].steps.2nd',
      /begins with a letter/,
    ],
    [
      'is for endpoints that exist',
      { 'rules.1.on.endpoint': 'calendy' },
      'rules[1].on.endpoint',
      /did you mean 'calendly'/,
    ],
    [
      'is for endpoints that exist, each',
      { 'rules.0.on.endpoint': ['website', 'sack'] },
      'rules[0].on.endpoint[1]',
      /did you mean 'slack'/,
    ],
    [
      'is for events that its endpoints make',
      { 'rules.1.on.type': 'booking.create' },
      'rules[1].on.type',
      /did you mean 'booking.created'/,
    ],
    [
      'is for events that its endpoints make, each',
      { 'rules.1.on.type': ['booking.created', 'form.submitted'] },
      'rules[1].on.type[1]',
      /no endpoint of this rule makes 'form.submitted': they make booking.created/,
    ],
    [
      'has a condition, not text',
      { 'rules.0.if': "'yes'" },
      'rules[0].if',
      /^a condition is true or false, and 'yes' is text/,
    ],
    ['has a condition without braces', { 'rules.0.if': '{{ fields.x }}' }, 'rules[0].if', /leave out the \{\{ \}\}/],
    [
      'has a condition that can be read',
      { 'rules.0.if': 'fields.x ==' },
      'rules[0].if',
      /^column 12: the expression ends too early$/,
    ],
    [
      'has a condition that knows no steps yet',
      { 'rules.0.if': 'steps.client.id == 3' },
      'rules[0].if',
      /there is no step 'client'/,
    ],
    ['has a condition that is not empty', { 'rules.0.if': '' }, 'rules[0].if', /^is empty$/],
  ])

  it('takes any type from a source that passes on what the sender writes', () => {
    expect(
      refusals(
        changed({
          'rules.1.on': { endpoint: 'partner', type: 'lead.made' },
          'rules.2.on.endpoint': 'partner',
          'rules.2.on.type': 'lead.lost',
        }),
      ),
    ).toEqual([])
  })

  it('without an endpoint is for all of them', () => {
    expect(refusals(changed({ 'rules.1.on.endpoint': undefined }))).toEqual([])
    expect(
      refusals(changed({ 'rules.1.on': { type: 'booking.craeted' }, 'endpoints.partner': undefined })),
    ).toContainEqual({
      path: 'rules[1].on.type',
      message: expect.stringContaining("did you mean 'booking.created'"),
    })
  })
})

describe('a step', () => {
  refuses([
    ['does something', alone({ with: {} }), `${at}.it`, /^has no verb; add one of create, /],
    ['does one thing', { [`${client}.create`]: 'contacts' }, `${at}.client`, /^has 2 verbs, create and upsert/],
    ['has no key that is not known', { [`${client}.wiht`]: {} }, `${at}.client.wiht`, /did you mean 'with'/],
    ['has a verb that is known', alone({ upsrt: 'contacts' }), `${at}.it.upsrt`, /did you mean 'upsert'/],
    [
      'is about a resource of Clio',
      { [`${matter}.create`]: 'matter' },
      `${at}.matter.create`,
      /did you mean 'matters'/,
    ],
    [
      'is about a resource of Clio that nobody could mean',
      { [`${matter}.create`]: 'invoicing' },
      `${at}.matter.create`,
      /Clio has no such resource/,
    ],
    [
      'names its resource plainly',
      { [`${matter}.create`]: '{{ fields.x }}' },
      `${at}.matter.create`,
      /cannot be an expression/,
    ],
    [
      'uses a verb that the resource offers',
      alone({ create: 'users', with: {} }),
      `${at}.it.create`,
      /does not let anybody create users; it offers get, find/,
    ],
    [
      'uses a verb that the resource offers, delete',
      alone({ delete: 'matter_stages', id: 1 }),
      `${at}.it.delete`,
      /does not let anybody delete matter_stages/,
    ],
    [
      'has the options of its verb: create',
      { [`${matter}.match`]: ['client'] },
      `${at}.matter.match`,
      /does not go with create; it belongs to upsert/,
    ],
    ['has the options of its verb: id', { [`${matter}.id`]: 3 }, `${at}.matter.id`, /belongs to update, delete/],
    [
      'has the options of its verb: upsert',
      { [`${client}.none`]: 'park' },
      `${at}.client.none`,
      /does not go with upsert; it belongs to get, find/,
    ],
    [
      'has the options of its verb: delete',
      { 'rules.2.steps.meeting.with': {} },
      'rules[2].steps.meeting.with',
      /does not go with delete/,
    ],
    ['has the options of its verb: park', { 'rules.0.steps.stop.text': 'x' }, `${at}.stop.text`, /belongs to notify/],
    ['links what makes a record', { 'rules.0.steps.tell.link': 'told' }, `${at}.tell.link`, /does not go with notify/],
    [
      'has what its verb needs: with',
      { [`${matter}.with`]: undefined },
      `${at}.matter.with`,
      /^is missing: create needs it$/,
    ],
    [
      'has what its verb needs: match',
      { [`${client}.match`]: undefined },
      `${at}.client.match`,
      /^is missing: upsert needs it$/,
    ],
    [
      'has what its verb needs: id',
      { 'rules.2.steps.meeting.id': undefined },
      'rules[2].steps.meeting.id',
      /^is missing: delete needs it$/,
    ],
    ['has what its verb needs: where', alone({ find: 'matters' }), `${at}.it.where`, /^is missing: find needs it$/],
    [
      'has what its verb needs: text',
      { 'rules.0.steps.tell.text': undefined },
      `${at}.tell.text`,
      /^is missing: notify needs it$/,
    ],
    [
      'has words that its option knows: existing',
      { [`${client}.existing`]: 'fil' },
      `${at}.client.existing`,
      /must be one of fill, extend, keep, replace; did you mean 'fill'/,
    ],
    [
      'has words that its option knows: none',
      alone({ find: 'matters', where: { query: 'x' }, none: 'ignore' }),
      `${at}.it.none`,
      /must be one of park, continue/,
    ],
    [
      'has words of its own verb: several of an upsert',
      { [`${client}.several`]: 'newest' },
      `${at}.client.several`,
      /must be one of park, create, oldest/,
    ],
    [
      'has words of its own verb: several of a find',
      alone({ find: 'matters', where: { query: 'x' }, several: 'create' }),
      `${at}.it.several`,
      /must be one of park, newest, oldest/,
    ],
    [
      'keeps one record under a link',
      { 'rules.1.steps.meeting.each': 'files' },
      'rules[1].steps.meeting.link',
      /cancels out with 'each'/,
    ],
    [
      'names its link plainly',
      { 'rules.1.steps.meeting.link': 'my meeting' },
      'rules[1].steps.meeting.link',
      /begins with a letter/,
    ],
    [
      'replaces nothing on the word of a request without a signature',
      { [`${client}.existing`]: 'replace' },
      `${at}.client.existing`,
      /requests to website carry no signature/,
    ],
    [
      'replaces nothing for every endpoint when one has no signature',
      { [`${client}.existing`]: 'replace', 'rules.0.on.endpoint': undefined },
      `${at}.client.existing`,
      /requests to website carry no signature/,
    ],
    [
      'matches by what it writes',
      { [`${client}.match`]: ['email_addresses', 'phone_number'] },
      `${at}.client.match[1]`,
      /did you mean 'phone_numbers'/,
    ],
    [
      'matches by one key once',
      { [`${client}.match`]: ['phone_numbers', 'phone_numbers'] },
      `${at}.client.match[1]`,
      /stands twice/,
    ],
    ['matches by something', { [`${client}.match`]: [] }, `${at}.client.match`, /^is empty$/],
    [
      "matches by Clio's own keys",
      { [`${matter}.create`]: undefined, [`${matter}.upsert`]: 'matters', [`${matter}.match`]: ['custom_fields'] },
      `${at}.matter.match[0]`,
      /none of Clio's own keys/,
    ],
    [
      'keeps what Clio lets nobody change',
      alone({ upsert: 'document_archives', match: ['items'], with: { items: [] } }),
      `${at}.it.upsert`,
      /does not let anybody upsert document_archives/,
    ],
    [
      'changes a record by its id',
      alone({ delete: 'tasks', id: 'the task' }),
      `${at}.it.id`,
      /must be an id such as 991/,
    ],
    [
      'goes over an expression without braces',
      { 'rules.0.steps.papers.each': '{{ files }}' },
      `${at}.papers.each`,
      /leave out the \{\{ \}\}/,
    ],
    [
      'goes over a list that is not made of its items',
      { 'rules.0.steps.papers.each': 'item.parts' },
      `${at}.papers.each`,
      /'item' exists only in a step with 'each'/,
    ],
    ['has a condition', { 'rules.0.steps.stop.if': 'size(files)' }, `${at}.stop.if`, /size\(files\) is a number/],
  ])

  it('may replace when every request is signed', () => {
    expect(refusals(changed({ [`${client}.existing`]: 'replace', 'rules.0.on.endpoint': 'slack' }))).toEqual([])
  })
})

describe('an expression', () => {
  refuses([
    [
      'reads steps that exist',
      { [`${matter}.with.client`]: '{{ steps.clint }}' },
      `${at}.matter.with.client`,
      /did you mean 'client'/,
    ],
    [
      'reads steps that are done',
      { 'rules.0.steps.client.with.title': '{{ steps.matter.id }}' },
      `${at}.client.with.title`,
      /steps.matter is a later step/,
    ],
    [
      'reads not its own step',
      { [`${matter}.with.location`]: '{{ steps.matter.id }}' },
      `${at}.matter.with.location`,
      /is this very step/,
    ],
    [
      'reads steps of its own rule',
      { 'rules.2.steps.meeting.id': '{{ steps.client }}' },
      'rules[2].steps.meeting.id',
      /there is no step 'client' in this rule/,
    ],
    [
      'reads steps by any spelling',
      { [`${matter}.with.client`]: "{{ steps['clint'] }}" },
      `${at}.matter.with.client`,
      /did you mean 'client'/,
    ],
    [
      'reads steps in a list',
      { 'rules.0.steps.conflicts.check_conflicts': ['x', '{{ steps.stop }}'] },
      `${at}.conflicts.check_conflicts[1]`,
      /a later step/,
    ],
    [
      'reads links that a rule makes',
      { 'rules.2.steps.meeting.id': '{{ links.meting }}' },
      'rules[2].steps.meeting.id',
      /no rule makes the link 'meting'; did you mean 'meeting'/,
    ],
    [
      'reads links of its own endpoints',
      { [`${matter}.with.location`]: '{{ links.meeting }}' },
      `${at}.matter.with.location`,
      /by rules for other endpoints only/,
    ],
    [
      'reads item inside each',
      { [`${call}.with.description`]: '{{ item.name }}' },
      `${at}.call.with.description`,
      /'item' exists only in a step with 'each'/,
    ],
    [
      'reads keys that a person has',
      { [`${client}.with.first_name`]: '{{ person.frist_name }}' },
      `${at}.client.with.first_name`,
      /^column 11: person has no 'frist_name'; did you mean 'first_name'/,
    ],
    [
      'reads names that exist',
      { [`${client}.with.title`]: 'Dear {{ feilds.title }}' },
      `${at}.client.with.title`,
      /^column 9: there is no 'feilds'; did you mean 'fields'/,
    ],
    [
      'calls functions that exist',
      { [`${call}.with.due_at`]: "{{ dat('today') }}" },
      `${at}.call.with.due_at`,
      /^column 4: there is no function 'dat'; did you mean 'date'/,
    ],
    [
      'ends',
      { [`${call}.with.name`]: 'Call {{ person.first_name }' },
      `${at}.call.with.name`,
      /^column 6: the expression that '\{\{' begins never ends/,
    ],
    ['is not empty', { [`${call}.with.name`]: 'Call {{ }}' }, `${at}.call.with.name`, /the expression is empty/],
    [
      'has no regular expressions',
      { 'rules.0.if': "fields.x.matches('(a+)+')" },
      'rules[0].if',
      /'matches' is not offered/,
    ],
    [
      'adds what can be added',
      { [`${call}.with.name`]: "{{ 1 - 'a' }}" },
      `${at}.call.with.name`,
      /'-' does not go between a number and text/,
    ],
  ])
})

describe('a value', () => {
  refuses([
    [
      'stands under a key of Clio',
      { [`${client}.with.firstname`]: 'Sam' },
      `${at}.client.with.firstname`,
      /did you mean 'first_name'/,
    ],
    [
      'stands under a key of Clio, deep',
      { [`${client}.with.email_addresses.0.adress`]: 'x' },
      `${at}.client.with.email_addresses[0].adress`,
      /did you mean 'address'/,
    ],
    [
      'stands under a key of Clio that nobody could mean',
      { [`${client}.with.favourite_colour`]: 'x' },
      `${at}.client.with.favourite_colour`,
      /is not known here/,
    ],
    [
      'is one of the words that Clio knows',
      { [`${matter}.with.status`]: 'pendng' },
      `${at}.matter.with.status`,
      /must be one of .*; did you mean 'pending'/,
    ],
    [
      'is written as Clio writes it',
      { [`${call}.with.priority`]: 'high' },
      `${at}.call.with.priority`,
      /did you mean 'High'/,
    ],
    [
      'is one of the words that Clio knows, deep',
      { [`${client}.with.phone_numbers.0.name`]: 'Cell' },
      `${at}.client.with.phone_numbers[0].name`,
      /must be one of .*Mobile/,
    ],
    [
      'is there when Clio requires it',
      { [`${matter}.with.description`]: undefined },
      `${at}.matter.with.description`,
      /^is missing: Clio requires it$/,
    ],
    [
      'is there when Clio requires it, deep',
      { [`${matter}.with.relationships`]: [{ contact: 'Sam' }] },
      `${at}.matter.with.relationships[0].description`,
      /^is missing: Clio requires it$/,
    ],
    [
      'is there when another one asks for it',
      { [`${client}.with.first_name`]: undefined, [`${client}.with.last_name`]: undefined },
      `${at}.client.with`,
      /^first_name or last_name is missing.* for type Person$/,
    ],
    [
      'is text where Clio wants text',
      { [`${matter}.with.location`]: 7 },
      `${at}.matter.with.location`,
      /^must be text: put it in double quotes \(it is a number\)$/,
    ],
    [
      'is true or false where Clio wants that',
      { [`${client}.with.email_addresses.0.default_email`]: 'yes' },
      `${at}.client.with.email_addresses[0].default_email`,
      /^must be true or false, without quotes$/,
    ],
    [
      'is a date where Clio wants one',
      { [`${call}.with.due_at`]: 'tomorrow' },
      `${at}.call.with.due_at`,
      /must be a date such as 2026-05-04.*date\(/,
    ],
    [
      'is a date that the calendar has',
      { [`${call}.with.due_at`]: '2026-02-30' },
      `${at}.call.with.due_at`,
      /must be a date/,
    ],
    [
      'is a time where Clio wants one',
      { 'rules.1.steps.meeting.with.start_at': 'noon' },
      'rules[1].steps.meeting.with.start_at',
      /must be a date and time/,
    ],
    [
      'is a number where Clio wants one',
      alone({ create: 'activities', with: { type: 'ExpenseEntry', date: '2026-05-04', price: 'much' } }),
      `${at}.it.with.price`,
      /^must be a number$/,
    ],
    [
      'is no duration where Clio wants money',
      alone({ create: 'activities', with: { type: 'TimeEntry', date: '2026-05-04', price: '2h' } }),
      `${at}.it.with.price`,
      /^must be a number$/,
    ],
    [
      'is no duration where Clio wants pieces',
      alone({ create: 'activities', with: { type: 'SoftCostEntry', date: '2026-05-04', quantity: '1h 30m' } }),
      `${at}.it.with.quantity`,
      /^must be a number$/,
    ],
    [
      'is a duration where Clio wants seconds',
      alone({ create: 'activities', with: { type: 'TimeEntry', date: '2026-05-04', quantity: 'long' } }),
      `${at}.it.with.quantity`,
      /^must be a duration such as 1h 30m, or a number of seconds$/,
    ],
    [
      'has a unit: two of an hour’s work are not two seconds',
      alone({ create: 'activities', with: { type: 'TimeEntry', date: '2026-05-04', quantity: '2' } }),
      `${at}.it.with.quantity`,
      /^has no unit: write a duration such as 1h 30m, or a number of seconds without quotes$/,
    ],
    [
      'has a unit, though it looks like seconds',
      alone({ create: 'activities', with: { type: 'TimeEntry', date: '2026-05-04', quantity: '5400' } }),
      `${at}.it.with.quantity`,
      /^has no unit/,
    ],
    [
      'has a unit when time is written anew',
      alone({ update: 'activities', id: 7, with: { quantity: '1.5' } }),
      `${at}.it.with.quantity`,
      /^has no unit/,
    ],
    [
      'has a unit where time is estimated',
      alone({ create: 'tasks', with: { name: 'Call', assignee: 'intake@smith.example', time_estimated: '30' } }),
      `${at}.it.with.time_estimated`,
      /^has no unit/,
    ],
    [
      'names a record',
      { [`${matter}.with.client`]: true },
      `${at}.matter.with.client`,
      /names a record.*not by true or false/,
    ],
    ['names a record, not several', { [`${matter}.with.client`]: ['a'] }, `${at}.matter.with.client`, /not by a list/],
    [
      'names a record by its id',
      { [`${matter}.with.client`]: { ident: 3 } },
      `${at}.matter.with.client.ident`,
      /did you mean 'id'|known are id/,
    ],
    [
      'names a record of a kind that fits',
      { [`${call}.with.assignee`]: { id: 3, type: 'Usr' } },
      `${at}.call.with.assignee.type`,
      /must be one of User, Contact; did you mean 'User'/,
    ],
    [
      'is an object where Clio wants one',
      { [`${client}.with.email_addresses`]: ['a@b.example'] },
      `${at}.client.with.email_addresses[0]`,
      /^must be an object with .*address/,
    ],
    [
      'of custom fields goes by their names',
      { [`${matter}.with.custom_fields`]: ['x'] },
      `${at}.matter.with.custom_fields`,
      /the custom fields' names/,
    ],
    [
      'of custom fields is for what has them',
      { [`${call}.with.custom_fields`]: { A: 'x' } },
      `${at}.call.with.custom_fields`,
      /is not known here/,
    ],
    [
      'of a file is for documents',
      { [`${matter}.with.content`]: '{{ files }}' },
      `${at}.matter.with.content`,
      /is not known here/,
    ],
    [
      'filters by what the list offers',
      alone({ find: 'matters', where: { matter_status: 'open' } }),
      `${at}.it.where.matter_status`,
      /did you mean 'status'|known are/,
    ],
    [
      'filters by words that the list knows',
      alone({ find: 'tasks', where: { priority: 'High' } }),
      `${at}.it.where.priority`,
      /must be one of .*did you mean 'high'/,
    ],
    [
      'filters by what the list requires',
      alone({ find: 'notes', where: { query: 'x' } }),
      `${at}.it.where.type`,
      /^is missing: Clio requires it$/,
    ],
    [
      'of an update stands under a key that update takes',
      alone({ update: 'documents', id: 3, with: { filename: 'a.pdf' } }),
      `${at}.it.with.filename`,
      /is not known here|did you mean/,
    ],
  ])

  it.each<[string, Change]>([
    [
      'a record by its name, id, step or object',
      {
        [`${matter}.with.responsible_attorney`]: 'Sam Smith',
        [`${matter}.with.originating_attorney`]: 7,
        [`${matter}.with.group`]: { id: 7 },
      },
    ],
    ['a lone item of a list', { [`${client}.with.email_addresses`]: { name: 'Work', address: '{{ person.email }}' } }],
    [
      'a duration as people write it',
      alone({ create: 'activities', with: { type: 'TimeEntry', date: '2026-05-04', quantity: '1h 30m' } }),
    ],
    ['seconds', alone({ create: 'activities', with: { type: 'TimeEntry', date: '2026-05-04', quantity: 5400 } })],
    [
      'pieces in quotes',
      alone({ create: 'activities', with: { type: 'ExpenseEntry', date: '2026-05-04', quantity: '2' } }),
    ],
    [
      'what is time or pieces, as the event says',
      alone({ create: 'activities', with: { type: '{{ fields.kind }}', date: '2026-05-04', quantity: '2' } }),
    ],
    [
      'an estimate as people write it',
      alone({ create: 'tasks', with: { name: 'Call', assignee: 'intake@smith.example', time_estimated: '30m' } }),
    ],
    ['a task without a description', { [`${call}.with.description`]: undefined }],
    ['the kind of an assignee', { [`${call}.with.assignee`]: { id: 3, type: 'User' } }],
    ['an owner as the gateway documents it', { 'rules.1.steps.meeting.with.calendar_owner': { id: 3, type: 'User' } }],
    [
      'an expression anywhere',
      { [`${matter}.with.status`]: '{{ fields.status }}', [`${call}.with.due_at`]: '{{ fields.due }}' },
    ],
    [
      'part of a record, to change it',
      alone({ update: 'contacts', id: 3, with: { title: 'Dr', email_addresses: [{ id: 4, _destroy: true }] } }),
    ],
  ])('may be %s', (_, change) => {
    expect(refusals(changed(change))).toEqual([])
  })
})

describe('a link', () => {
  it('is made by one step for one event', () => {
    const twin = {
      name: 'twin',
      on: { type: 'booking.created' },
      steps: { it: { create: 'tasks', link: 'meeting', with: { name: 'x', assignee: 'Sam' } } },
    }
    expect(refusals(changed({ 'rules.3': twin }))).toEqual([
      { path: 'rules[3].steps.it.link', message: expect.stringContaining("'booked/meeting'") },
    ])
  })

  it('may be made under conditions that exclude each other, and by other types of event', () => {
    const twin = {
      name: 'twin',
      on: { type: 'booking.created' },
      if: 'booking.all_day',
      steps: { it: { create: 'tasks', link: 'meeting', with: { name: 'x', assignee: 'Sam' } } },
    }
    expect(refusals(changed({ 'rules.3': twin }))).toEqual([])
    expect(refusals(changed({ 'rules.3': { ...twin, on: { type: 'booking.rescheduled' } } }))).toEqual([])
  })
})

describe('a warning', () => {
  it.each<Row>([
    ['of an endpoint without a rule', {}, 'endpoints.partner', /has no rule/],
    [
      'of a contact at every event',
      alone({ create: 'contacts', with: { type: 'Person', first_name: 'x' } }),
      `${at}.it.create`,
      /'upsert' uses the one that is there/,
    ],
    [
      'of a document without a file',
      alone({ create: 'documents', with: { name: 'x', parent: 3 } }),
      `${at}.it.with`,
      /has no 'content'/,
    ],
    ['of a value that is always left out', { [`${client}.with.title`]: '' }, `${at}.client.with.title`, /is left out/],
    [
      'of a match that is the same for every event',
      { [`${client}.match`]: ['type'] },
      `${at}.client.match[0]`,
      /is the same for every event/,
    ],
    ['of steps that are never done', { 'rules.0.steps.stop.if': undefined }, `${at}.stop.park`, /never done/],
    [
      "of 'each' that reads no item",
      { 'rules.0.steps.tell.each': 'files' },
      `${at}.tell.each`,
      /no value reads 'item'/,
    ],
    [
      'of an endpoint that cannot trigger its rule',
      { 'rules.1.on': { endpoint: ['calendly', 'website'], type: ['booking.created', 'booking.rescheduled'] } },
      'rules[1].on.endpoint[1]',
      /makes none of these/,
    ],
    [
      'of a rule that nothing triggers yet',
      { endpoints: {}, rules: [{ name: 'a', on: { type: 'x' }, steps: { it: { park: 'x' } } }] },
      'rules[0].on.type',
      /nothing triggers this rule/,
    ],
  ])('is given %s', (_, change, path, message) => {
    const text = changed(change)
    expect(refusals(text)).toEqual([])
    expect(warnings(text)).toContainEqual({ path, message: expect.stringMatching(message) })
  })

  it('is not given of Slack, whose commands want no rule', () => {
    const slack = { source: 'slack', secret: '$SLACK_SIGNING_SECRET' }
    const paths = warnings(changed({ 'endpoints.commands': slack })).map(({ path }) => path)
    expect(paths).not.toContain('endpoints.commands')
  })
})
