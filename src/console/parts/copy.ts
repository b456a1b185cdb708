import { html } from 'hono/html'
import type { Html } from './html.ts'

/** What is copied as it stands: the script wakes the button beside it, and without one it is selected whole. Its place is kept: nothing moves. */

const button = html`<button type="button" class="copy" disabled>Copy</button>`

/** A field of its own, with its name. */
export const copyField = (label: string, value: string): Html =>
  html`<div class="to-copy"><label>${label}<input readonly value="${value}" data-copy></label>${button}</div>`

/** A word in a line. */
export const copyWord = (value: string): Html => html`<code data-copy>${value}</code>${button}`
