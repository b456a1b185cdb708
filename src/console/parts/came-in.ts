import { html } from 'hono/html'
import { isObject, type Json } from '../../lib/json.ts'
import { askedType, type InboundEvent } from '../../model/event.ts'
import type { Visit } from '../visit.ts'
import type { Html } from './html.ts'
import { isEmpty, shown, text } from './mask.ts'
import { record } from './record.ts'
import { short } from './time.ts'

/** `E-mail` is email, and need not be said to be. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '')

/** What came in, as a rule reads it; the provider's own payload below. */
export function cameIn(
  event: InboundEvent | null,
  visit: Pick<Visit, 'stats' | 'now' | 'sandbox'>,
  revealed: boolean,
): Html {
  if (event === null) return html`<p class="empty">What it said is no longer kept.</p>`
  const { person, fields, message, booking, files, data, recognized = {} } = event
  // What was taken from an answer of its own is seen there.
  const told = new Map(Object.entries(recognized).filter(([, label]) => Object.hasOwn(fields, label)))
  const untaken = Object.fromEntries(Object.entries(person).filter(([part]) => !told.has(part)))
  const labelled = (label: string): string => {
    const parts = [...told].flatMap(([part, from]) =>
      from === label && plain(part) !== plain(label) ? part.replace('_', ' ') : [],
    )
    return parts.length > 0 ? `${label} (taken as ${parts.join(', ')})` : label
  }
  const answers = Object.fromEntries(Object.entries(fields).map(([label, value]) => [labelled(label), value]))
  // As the firm's clocks show it; a day is the same everywhere.
  const timed = (at: string | null): string | null =>
    at?.includes('T') && !Number.isNaN(Date.parse(at)) ? `${short(at, visit)} (${at})` : at
  const parts: (readonly [string, Json])[] = [
    ['Person', untaken],
    ['Answers', answers],
    ['Message', told.has('message') ? null : message],
    ['Booking', booking && { ...booking, start: timed(booking.start), end: timed(booking.end) }],
    [
      'Files',
      files.map(({ name, size }) => `${name} (${typeof size === 'number' ? `${Math.ceil(size / 1024)} KB` : size})`),
    ],
  ]
  const asked = revealed && event.type === askedType && isObject(data) ? data : null
  const meant =
    typeof asked?.id === 'number' ? html`<p>${record(String(asked.resource), String(asked.id), visit)}</p>` : ''
  return html`<div class="card">${meant}${parts
    .filter(([, value]) => !isEmpty(value))
    .map(
      ([name, value]) =>
        html`<h3>${name}</h3>${typeof value === 'string' ? html`<p class="said">${text(value, revealed)}</p>` : shown(value, revealed, true)}`,
    )}
${isEmpty(data) ? '' : html`<details${asked === null ? '' : html` open`}><summary>Everything that was sent</summary>${shown(data, revealed)}</details>`}</div>`
}
