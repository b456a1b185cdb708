import { html } from 'hono/html'
import { isProblem } from '../../lib/problem.ts'
import type { UndoOutlook } from '../../model/docket-rpc.ts'
import { act } from '../parts/html.ts'
import { record } from '../parts/record.ts'
import type { Page, Shown, Visit } from '../visit.ts'

/** `/console/{firm}/runs/{id}/undo`: what would be taken back and what would stay, before anything is done. */

export const undoPages: readonly Page[] = [
  { method: 'GET', path: '/console/:firm/runs/:id/undo', role: 'operator', show },
]

async function show(visit: Visit): Promise<Shown> {
  const { firm, csrf } = visit
  const id = visit.param('id')
  const outlook = await visit.ask<UndoOutlook>('POST', `/runs/${encodeURIComponent(id)}/undo`, { dry: true })
  if (isProblem(outlook)) return outlook
  const { takes, stays } = outlook
  const run = `/console/${firm}/runs/${encodeURIComponent(id)}`
  const body = html`<p class="crumb"><a href="${run}" data-up>Back to the run</a></p>
<h1>Undo this run?</h1>
<div class="card"><h2>Taken back in Clio</h2>${
    takes.length === 0
      ? html`<p>What a call whose answer was lost has made, if it made anything: that is found out first.</p>`
      : html`<ul>${takes.map(({ resource, record: which, how }) => html`<li>${record(resource, which, visit)}: ${how}</li>`)}</ul>`
  }<p class="quiet">A record that somebody changed since is left alone until you say so.</p></div>
${stays.length === 0 ? html`<p>Nothing of it stays.</p>` : html`<div class="card"><h2>Stays as it is</h2><ul>${stays.map(words => html`<li>${words}</li>`)}</ul></div>`}
<div class="acts">${act(csrf, { act: 'undo', ...(stays.length > 0 && { anyway: '1' }) }, stays.length === 0 ? 'Undo it' : 'Undo the rest', { action: run, kind: 'primary' })}
<a class="button" href="${run}">Leave it</a></div>`
  return { title: `Undo ${id} · ${firm}`, body }
}
