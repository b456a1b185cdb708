import type { JsonObject } from '../../src/lib/json.ts'

/** The firm whose ledger is frozen: every source that keeps something, rules for every verb, and three versions of its configuration. */

const connection = '21fd90f9-5935-43cd-b6c8-bde9d915ca80'
const calendarConnection = '5a1d7c1e-6a0e-4f5c-9d4e-0f6f1a2b3c4d'

/** The Worker's variables. */
export const env = { TOKEN: 'a-token-of-our-own-0123456789', SLACK_BOT_TOKEN: 'xoxb-1' }

const on = (type: string): JsonObject => ({ endpoint: 'hooks', type })
const rule = (name: string, type: string, steps: JsonObject): JsonObject => ({ name, on: on(type), steps })

const person = (name: string, more: JsonObject = {}): JsonObject => ({
  type: 'Person',
  first_name: 'Pat',
  last_name: name,
  ...more,
})
const task = (name: string, more: JsonObject = {}): JsonObject => ({
  create: 'tasks',
  with: { name, assignee: 'intake@smith.example', ...more },
})
const meeting = {
  summary: 'Meeting {{ fields.name }}',
  start_at: '2026-12-01T15:00:00Z',
  end_at: '2026-12-01T16:00:00Z',
  calendar_owner: 'sam@smith.example',
}

/** @param version 1 to 3: the second has a calendar besides, the third mends the rule `sum` */
export function configuration(version: 1 | 2 | 3): JsonObject {
  return {
    timezone: 'America/New_York',
    country: 'US',
    connection,
    pace: { requests: 50, seconds: 60 },
    retention: { days: 1 },
    channels: { office: { url: 'https://office.example/hook', secret: '$OFFICE' } },
    alerts: 'office',
    endpoints: {
      website: { source: 'form' },
      hooks: { source: 'standard-webhooks', secret: '$HOOKS' },
      slack: { source: 'slack', secret: '$SLACK_SIGNING_SECRET', token: '$SLACK_BOT_TOKEN' },
      calendly: { source: 'calendly', secret: '$KEY', reminders: ['1 day before at 9:00', '30 minutes after end'] },
      clock: { source: 'schedule', cron: '0 9 * * 1' },
      ...(version > 1 && {
        calendar: {
          source: 'google-calendar',
          secret: '$TOKEN',
          connection: calendarConnection,
          url: 'https://docketed.example/in/smith/calendar',
        },
      }),
    },
    rules: [
      rule('person', 'person', { person: { create: 'contacts', with: person('{{ fields.name }}') } }),
      rule('same', 'same', {
        client: {
          upsert: 'contacts',
          match: ['email_addresses'],
          with: person('{{ fields.name }}', { email_addresses: [{ name: 'Work', address: '{{ fields.email }}' }] }),
        },
        call: task('Ring {{ fields.name }} ({{ fields.n }})'),
      }),
      rule('task', 'task', { task: task('Call {{ fields.name }}') }),
      rule('two', 'two', {
        person: { create: 'contacts', with: person('{{ fields.name }}') },
        task: task('Write to {{ fields.name }}'),
      }),
      rule('changes', 'changes', {
        matter: { update: 'matters', id: '{{ fields.matter }}', with: { location: '{{ fields.name }}' } },
      }),
      rule('booked', 'booked', { meeting: { create: 'calendar_entries', link: 'meeting', with: meeting } }),
      rule('moved', 'moved', {
        meeting: {
          update: 'calendar_entries',
          id: '{{ links.meeting }}',
          with: { summary: 'Moved {{ fields.name }}' },
        },
      }),
      rule('off', 'off', { meeting: { delete: 'calendar_entries', id: '{{ links.meeting }}' } }),
      rule('stops', 'stops', {
        stop: { park: 'Look at {{ fields.name }}' },
        task: task('Looked at {{ fields.name }}'),
      }),
      rule('sum', 'sum', {
        task: {
          ...task('Sum {{ fields.name }}'),
          if: version < 3 ? 'int(fields.name) > 0' : "fields.name != ''",
        },
      }),
      rule('tells', 'tells', { tell: { notify: 'office', text: 'New: {{ fields.name }}' } }),
      rule('papers', 'papers', {
        papers: {
          each: 'files',
          create: 'documents',
          with: { parent: { id: '{{ fields.matter }}', type: 'Matter' }, content: '{{ item }}' },
        },
      }),
      {
        name: 'appointment',
        on: { endpoint: version > 1 ? ['calendly', 'calendar'] : 'calendly', type: 'booking.created' },
        steps: {
          meeting: {
            create: 'calendar_entries',
            link: 'meeting',
            with: { ...meeting, summary: 'Appointment {{ booking.title }}' },
          },
        },
      },
      {
        name: 'reminder',
        on: { endpoint: 'calendly', type: 'booking.reminder' },
        steps: { task: task('{{ fields.reminder }}: {{ booking.title }}') },
      },
      {
        name: 'weekly',
        on: { endpoint: 'clock', type: 'schedule.tick' },
        steps: { task: task('Week of {{ fields.date }}') },
      },
    ],
  }
}

/** Whoever stands outside, Clio aside: Slack, and the calendar. @param slack asked only when somebody calls it */
export function outside(slack: () => { fetch(request: Request): Promise<Response> }) {
  return async (request: Request): Promise<Response> =>
    new URL(request.url).host.endsWith('slack.com') ? slack().fetch(request) : calendar(request)
}

/**
 * The calendar behind the gateway, which remembers nothing: a sync token tells what its holder has seen, and behind the first one
 * stands one appointment that nobody has told of yet.
 */
async function calendar(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  if (!pathname.startsWith('/google-calendar/')) return new Response('nobody', { status: 502 })
  if (pathname.endsWith('/events/watch')) {
    const { expiration } = (await request.json()) as JsonObject
    return Response.json({ resourceId: 'resource 1', expiration: String(expiration) })
  }
  if (pathname.endsWith('/channels/stop')) return new Response(null, { status: 204 })
  const token = searchParams.get('syncToken')
  if (token === null) return Response.json({ items: [], nextSyncToken: '1' })
  return Response.json({ items: token === '1' ? [appointment] : [], nextSyncToken: '2' })
}

const appointment = {
  id: 'appointment-1',
  status: 'confirmed',
  summary: 'First meeting',
  start: { dateTime: '2026-12-08T10:00:00-05:00', timeZone: 'America/New_York' },
  end: { dateTime: '2026-12-08T11:00:00-05:00', timeZone: 'America/New_York' },
  organizer: { email: 'sam@smith.example', self: true },
  attendees: [{ email: 'jordan@client.example', displayName: 'Jordan Novak' }],
  updated: '2026-11-25T12:00:00.000Z',
}
