import { html } from 'hono/html'
import { isProblem, type Problem } from '../../lib/problem.ts'
import { includes } from '../../model/access.ts'
import type { RunView, Shadow } from '../../model/docket-rpc.ts'
import { cameIn } from '../parts/came-in.ts'
import { copyWord } from '../parts/copy.ts'
import { editor } from '../parts/correct.ts'
import { flash } from '../parts/flash.ts'
import { type Html, nothing } from '../parts/html.ts'
import { folded, revealedNote, text } from '../parts/mask.ts'
import { problemNote } from '../parts/problem.ts'
import { runActs } from '../parts/run-acts.ts'
import { stepList } from '../parts/steps.ts'
import { when } from '../parts/time.ts'
import { chip, whyStill } from '../parts/words.ts'
import { calls } from '../set-up/calls.ts'
import type { Page, Shown, Visit } from '../visit.ts'
import { done } from './run-done.ts'

/** `/console/{firm}/runs/{id}`: why it stands where it stands, what to do, and all that was done for it. */

export const runPages: readonly Page[] = [
  { method: 'GET', path: '/console/:firm/runs/:id', role: 'viewer', show: visit => show(visit) },
  { method: 'POST', path: '/console/:firm/runs/:id', role: 'operator', show: perform },
]

/** How much of it somebody has asked to see: masked, as it is, or as it is and to be corrected. */
type Look = 'masked' | 'revealed' | 'correcting'

/** What is revealed is the answer to a form, so it has no address: no history shows it, and no link opens it. */
async function perform(visit: Visit): Promise<Shown> {
  const what = visit.form.get('act')
  if (what === 'reveal') return show(visit, 'revealed')
  if (what === 'edit') return show(visit, 'correcting')
  const came = await done(visit)
  return isProblem(came) ? show(visit, what === 'correct' ? 'correcting' : 'masked', came) : came
}

async function show(visit: Visit, look: Look = 'masked', wrong: Problem | null = null): Promise<Shown> {
  const { firm, caller } = visit
  const id = visit.param('id')
  const revealed = look !== 'masked'
  const run = await visit.ask<RunView>('GET', `/runs/${encodeURIComponent(id)}${revealed ? '?reveal=1' : ''}`)
  if (isProblem(run)) return wrong ?? run
  const mayAct = includes(caller.role, 'operator')
  const body = html`<p class="crumb"><a href="/console/${firm}/runs" data-up>Runs</a></p>
${flash(visit)}${wrong === null ? '' : problemNote(wrong)}${revealed ? revealedNote : ''}
<div${revealed ? '' : html` data-live="run"`}>
${heading(run, visit, revealed)}
${why(run, visit, revealed)}
${mayAct ? runActs(run, visit, revealed) : nothing}
${look === 'correcting' && run.event ? editor(run.event, visit) : nothing}
<section aria-labelledby="came"><h2 id="came">What came in</h2>${cameIn(run.event, visit, revealed)}</section>
${run.shadow ? shadowed(run.shadow, visit, revealed) : nothing}
<section aria-labelledby="done"><h2 id="done">What was done</h2>${stepList(run, visit, revealed)}</section>
</div>`
  return { title: `Run ${id} · ${firm}`, body, status: wrong?.status ?? 200 }
}

function shadowed({ calls: made, warnings, tells, at }: Shadow, visit: Visit, revealed: boolean): Html {
  return html`<section aria-labelledby="would"><h2 id="would">What it would do</h2><div class="card"><p class="quiet">As of ${when(at, visit)}; nothing of it was done.</p>${calls(made, warnings)}${
    tells.length === 0
      ? ''
      : html`<ul>${tells.map(one => html`<li>${one.step} would tell ${one.to}: ${text(one.text, revealed)}</li>`)}</ul>`
  }</div></section>`
}

function heading(run: RunView, visit: Visit, revealed: boolean): Html {
  const { id, endpoint, type, state, person, acceptedAt, finishedAt, nextAt, replayOf, undoOf, undoneBy, version } = run
  const { erasedAt, legalHold } = run
  const link = (other: string) => html`<a href="/console/${visit.firm}/runs/${other}">${other}</a>`
  const facts = [
    html`came in ${when(acceptedAt, visit)}`,
    finishedAt === null ? null : html`ended ${when(finishedAt, visit)}`,
    nextAt === null ? null : html`goes on ${when(nextAt, visit)}`,
    html`configuration ${version}`,
    copyWord(id),
    replayOf === null ? null : html`replay of ${link(replayOf)}`,
    undoOf === null ? null : html`takes back ${link(undoOf)}`,
    undoneBy === null ? null : html`undone by ${link(undoneBy)}`,
    erasedAt === null ? null : html`erased ${when(erasedAt, visit)}`,
    legalHold === null
      ? null
      : html`legal hold${legalHold.on === 'subject' ? ' on its subject' : ''} since ${when(legalHold.since, visit)}`,
  ]
  return html`<div class="head"><h1>${person === null ? '' : text(person, revealed)} <span class="quiet">${endpoint} · ${type}</span></h1>${chip(state)}</div>
<ul class="said-of">${facts.filter(one => one !== null).map(one => html`<li>${one}</li>`)}</ul>`
}

function why({ state, reason, reasonCode, todo }: RunView, { firm, stats, caller }: Visit, revealed: boolean): Html {
  if (reason === null && todo === null) {
    const held = (state === 'accepted' || state === 'running') && stats?.connection.state === 'held'
    return held ? html`<div class="note bad">${whyStill(stats.connection)}</div>` : nothing
  }
  const same = reasonCode !== null && state === 'parked' ? (stats?.reasons[reasonCode] ?? 0) - 1 : 0
  const others =
    same > 0
      ? html`<p class="quiet"><a href="/console/${firm}">${same} more ${same === 1 ? 'run is' : 'runs are'} parked for the same reason</a>${includes(caller.role, 'operator') ? ', and can be resumed with one button' : ''}.</p>`
      : nothing
  const more =
    revealed ||
    state !== 'parked' ||
    reasonCode === 'asked' ||
    reasonCode === 'caught' ||
    !includes(caller.role, 'operator')
      ? ''
      : html` <span class="quiet">Reveal shows the details.</span>`
  const kind = state === 'parked' || reasonCode === 'shadow' ? 'warn' : state === 'held' ? 'bad' : ''
  return html`<section class="note ${kind}" aria-label="Why"><div><strong>${reason !== null && reason.length < 300 && (revealed || /run_/.test(reason)) ? linked(reason, firm) : folded(reason, revealed)}</strong></div>${
    todo === null ? '' : html`<p><strong>What to do.</strong> ${todo}${more}</p>`
  }${others}</section>`
}

/** Words of ours that name another run, with a way to it. */
const linked = (reason: string, firm: string): Html =>
  html`${reason.split(/(run_[a-z0-9]{20})/).map((part, at) => (at % 2 === 0 ? part : html`<a href="/console/${firm}/runs/${part}">${part}</a>`))}`
