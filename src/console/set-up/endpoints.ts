import { html } from 'hono/html'
import type { Addressed } from '../../api/endpoints/addresses.ts'
import type { TestPreviewed, TestSent } from '../../api/endpoints/trial.ts'
import { isProblem, type Problem } from '../../lib/problem.ts'
import { includes } from '../../model/access.ts'
import type { EndpointView } from '../../model/view/endpoint.ts'
import { copyField } from '../parts/copy.ts'
import { flash } from '../parts/flash.ts'
import { act, type Html, nothing } from '../parts/html.ts'
import { problemNote } from '../parts/problem.ts'
import { counted, when } from '../parts/time.ts'
import { chip } from '../parts/words.ts'
import type { Page, Shown, Visit } from '../visit.ts'
import { calls } from './calls.ts'

/** `/console/{firm}/endpoints`: where events come in, and what keeps them out. */

export const endpointsPages: readonly Page[] = [
  { method: 'GET', path: '/console/:firm/endpoints', role: 'viewer', nav: 'Endpoints', show: visit => show(visit) },
  { method: 'POST', path: '/console/:firm/endpoints', role: 'operator', show: perform },
]

type Door = EndpointView & Addressed

async function show(visit: Visit, said: Html = nothing): Promise<Shown> {
  const { firm, caller } = visit
  const found = await visit.ask<{ endpoints: Door[] }>('GET', '/endpoints')
  if (isProblem(found)) return found
  const rules = includes(caller.role, 'admin') ? html` <a href="/console/${firm}/rules">To the rules</a>` : ''
  const none = html`<p class="empty">The configuration has no endpoint yet.${rules}</p>`
  const body = html`<h1>Endpoints</h1>${flash(visit)}${said}
${found.endpoints.length === 0 ? none : found.endpoints.map(one => door(one, visit))}`
  return { title: `Endpoints · ${firm}`, body }
}

function door(one: Door, visit: Visit): Html {
  const { name, source, url, hints, faults, secrets, verifiedBy, keyedBy, types } = one
  const { firm, caller } = visit
  const missing = secrets.filter(({ state }) => state === 'missing')
  const store = includes(caller.role, 'admin')
    ? html`<a href="/console/${firm}/settings#secrets">Store it</a>`
    : 'An admin of the firm stores it'
  return html`<article class="card" id="${name}" data-row="${name}"><div class="head"><h2><a href="/console/${firm}/endpoints/${name}">${name}</a> <span class="quiet">${source === name ? '' : source}</span></h2>${
    faults.length > 0 ? html`<span class="chip held">Takes nothing</span>` : ''
  }</div>
${url === null ? '' : copyField('Address', url)}
${hints.map(hint => html`<p class="quiet">${hint}</p>`)}
${missing.map(({ name: secret }) => html`<p class="note bad">The secret <code>${secret}</code> is not set, so nothing is taken. ${store}.</p>`)}
${missing.length > 0 ? '' : faults.map(fault => html`<p class="note bad">${fault}</p>`)}
<dl><div><dt>Last delivery</dt><dd>${last(one, visit)}</dd></div>
<div><dt>Today</dt><dd>${today(one)}</dd></div>
${one.subscriptions.map(standing => html`<div><dt>Subscription ${standing.name}</dt><dd>${subscribed(standing, visit)}</dd></div>`)}
${secrets.length === 0 ? '' : html`<div><dt>Secrets</dt><dd>${secrets.map(({ name: secret, state }) => html`<code>${secret}</code> ${state} `)}</dd></div>`}
<div><dt>Event types</dt><dd>${types.map(type => html`<code>${type === '*' ? 'named by the sender' : type}</code> `)}</dd></div></dl>
${refusals(one, visit)}
<details><summary>How it is proved, and what counts as the same</summary><p>Proved by ${verifiedBy}.</p><p>The same: ${keyedBy}.</p></details>
${includes(caller.role, 'operator') ? acts(one, visit) : nothing}</article>`
}

function last({ lastDelivery }: Door, visit: Visit): Html {
  if (lastDelivery === null) return html`Nothing has come in here yet.`
  const { at, run, state } = lastDelivery
  return html`${when(at, visit)} <a href="/console/${visit.firm}/runs/${run}">Show it</a> ${chip(state)}`
}

function today({ today: counts }: Door): Html {
  const found = Object.entries(counts)
  return found.length === 0 ? html`none` : html`${found.map(([state, n]) => `${n} ${state}`).join(', ')}`
}

function subscribed({ until, nextTryAt, tries, why }: Door['subscriptions'][number], visit: Visit): Html {
  const stands = until === null ? 'does not stand' : html`stands until ${when(until, visit)}`
  if (tries === 0) return until === null ? html`is being made` : html`${stands}`
  return html`${stands}. <span class="wrong">Failed ${counted(tries, 'time')}: ${why ?? 'the log says why'}</span> Tried again ${when(nextTryAt, visit)}.`
}

function refusals({ refused }: Door, visit: Visit): Html {
  if (refused.length === 0) return nothing
  return html`<h3>Refused lately</h3><ul class="plain">${refused.map(
    ({ at, why, times }) => html`<li>${counted(times, 'time')}, last ${when(at, visit)}: ${why}</li>`,
  )}</ul>`
}

function acts({ name, url, catching, caught }: Door, visit: Visit): Html {
  const { firm, csrf, sandbox } = visit
  const armed =
    catching && html`<p class="note">The next event is kept and runs no rule, until ${when(catching.until, visit)}.</p>`
  const send = sandbox === null ? 'Preview a test' : 'Send a test'
  return html`${armed ?? ''}<div class="acts">${url === null ? '' : act(csrf, { act: 'test', endpoint: name }, send)}
${catching ? act(csrf, { act: 'uncatch', endpoint: name }, 'Stop catching') : act(csrf, { act: 'catch', endpoint: name }, 'Catch the next delivery')}
${caught ? html`<a class="button" href="/console/${firm}/endpoints/${name}">What was caught</a>` : ''}</div>`
}

async function perform(visit: Visit): Promise<Shown> {
  const name = visit.form.get('endpoint') ?? ''
  const at = `/endpoints/${encodeURIComponent(name)}`
  const what = visit.form.get('act')
  if (what === 'test' || what === 'live') {
    const came = await visit.ask<TestSent | TestPreviewed>('POST', `${at}/test`, { live: what === 'live' })
    return show(visit, isProblem(came) ? problemNote(came) : tested(name, came, visit))
  }
  const done = await visit.ask<object>(what === 'uncatch' ? 'DELETE' : 'POST', `${at}/catch`)
  return isProblem(done) ? show(visit, problemNote(done)) : { to: `/console/${visit.firm}/endpoints#${name}` }
}

function tested(name: string, came: TestSent | TestPreviewed, { firm, csrf }: Visit): Html {
  if (!came.sent) {
    const { state, warnings } = came.preview
    return html`<section class="card" aria-labelledby="test"><h2 id="test">A test of ${name}</h2><p>${came.why}</p>
<p>It would end ${chip(state)}</p>${calls(came.preview.calls, warnings)}
<div class="acts">${act(csrf, { act: 'live', endpoint: name }, 'Send it for real', { kind: 'danger' })}</div></section>`
  }
  if (came.status >= 400) {
    const { title, detail } = came.answer as unknown as Partial<Problem>
    return html`<p class="note bad" role="alert"><strong>The door refused the test of ${name} (${came.status}).</strong> ${title ?? ''} ${detail ?? ''}</p>`
  }
  const run = came.run === null ? '' : html` <a href="/console/${firm}/runs/${came.run}">See what becomes of it</a>`
  return html`<p class="note good" role="status"><strong>The test of ${name} came in.</strong>${run}</p>`
}
