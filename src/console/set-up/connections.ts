import { html } from 'hono/html'
import type { Connection } from '../../clio/gateway/connections.ts'
import { isProblem, type Problem } from '../../lib/problem.ts'
import { includes } from '../../model/access.ts'
import type { Stats } from '../../model/docket-rpc.ts'
import { copyField, copyWord } from '../parts/copy.ts'
import { act, type Html, table } from '../parts/html.ts'
import { problemNote } from '../parts/problem.ts'
import { when } from '../parts/time.ts'
import { whyStill } from '../parts/words.ts'
import type { Visit } from '../visit.ts'

/** How the firm reaches Clio; and for the vendor, which connections the gateway has. */
export async function connection(visit: Visit, { connection: standing }: Stats): Promise<Html> {
  const { firm, caller } = visit
  const { id, state, since } = standing
  const fact =
    state === 'ok'
      ? html`<p class="note good">${id === null ? 'Not used yet: the first run looks for the connection.' : html`Connected through ${copyWord(id)}`}</p>`
      : html`<p class="note bad">${whyStill(standing)} Since ${when(since, visit)}.</p>`
  if (!includes(caller.role, 'vendor'))
    return html`${fact}<p class="quiet">The vendor makes connections, and sends you the address at which Clio is connected.</p>`
  const found = await visit.api<{ connections: Connection[] }>('GET', '/connections')
  const rows = isProblem(found) ? [] : found.connections
  const list = table(
    'Connections at the gateway',
    ['Connection', 'State', 'Made'],
    rows.map(
      one =>
        html`<tr><td>${copyWord(one.id)}${one.id === id ? html` <span class="quiet">this firm’s</span>` : ''}</td><td>${stateWords[one.status] ?? one.status}</td><td class="quiet">${when(one.createdAt, visit)}</td></tr>`,
    ),
  )
  return html`${fact}<details><summary>Connections at the gateway</summary>${isProblem(found) ? problemNote(found) : rows.length === 0 ? html`<p class="empty">The gateway has none to Clio yet.</p>` : list}
${act(visit.csrf, { act: 'connect' }, 'Make a connection')}<p class="quiet">Its address is opened by whoever may connect the firm’s Clio. Then its id goes into <a href="/console/${firm}/rules">the rules</a> as <code>connection</code>.</p></details>`
}

const stateWords: Readonly<Record<string, string>> = {
  ACTIVE: 'connected',
  PENDING: 'its address waits to be opened',
  FAILED: 'failed',
}

export async function connect({ api }: Visit): Promise<{ said: Html } | Problem> {
  const made = await api<Connection>('POST', '/connections')
  if (isProblem(made)) return made
  const said = html`<section class="note good" role="status"><p><strong>A connection was made.</strong> ${
    made.url === null
      ? 'It is connected.'
      : 'Open its address, or send it to whoever may connect Clio; it lets in, so send it to nobody else.'
  }</p>${made.url === null ? '' : copyField('Address', made.url)}${copyField('Connection', made.id)}</section>`
  return { said }
}
