import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import type { Json } from '../../src/lib/json.ts'
import type { Step } from '../../src/model/rule.ts'
import { type PlannedStep, plan, prepare } from '../../src/rules/plan.ts'
import { scopeOf } from '../../src/rules/scope.ts'
import { example } from '../example.ts'
import { registry } from '../registry.ts'
import { event, friday, scope } from './scope.ts'

const reading = readConfiguration(example, registry)
if (!reading.ok) throw new Error('the example is not accepted')
const { configuration } = reading
const bound = { firm: 'smith', now: friday }

const person = { first_name: 'Ann', last_name: 'Lee', email: 'ann@lee.example', phone: null, company: null }
const answers = { matter_type: 'Family', opposing_party: 'Bob Lee', referral: null }
const submitted = event({ fields: answers, person, message: 'Help' })

function steps(given = submitted, endpoint = 'website'): readonly PlannedStep[] {
  const made = plan(configuration, given, endpoint, bound)
  if (made.kind === 'park') throw new Error(made.reason)
  return made.steps
}

const step = (definition: Step): PlannedStep => ({ rule: 'r', name: 's', path: 'r/s', definition })

describe('a plan', () => {
  it('holds the steps of every rule that matches, in the written order', () => {
    expect(steps().map(each => each.path)).toEqual([
      'new-client/client',
      'new-client/conflicts',
      'new-client/stop',
      'new-client/matter',
      'new-client/papers',
      'new-client/call',
      'new-client/tell',
    ])
  })

  it.each([
    ['another endpoint', submitted, 'partner'],
    ['another type', event({ type: 'form.opened' }), 'website'],
    ['a condition that does not hold', event({ fields: { matter_type: 'Other' } }), 'website'],
  ])('is empty for %s', (_, given, endpoint) => {
    expect(plan(configuration, given, endpoint, bound)).toEqual({ kind: 'steps', rules: [], steps: [] })
  })

  it('matches a condition on a field that is absent', () => {
    expect(steps(event({}))).toHaveLength(7)
  })

  it('takes several endpoints and types, or every endpoint', () => {
    const [rule] = configuration.rules
    const rules = [
      {
        ...rule!,
        name: 'a',
        on: { endpoint: ['website', 'slack'], type: ['x', 'form.submitted'] },
        steps: { s: { park: 'x' } },
      },
      { ...rule!, name: 'b', on: { type: 'form.submitted' }, steps: { s: { park: 'x' } } },
    ]
    const made = (endpoint: string) => plan({ ...configuration, rules }, submitted, endpoint, bound)
    expect(made('slack')).toMatchObject({ rules: ['a', 'b'], steps: [{ path: 'a/s' }, { path: 'b/s' }] })
    expect(made('elsewhere')).toMatchObject({ rules: ['b'] })
  })

  it('parks when a condition cannot be worked out, before any step', () => {
    const rules = configuration.rules.map(rule => ({ ...rule, if: 'fields.matter_type > 3' }))
    expect(plan({ ...configuration, rules }, submitted, 'website', bound)).toMatchObject({
      kind: 'park',
      reason:
        "Rule 'new-client': if: 'fields.matter_type > 3' cannot be worked out: text and a number cannot be compared: write double() around an amount.",
    })
  })

  it('reckons dates from the time of acceptance, in the firm’s zone', () => {
    const rules = configuration.rules.map(rule => ({ ...rule, if: "date('today') == '2026-03-06'" }))
    expect(plan({ ...configuration, rules }, submitted, 'website', bound)).toMatchObject({ rules: ['new-client'] })
    const tokyo = { ...configuration, rules, timezone: 'Asia/Tokyo' }
    expect(plan(tokyo, submitted, 'website', bound)).toMatchObject({ rules: [] })
  })
})

describe('the steps of the example', () => {
  const done = { client: { id: 7 }, conflicts: { found: false }, matter: { id: 8 } }
  const files = [{ name: 'a.pdf', content_type: 'application/pdf', size: 3, key: 'k' }]
  const at = scope({ ...submitted, files }, { steps: done })
  const prepared = (name: string, within = at) => prepare(steps().find(each => each.name === name)!, within)

  it('look for the client before making one', () => {
    expect(prepared('client')).toEqual({
      kind: 'intent',
      link: null,
      intent: {
        verb: 'upsert',
        resource: 'contacts',
        match: ['email_addresses', 'phone_numbers'],
        existing: 'fill',
        several: 'park',
        with: {
          type: 'Person',
          first_name: 'Ann',
          last_name: 'Lee',
          email_addresses: [{ name: 'Work', address: 'ann@lee.example', default_email: true }],
        },
      },
    })
  })

  it('check for conflicts, and stop only when there are some', () => {
    expect(prepared('conflicts')).toMatchObject({ intent: { verb: 'check_conflicts', parties: ['Bob Lee'] } })
    expect(prepared('stop')).toEqual({ kind: 'skip' })
    const conflicted = { ...at, steps: { ...done, conflicts: { found: true } } }
    expect(prepared('stop', conflicted)).toMatchObject({ kind: 'park', reason: 'Possible conflict of interest' })
  })

  it('make the matter of the client, without the custom field that nobody answered', () => {
    expect(prepared('matter')).toMatchObject({
      intent: {
        verb: 'create',
        resource: 'matters',
        with: { client: { id: 7 }, status: 'pending', description: 'Family: Lee', practice_area: 'Family' },
      },
    })
    expect(JSON.stringify(prepared('matter'))).not.toContain('custom_fields')
  })

  it('make a document of each file', () => {
    expect(prepared('papers')).toEqual({ kind: 'each', items: files.map((item, index) => ({ item, index })) })
    expect(prepared('papers', { ...at, item: files[0]! })).toMatchObject({
      intent: { verb: 'create', resource: 'documents', with: { name: 'a.pdf', parent: { id: 8 }, content: files[0]! } },
    })
    expect(prepared('papers', { ...at, files: [] })).toEqual({ kind: 'each', items: [] })
  })

  it('make the task for the next business day', () => {
    expect(prepared('call')).toMatchObject({ intent: { with: { name: 'Call Ann Lee', due_at: '2026-03-09' } } })
  })

  it('tell somebody', () => {
    expect(prepared('tell')).toMatchObject({ intent: { verb: 'notify', to: 'intake', text: 'New client: Lee' } })
  })

  it('link what they make, and find it again', () => {
    const rules = configuration.rules
    const booking = {
      id: 'b',
      title: 'Talk',
      start: '2026-05-04T09:00:00Z',
      end: '2026-05-04T10:00:00Z',
      timezone: null,
      location: null,
      all_day: false,
      seconds: 1800,
    }
    const made = { rule: 'booked', name: 'meeting', path: 'booked/meeting', definition: rules[1]!.steps.meeting! }
    expect(prepare(made, scope({ booking }))).toMatchObject({
      kind: 'intent',
      link: 'meeting',
      intent: { verb: 'create' },
    })
    const gone = { ...made, definition: rules[2]!.steps.meeting! }
    expect(
      prepare(gone, scopeOf(event(), { ...bound, timezone: 'UTC', country: 'US' }, { links: { meeting: '991' } })),
    ).toMatchObject({
      intent: { verb: 'delete', id: 991, linked: true },
    })
    expect(prepare(gone, scope())).toMatchObject({ intent: { verb: 'delete', id: null, linked: true } })
  })

  it('read a link as an id wherever a record is wanted', () => {
    const linked = scopeOf(
      event(),
      { ...bound, timezone: 'UTC', country: 'US' },
      { links: { one: '991', other: '991-20260504' } },
    )
    const made = prepare(
      step({ create: 'tasks', with: { matter: '{{ links.one }}', name: '{{ links.other }}' } }),
      linked,
    )
    expect(made).toMatchObject({ intent: { with: { matter: 991, name: '991-20260504' } } })
  })

  it('want the same at every try', () => {
    for (const each of steps()) expect(prepare(each, at)).toEqual(prepare(each, at))
  })
})

describe('a step', () => {
  it('works out if before its values: what is skipped cannot fail', () => {
    const guarded = step({ if: 'has(fields.when)', create: 'tasks', with: { due_at: '{{ date(fields.when) }}' } })
    expect(prepare(guarded, scope())).toEqual({ kind: 'skip' })
    expect(prepare(guarded, scope({ fields: { when: 'soon' } }))).toMatchObject({ kind: 'park' })
  })

  it('works out each before if, and if for each item', () => {
    const loop = step({ each: 'fields.list', if: 'item > 1', create: 'tasks', with: { name: '{{ item }}' } })
    const within = scope({ fields: { list: [1, 2] } })
    expect(prepare(loop, within)).toEqual({
      kind: 'each',
      items: [
        { item: 1, index: 0 },
        { item: 2, index: 1 },
      ],
    })
    expect(prepare(loop, { ...within, item: 1 })).toEqual({ kind: 'skip' })
    expect(prepare(loop, { ...within, item: 2 })).toMatchObject({ intent: { with: { name: 2 } } })
    expect(prepare(loop, { ...within, item: null })).toEqual({ kind: 'skip' })
  })

  it('goes over a lone value as over a list of one', () => {
    const loop = step({ each: 'fields.list', notify: 'a', text: '{{ item }}' })
    expect(prepare(loop, scope({ fields: { list: 'x' } }))).toEqual({ kind: 'each', items: [{ item: 'x', index: 0 }] })
  })

  it('makes nothing of blanks, and leaves every other item its place', () => {
    const list = ['Ann', '', null, { name: '', age: '' }, 'Bo']
    const loop = step({ each: 'fields.list', create: 'tasks', with: { name: '{{ item }}', priority: 'High' } })
    expect(prepare(loop, scope({ fields: { list } }))).toEqual({
      kind: 'each',
      items: [
        { item: 'Ann', index: 0 },
        { item: 'Bo', index: 4 },
      ],
    })
  })

  it('whose item says nothing of what the record wants is skipped, whatever else stands there', () => {
    const values = { name: '{{ item.name }}', description: '{{ fields.topic }}' }
    const loop = step({ each: 'fields.list', create: 'tasks', with: values })
    const within = scope({ fields: { topic: 'Custody' } })
    expect(prepare(loop, { ...within, item: { age: 4 }, index: 0 })).toEqual({ kind: 'skip' })
    expect(prepare(loop, { ...within, item: { name: 'Ann' }, index: 0 })).toMatchObject({
      intent: { with: { name: 'Ann' } },
    })
  })

  it('reads the place of its item in parallel answers', () => {
    const loop = step({ each: 'fields.names', create: 'tasks', with: { name: '{{ item }}, {{ fields.ages[index] }}' } })
    const within = scope({ fields: { names: ['Ann', 'Bo'], ages: ['4', '7'] } })
    expect(prepare(loop, { ...within, item: 'Bo', index: 1 })).toMatchObject({ intent: { with: { name: 'Bo, 7' } } })
  })

  it('parks with the step, the place, the expression and the cause, and no client data', () => {
    const planned = step({ create: 'tasks', with: { name: 'x', due_at: '{{ date(fields.when) }}' } })
    const prepared = prepare(planned, scope({ fields: { when: 'hunter2' } }))
    expect(prepared).toMatchObject({
      kind: 'park',
      reason: expect.stringMatching(
        /^Step 'r\/s': with\.due_at: 'date\(fields\.when\)' cannot be worked out: this is not a date/,
      ),
    })
    expect(JSON.stringify(prepared)).not.toContain('hunter2')
  })

  it.each(['{{ fields.deep }}', 'x {{ fields.deep }}', '{{ fields.deep == fields.deep }}'])(
    'parks when a sender nests more deeply than %s can follow',
    name => {
      const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as Json
      const prepared = prepare(step({ create: 'tasks', with: { name } }), scope({ fields: { deep } }))
      expect(prepared).toMatchObject({ kind: 'park', reason: expect.stringMatching(/nested too deeply|too much work/) })
    },
  )

  it('parks for a person in words with holes', () => {
    const planned = step({ park: 'Look at {{ fields.party }}' })
    expect(prepare(planned, scope({ fields: { party: 'Bob' } }))).toMatchObject({ kind: 'park', reason: 'Look at Bob' })
  })

  it.each<[Step, Json]>([
    [
      { find: 'matters', where: { query: 'x' } },
      { verb: 'find', none: 'park', several: 'park', where: { query: 'x' } },
    ],
    [
      { find: 'matters', where: { query: 'x' }, none: 'continue', several: 'newest' },
      { none: 'continue', several: 'newest' },
    ],
    [
      { upsert: 'contacts', match: ['name'], with: { name: 'x' } },
      { existing: 'fill', several: 'park', match: ['name'] },
    ],
    [
      { upsert: 'contacts', match: ['name'], with: { name: 'x' }, existing: 'keep', several: 'oldest' },
      { existing: 'keep', several: 'oldest' },
    ],
    [
      { update: 'matters', id: 3, with: { status: 'open' } },
      { verb: 'update', id: 3, linked: false, with: { status: 'open' } },
    ],
    [
      { delete: 'tasks', id: '{{ steps.old }}' },
      { verb: 'delete', id: { id: 5 }, linked: false },
    ],
    [{ check_conflicts: 'Bob' }, { verb: 'check_conflicts', parties: ['Bob'] }],
    [{ check_conflicts: ['{{ fields.parties }}', 'Bob', '{{ fields.none }}'] }, { parties: ['Ann', 'Bob'] }],
  ])('%j wants %j', (definition, intent) => {
    const within = scope({ fields: { parties: ['Ann', 'Bob'] } }, { steps: { old: { id: 5 } } })
    expect(prepare(step(definition), within)).toMatchObject({ kind: 'intent', intent })
  })

  it('never finds by a filter that came out empty: Clio would answer every record', () => {
    const planned = { find: 'contacts', where: { type: 'Person', query: '{{ person.email }}' } }
    expect(prepare(step(planned), scope())).toMatchObject({
      kind: 'park',
      reason: expect.stringContaining("'where.query' came out empty"),
    })
    expect(prepare(step({ ...planned, none: 'continue' }), scope())).toEqual({ kind: 'skip' })
  })

  it('never updates or deletes without a record, unless it is a link that was never made', () => {
    const update = { update: 'matters', with: { status: 'open' } }
    expect(prepare(step({ ...update, id: '{{ steps.old }}' }), scope())).toMatchObject({
      kind: 'park',
      reason: expect.stringContaining("'id' came out empty"),
    })
    expect(prepare(step({ ...update, id: '{{ links.old }}' }), scope())).toMatchObject({
      intent: { id: null, linked: true },
    })
  })
})
