import type { JsonObject } from '../../../src/lib/json.ts'

/** What Calendly and Cal.com send of one booking that is made, moved twice and called off: raw bodies, the ids as they chain. */

export interface Told {
  /** `created`, `moved 1`, `moved 2`, `canceled`; of Calendly also `replaced 1`, `replaced 2`. */
  readonly name: string
  readonly body: string
}

const starts = ['2026-12-01T15:00:00Z', '2026-12-02T16:00:00Z', '2026-12-03T17:30:00Z'] as const
const hour = (start: string) => new Date(Date.parse(start) + 3_600_000).toISOString()
/** The moment of the n-th news. */
const at = (n: number) => `2026-11-24T1${n}:00:00.000Z`

export const lastStart = '2026-12-03T17:30:00Z'

const events = 'https://api.calendly.com/scheduled_events'
const invitee = (n: number) => `${events}/E${n}/invitees/I${n}`

export function calendlyInvitee(n: number, more: JsonObject = {}, start: string = starts[n]!): JsonObject {
  return {
    uri: invitee(n),
    event: `${events}/E${n}`,
    name: 'Jordan Novak',
    email: 'jordan@client.example',
    timezone: 'America/New_York',
    questions_and_answers: [{ question: 'What is it about?', answer: 'A lease', position: 0 }],
    old_invitee: n === 0 ? null : invitee(n - 1),
    new_invitee: null,
    rescheduled: false,
    scheduled_event: {
      uri: `${events}/E${n}`,
      name: 'Consultation',
      start_time: start,
      end_time: hour(start),
      location: { type: 'zoom', join_url: 'https://zoom.example/j/991' },
    },
    ...more,
  }
}

export const calendlyBody = (event: string, created_at: string, payload: JsonObject): string =>
  JSON.stringify({ event, created_at, created_by: 'https://api.calendly.com/users/U', payload })

const replaced = (n: number): Told => ({
  name: `replaced ${n}`,
  body: calendlyBody(
    'invitee.canceled',
    at(n + 1),
    calendlyInvitee(n - 1, { rescheduled: true, new_invitee: invitee(n) }),
  ),
})

/** The four that tell of the booking's state. */
export const calendly: readonly Told[] = [
  { name: 'created', body: calendlyBody('invitee.created', at(1), calendlyInvitee(0)) },
  { name: 'moved 1', body: calendlyBody('invitee.created', at(2), calendlyInvitee(1)) },
  { name: 'moved 2', body: calendlyBody('invitee.created', at(3), calendlyInvitee(2)) },
  { name: 'canceled', body: calendlyBody('invitee.canceled', at(4), calendlyInvitee(2)) },
]

/** The other halves of the two moves. */
export const calendlyReplaced: readonly Told[] = [replaced(1), replaced(2)]

export function calcomBooking(n: number, more: JsonObject = {}): JsonObject {
  return {
    uid: `uid${n}`,
    title: 'Consultation',
    startTime: starts[n]!,
    endTime: hour(starts[n]!),
    attendees: [{ email: 'jordan@client.example', name: 'Jordan Novak', timeZone: 'America/New_York' }],
    responses: { matter: { label: 'What is it about?', value: 'A lease', isHidden: false } },
    metadata: { videoCallUrl: 'https://video.example/991' },
    ...(n > 0 && { rescheduleUid: `uid${n - 1}` }),
    ...more,
  }
}

export const calcomBody = (triggerEvent: string, createdAt: string, payload: JsonObject): string =>
  JSON.stringify({ triggerEvent, createdAt, payload })

export const calcom: readonly Told[] = [
  { name: 'created', body: calcomBody('BOOKING_CREATED', at(1), calcomBooking(0)) },
  { name: 'moved 1', body: calcomBody('BOOKING_RESCHEDULED', at(2), calcomBooking(1)) },
  { name: 'moved 2', body: calcomBody('BOOKING_RESCHEDULED', at(3), calcomBooking(2)) },
  { name: 'canceled', body: calcomBody('BOOKING_CANCELLED', at(4), calcomBooking(2, { rescheduleUid: null })) },
]

export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map(rest => [item, ...rest]),
  )
}
