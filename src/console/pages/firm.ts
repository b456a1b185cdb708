import { html } from 'hono/html'
import { isProblem } from '../../lib/problem.ts'
import { dateAt } from '../../lib/time/time.ts'
import { includes } from '../../model/access.ts'
import type { RunSummary, Stats } from '../../model/docket-rpc.ts'
import type { ChannelView } from '../../model/view/channel.ts'
import { flash } from '../parts/flash.ts'
import { forAll } from '../parts/for-all.ts'
import { act, type Html, nothing, sure } from '../parts/html.ts'
import { runTable } from '../parts/run-list.ts'
import { counted, long, when } from '../parts/time.ts'
import { adviceFor, chip, isLost, reasonWords, states, whyStill } from '../parts/words.ts'
import type { Page, Shown, Visit } from '../visit.ts'

/** `/console/{firm}`: what needs a person, and how the day goes. */

export const firmPages: readonly Page[] = [
  { method: 'GET', path: '/console/:firm', role: 'viewer', nav: 'Overview', show },
  {
    method: 'POST',
    path: '/console/:firm',
    role: 'operator',
    show: visit => forAll(visit, visit.form.get('act') === 'discard' ? 'discard' : 'resume'),
  },
]

/** Runs of today that are counted; a busier day says so. */
const countedMost = 200

async function show(visit: Visit): Promise<Shown> {
  const { firm, now } = visit
  const stats = visit.stats!
  const day = dateAt(now, stats.timezone)
  const [today, told] = await Promise.all([
    visit.ask<{ runs: RunSummary[] }>('GET', `/runs?day=${day}&limit=${countedMost}`),
    visit.ask<{ channels: ChannelView[] }>('GET', '/channels'),
  ])
  if (isProblem(today)) return today
  const channels = isProblem(told) ? [] : told.channels
  const latest = today.runs.slice(0, 8)
  const body = html`${flash(visit)}<h1 class="sr">${firm}</h1>
<div data-live="overview">
${connection(visit, stats)}${deaf(channels, visit)}
<section aria-labelledby="needs"><h2 id="needs">Needs you</h2>${needs(visit, stats)}</section>
<section aria-labelledby="today"><h2 id="today">Today</h2>${tally(today.runs, firm, day)}
${latest.length === 0 ? nothing : html`${runTable(latest, visit, 'The latest runs of today')}<p class="pager"><a href="/console/${firm}/runs">All runs</a></p>`}</section>
<section aria-labelledby="how"><h2 id="how">How it stands</h2>${standing(stats, channels)}</section>
</div>`
  return { title: firm, body }
}

/** Why nothing goes to Clio, when nothing does: the connection is lost, somebody holds the firm, or it tries its rules in shadow. */
function connection(visit: Visit, { connection: held, mode }: Stats): Html {
  const { firm, caller } = visit
  const shadow =
    mode === 'shadow'
      ? html`<div class="note warn" role="status"><strong>In shadow: nothing is written to Clio.</strong> Rules are worked out as in life, and each run shows what it would do.</div>`
      : nothing
  if (held.state === 'ok') return shadow
  const lost = isLost(held)
  const where = includes(caller.role, 'admin')
    ? html` <a href="/console/${firm}/settings">To the settings</a>`
    : ' An admin of the firm sees to it.'
  return html`${shadow}<div class="note bad" role="status">${whyStill(held)}
<p>Nothing is lost: what comes in waits, and goes on by itself ${lost ? 'when Clio is connected again' : 'when it is let go'}.${where}</p>
<p class="quiet">Since ${when(held.since, visit)}${held.nextProbeAt === null ? '' : html`; looked at again ${when(held.nextProbeAt, visit)}`}.</p></div>`
}

/** Channels that take nothing: nobody hears what happens here. */
function deaf(channels: readonly ChannelView[], { firm, caller }: Visit): Html {
  const silent = channels.filter(({ failures, lastError }) => failures > 0 && lastError !== null)
  return html`${silent.map(
    ({ name, alerts, lastError, waiting }) =>
      html`<div class="note bad" role="status"><strong>Channel ${name} takes nothing${alerts ? ', and alarms go there' : ''}.</strong> ${lastError!.why}${
        waiting > 0 ? ` ${counted(waiting, 'message')} will be told again until somebody takes them.` : ''
      }${includes(caller.role, 'admin') ? html` <a href="/console/${firm}/settings#channels">The channels</a>` : ''}</div>`,
  )}`
}

function needs({ firm, csrf, caller }: Visit, { reasons, counts }: Stats): Html {
  const found = Object.entries(reasons).filter(([, n]) => n > 0)
  const spam =
    counts.spam > 0
      ? html`<p class="quiet"><a href="/console/${firm}/runs?state=spam">${counted(counts.spam, 'submission')} set aside as spam</a></p>`
      : nothing
  if (found.length === 0)
    return html`<p class="empty good">Nothing. Every event was carried out, or goes on by itself.</p>${spam}`
  const mayAct = includes(caller.role, 'operator')
  return html`${found
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, n]) => {
      const href = `/console/${firm}/runs?code=${code}`
      const all = n === 1 ? 'it' : `all ${n}`
      return html`<article class="card need" data-row="${code}"><h3><span class="count parked">${n}</span> <a href="${href}">${reasonWords(code)}</a></h3>
${adviceFor(code as keyof Stats['reasons'])}
<div class="acts"><a class="button${chosenOne.has(code) ? ' primary' : ''}" href="${href}">Show ${all}</a>${
        mayAct
          ? html`${act(csrf, { act: 'resume', code }, `Resume ${all}`, { kind: chosenOne.has(code) ? '' : 'primary', key: 'r' })}
${sure(csrf, { act: 'discard', code }, `Discard ${all}…`, html`<p>What is discarded is not carried out any more.</p>`, `Discard ${all}`)}`
          : ''
      }</div></article>`
    })}${spam}`
}

/** Each run wants a decision of its own: to resume all of them unseen is no use, or worse. */
const chosenOne: ReadonlySet<string> = new Set(['several-found', 'ambiguous-name', 'doubtful', 'asked', 'by-rule'])

function tally(runs: readonly RunSummary[], firm: string, day: string): Html {
  if (runs.length === 0)
    return html`<p class="empty">Nothing came in yet. <a href="/console/${firm}/endpoints">The endpoints</a></p>`
  const more =
    runs.length === countedMost ? html`<p class="quiet">Of the last ${countedMost} that came in today.</p>` : nothing
  return html`<ul class="tally">${states.map(state => {
    const n = runs.filter(run => run.state === state).length
    return n === 0
      ? ''
      : html`<li><a href="/console/${firm}/runs?day=${day}&amp;state=${state}"><strong>${n}</strong> ${chip(state)}</a></li>`
  })}</ul>${more}`
}

function standing(
  { counts, oldestOpenSeconds, pace, connection, version }: Stats,
  channels: readonly ChannelView[],
): Html {
  const alarms = channels.filter(({ alerts }) => alerts).map(({ name }) => name)
  const open = counts.accepted + counts.running + counts.waiting + counts.held
  const oldest = oldestOpenSeconds === null ? '' : `, the oldest for ${long(oldestOpenSeconds)}`
  return html`<dl class="facts"><div><dt>Clio</dt><dd>${connection.state === 'ok' ? (connection.id === null ? 'not used yet' : 'connected') : isLost(connection) ? 'not connected' : 'held'}</dd></div>
<div><dt>Open</dt><dd>${counted(open, 'run')}${oldest}</dd></div>
<div><dt>Pace</dt><dd>${pace.used} of ${pace.requests} calls in ${pace.seconds} s</dd></div>
<div><dt>Alarms go to</dt><dd>${alarms.length > 0 ? alarms.join(', ') : 'nobody: a run that parks is seen here only'}</dd></div>
<div><dt>Configuration</dt><dd>version ${version ?? '—'}</dd></div></dl>`
}
