import type { JsonObject } from '../../src/lib/json.ts'
import type { World } from './world.ts'

const connection = '21fd90f9-5935-43cd-b6c8-bde9d915ca80'

const person = {
  type: 'Person',
  first_name: '{{ person.first_name }}',
  last_name: '{{ person.last_name }}',
  email_addresses: [{ name: 'Work', address: '{{ person.email }}', default_email: true }],
}

/** An intake of three records, a booking that stays true, and a note by hand: every verb that writes. */
export function configuration(
  pace: { requests: number; seconds: number },
  mode: 'live' | 'shadow' = 'live',
): JsonObject {
  return {
    mode,
    timezone: 'America/New_York',
    country: 'US',
    connection,
    pace,
    endpoints: { website: { source: 'form' } },
    rules: [
      {
        name: 'intake',
        on: { endpoint: 'website', type: 'form.submitted' },
        if: "fields.kind == 'intake'",
        steps: {
          client: { upsert: 'contacts', match: ['email_addresses'], with: person },
          matter: {
            create: 'matters',
            with: {
              client: '{{ steps.client }}',
              status: 'pending',
              description: 'Matter {{ fields.n }}',
              practice_area: 'Family Law',
            },
          },
          call: {
            create: 'tasks',
            with: {
              name: 'Call {{ fields.n }}',
              assignee: 'intake@smith.example',
              matter: '{{ steps.matter }}',
              priority: 'High',
            },
          },
        },
      },
      {
        name: 'ditto',
        on: { endpoint: 'website', type: 'form.submitted' },
        if: "fields.kind == 'ditto'",
        steps: {
          task: {
            create: 'tasks',
            with: { name: 'Ditto', description: 'The same every time', assignee: 'sam@smith.example' },
          },
        },
      },
      {
        name: 'booked',
        on: { endpoint: 'website', type: 'form.submitted' },
        if: "fields.kind == 'booked'",
        steps: {
          meeting: {
            create: 'calendar_entries',
            link: 'meeting',
            with: {
              summary: 'Meeting {{ fields.n }}',
              start_at: '2026-12-01T15:00:00Z',
              end_at: '2026-12-01T16:00:00Z',
              calendar_owner: 'sam@smith.example',
            },
          },
        },
      },
      {
        name: 'moved',
        on: { endpoint: 'website', type: 'form.submitted' },
        if: "fields.kind == 'moved'",
        steps: {
          meeting: {
            update: 'calendar_entries',
            id: '{{ links.meeting }}',
            with: { summary: 'Meeting moved {{ fields.n }}' },
          },
        },
      },
      {
        name: 'called-off',
        on: { endpoint: 'website', type: 'form.submitted' },
        if: "fields.kind == 'off'",
        steps: { meeting: { delete: 'calendar_entries', id: '{{ links.meeting }}' } },
      },
    ],
  }
}

/** A visitor's intake number `n`; the same `who` is the same person. */
export function intake(world: World, n: number, who = n): string | null {
  return world.deliver(
    'website',
    {
      fields: { kind: 'intake', n },
      person: { first_name: 'Pat', last_name: `Doe${who}`, email: `pat${who}@x.example`, phone: null, company: null },
    },
    `key ${n}`,
  )
}

/** How many of its three records stand for each of `count` intakes. */
export function standing(world: World): { contacts: string[]; matters: string[]; tasks: string[] } {
  const values = (resource: string, key: string, pattern: RegExp): string[] =>
    world.sandbox
      .account('smith')
      .all(resource)
      .map(row => String(row.data[key]))
      .filter(value => pattern.test(value))
      .sort()
  return {
    contacts: values('contacts', 'last_name', /^Doe\d+$/),
    matters: values('matters', 'description', /^Matter \d+$/),
    tasks: values('tasks', 'name', /^Call \d+$/),
  }
}

/** What stands when every intake up to `count` was carried out once, by as many people. */
export function onceEach(count: number, people = count): ReturnType<typeof standing> {
  const each = (word: string, length: number): string[] => Array.from({ length }, (_, n) => `${word}${n}`).sort()
  return { contacts: each('Doe', people), matters: each('Matter ', count), tasks: each('Call ', count) }
}
