import { html } from 'hono/html'
import { noun } from '../../lib/text/noun.ts'
import type { Visit } from '../visit.ts'
import type { Html } from './html.ts'

/** Resources whose records have a page of their own in Clio. The gateway reaches accounts on app.clio.com only. */
const pages = new Set(['contacts', 'matters'])

/** A record in Clio, with a link to where it can be looked at. */
export function record(resource: string, id: string, { sandbox }: Pick<Visit, 'sandbox'>): Html {
  const name = `${noun(resource)} ${id}`
  const href =
    sandbox !== null
      ? `${sandbox}#${resource}-${id}`
      : pages.has(resource)
        ? `https://app.clio.com/nc/#/${resource}/${encodeURIComponent(id)}`
        : null
  return href === null
    ? html`${name}`
    : html`<a href="${href}" target="_blank" rel="noopener noreferrer">${name}<span class="sr"> in Clio, in a new tab</span></a>`
}
