import { html } from 'hono/html'
import type { Json } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import type { Html } from './html.ts'

/** Values of an event or a call, for people. */

/** Above what somebody asked to see. */
export const revealedNote = html`<p class="note warn">You see what was written, and the audit says so. Nothing of it is kept by your browser.</p>`

/** A text of the API; what it masked is shown as such. @param revealed nothing is: a client may write what looks like it */
export function text(value: string | null, revealed = false): Html {
  if (value === null || value === '' || (value === '‹text, 0›' && !revealed)) return html`<span class="quiet">—</span>`
  const [, kind] = revealed ? [] : (/^‹(.+)›$/.exec(value) ?? [])
  return kind === undefined
    ? html`<bdi>${value}</bdi>`
    : html`<span class="mask">${kind === 'text, 1' ? '1 character' : kind.replace(/^text, (\d+)$/, '$1 characters')}</span>`
}

/** The same where there is room for lines: of a long one its beginning, which opens. */
export function folded(value: string | null, revealed: boolean): Html {
  const [start] = (revealed && value !== null && value.length > 300 && /^[\s\S]{160}\S{0,40}/u.exec(value)) || ['']
  return start === ''
    ? text(value, revealed)
    : html`<details><summary><bdi>${start}…</bdi></summary><bdi>${value!.slice(start.length)}</bdi></details>`
}

/** Any value as nested lists. What is empty is left out, for there is much of it. @param whole long texts too */
export function shown(value: Json, revealed: boolean, whole = false): Html {
  if (Array.isArray(value))
    return html`<ul class="plain">${value.map(one => html`<li>${shown(one, revealed, whole)}</li>`)}</ul>`
  if (isObject(value)) {
    const filled = Object.entries(value).filter(([, one]) => !isEmpty(one))
    return html`<dl>${filled.map(([key, one]) => html`<div><dt>${key}</dt><dd>${shown(one, revealed, whole)}</dd></div>`)}</dl>`
  }
  return (whole ? text : folded)(value === null ? null : String(value), revealed)
}

export const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.values(value).every(isEmpty))
