import { html } from 'hono/html'
import { isProblem } from '../../lib/problem.ts'
import { includes } from '../../model/access.ts'
import type { CaughtView } from '../../model/docket-rpc.ts'
import type { FieldView } from '../../model/view/endpoint.ts'
import { act, type Html, nothing, table } from '../parts/html.ts'
import { revealedNote, shown } from '../parts/mask.ts'
import { when } from '../parts/time.ts'
import { chip } from '../parts/words.ts'
import type { Page, Shown, Visit } from '../visit.ts'

/** `/console/{firm}/endpoints/{name}`: the delivery that was caught, and what a rule writes for each of its values. */

export const caughtPages: readonly Page[] = [
  { method: 'GET', path: '/console/:firm/endpoints/:name', role: 'viewer', show: visit => show(visit, false) },
  { method: 'POST', path: '/console/:firm/endpoints/:name', role: 'operator', show: perform },
]

/** What is revealed is the answer to a form, so it has no address. */
async function perform(visit: Visit): Promise<Shown> {
  const what = visit.form.get('act')
  if (what === 'reveal') return show(visit, true)
  const at = `/endpoints/${encodeURIComponent(visit.param('name'))}/catch`
  const done = await visit.ask<object>(what === 'uncatch' ? 'DELETE' : 'POST', at)
  return isProblem(done) ? done : { to: visit.url.pathname }
}

async function show(visit: Visit, revealed: boolean): Promise<Shown> {
  const { firm, caller, csrf } = visit
  const name = visit.param('name')
  const asked = `/endpoints/${encodeURIComponent(name)}/caught${revealed ? '?reveal=1' : ''}`
  const found = await visit.ask<CaughtView>('GET', asked)
  if (isProblem(found)) return found
  const { catching, run, fields } = found
  const mayAct = includes(caller.role, 'operator')
  const waits = catching
    ? html`<p class="note" role="status">Waiting for the next event of ${name}, until ${when(catching.until, visit)}. Send one, and it stands here. It is kept, and no rule runs.</p>`
    : nothing
  const buttons = mayAct
    ? html`<div class="acts">${
        catching
          ? act(csrf, { act: 'uncatch' }, 'Stop catching')
          : act(csrf, { act: 'catch' }, 'Catch the next delivery', { kind: run === null ? 'primary' : '' })
      }${run !== null && !revealed ? act(csrf, { act: 'reveal' }, 'Reveal', { key: 'v' }) : ''}</div>`
    : nothing
  const came =
    run === null
      ? html`<p class="empty">Nothing was caught here yet.</p>`
      : html`<p>Caught ${when(run.acceptedAt, visit)}: <a href="/console/${firm}/runs/${run.id}">the run</a> ${chip(run.state)} <code>${run.type}</code></p>
${fields.length === 0 ? html`<p class="empty">What it said is no longer kept.</p>` : values(fields, run.type, visit, revealed)}`
  const body = html`<p class="crumb"><a href="/console/${firm}/endpoints" data-up>Endpoints</a></p><h1>${name}</h1>
${revealed ? revealedNote : ''}
<div${revealed ? '' : html` data-live="caught"`}>${waits}${buttons}${came}</div>`
  return { title: `${name} · ${firm}`, body }
}

/** Each value, with what a rule writes for it; those that are ticked stand in the rule that is begun. */
function values(fields: readonly FieldView[], type: string, { firm, caller, param }: Visit, revealed: boolean): Html {
  const mayWrite = includes(caller.role, 'admin')
  const rows = fields.map(
    ({ expression, value, from, takenFor }) =>
      html`<tr>${mayWrite ? html`<td><label class="check"><input type="checkbox" name="take" value="${expression}"${/^(person|message|fields)\b/.test(expression) && takenFor === undefined ? html` checked` : ''}><span class="sr">Take ${expression}</span></label></td>` : ''}<td><code>{{ ${expression} }}</code></td><td>${shown(value, revealed)}</td><td class="quiet">${from === undefined ? (takenFor === undefined ? '' : `is ${takenFor}`) : `from “${from}”`}</td></tr>`,
  )
  const heads = ['A rule writes', 'Value', 'Taken']
  const list = table('What was caught', mayWrite ? [html`<span class="sr">Take it</span>`, ...heads] : heads, rows)
  if (!mayWrite) return list
  return html`<form action="/console/${firm}/rules"><input type="hidden" name="endpoint" value="${param('name')}"><input type="hidden" name="type" value="${type}">${list}
<div class="acts"><button class="primary">Write a rule with these</button></div></form>`
}
