import { html } from 'hono/html'
import { isProblem } from '../../lib/problem.ts'
import { includes } from '../../model/access.ts'
import type { RunSummary } from '../../model/docket-rpc.ts'
import { agentsEndpoint } from '../../model/event.ts'
import { reasons } from '../../model/reason.ts'
import { flash } from '../parts/flash.ts'
import { forget } from '../parts/for-all.ts'
import { type Html, nothing, sure } from '../parts/html.ts'
import { problemNote } from '../parts/problem.ts'
import { runTable } from '../parts/run-list.ts'
import { reasonWords } from '../parts/words.ts'
import type { Page, Shown, Visit } from '../visit.ts'

/** `/console/{firm}/runs`: every event that came in, found by what stands in the address. */

export const runsPages: readonly Page[] = [
  { method: 'GET', path: '/console/:firm/runs', role: 'viewer', nav: 'Runs', show },
  { method: 'POST', path: '/console/:firm/runs', role: 'admin', show: forget },
]

const pageSize = 50

/** What the list can be narrowed by: the API's own words. */
const filters = ['q', 'state', 'endpoint', 'code', 'day'] as const

const states: readonly (readonly [value: string, words: string])[] = [
  ['', 'All'],
  ['parked', 'Parked: needs a person'],
  ['accepted,running,waiting,held', 'Open: goes on by itself'],
  ['done', 'Done'],
  ['ignored', 'Ignored: no rule'],
  ['spam', 'Spam'],
  ['discarded', 'Discarded'],
]

async function show(visit: Visit): Promise<Shown> {
  const { url, firm } = visit
  const asked = Object.fromEntries(filters.map(name => [name, url.searchParams.get(name)?.trim() ?? '']))
  const narrowed = Object.entries(asked).filter(([, value]) => value !== '')
  const cursor = url.searchParams.get('cursor')
  const query = new URLSearchParams([...narrowed, ['limit', String(pageSize)], ...(cursor ? [['cursor', cursor]] : [])])
  const page = await visit.ask<{ runs: RunSummary[]; cursor: string | null }>('GET', `/runs?${query}`)
  const wrong = isProblem(page) ? page : null
  const { runs, cursor: next } = isProblem(page) ? { runs: [], cursor: null } : page
  const all = `/console/${firm}/runs`
  const none =
    narrowed.length > 0 || cursor
      ? html`No run is like that. ${asked.q ? 'People are found by a last name, a whole e-mail address or number. ' : ''}<a href="${all}">All runs</a>`
      : 'Nothing has come in yet. Send a test to one of the endpoints, and it stands here.'
  const older =
    next === null
      ? nothing
      : html`<a rel="next" href="?${new URLSearchParams([...narrowed, ['cursor', next]])}">Older</a>`
  const body = html`<h1>Runs</h1>${flash(visit)}${search(visit, asked)}${wrong ? problemNote(wrong) : ''}
<div${cursor ? '' : html` data-live="runs"`}>${runs.length === 0 ? (wrong ? '' : html`<p class="empty">${none}</p>`) : runTable(runs, visit, 'Runs, newest first')}
${cursor || next ? html`<nav class="pager" aria-label="Pages">${cursor ? html`<a href="?${new URLSearchParams(narrowed)}">Newest</a>` : ''}${older}</nav>` : ''}</div>${runs.length > 0 && includes(visit.caller.role, 'admin') && /@|(\d.*){7}/.test(asked.q!) ? erasing(visit, asked.q!) : ''}`
  return { title: `Runs · ${firm}`, body, status: wrong?.status ?? 200 }
}

/** Whom an address or a number finds can be forgotten. */
const erasing = ({ csrf }: Visit, who: string): Html =>
  sure(
    csrf,
    { who },
    'Erase this person…',
    html`<p>What all runs about <bdi>${who}</bdi> say of people is erased now, and cannot be brought back. What stands in Clio stays: erase it there first. A number that several people share finds all of theirs.</p>`,
    'Erase all of it',
  )

function search({ stats }: Visit, asked: Readonly<Record<string, string>>): Html {
  const endpoints = [
    ...new Set([...(stats?.endpoints ?? []), agentsEndpoint, ...(asked.endpoint ? [asked.endpoint] : [])]),
  ]
  const known = Object.keys({ ...stats?.reasons, ...(asked.code && { [asked.code]: 0 }) }).filter(
    code => code in reasons,
  )
  const chosenState = states.some(([value]) => value === asked.state)
    ? states
    : [...states, [asked.state!, asked.state!] as const]
  return html`<form role="search" class="filters">
<label class="wide">Search <input type="search" name="q" value="${asked.q}" placeholder="Id, e-mail, phone or name" data-search aria-keyshortcuts="/"></label>
<label>State <select name="state">${chosenState.map(([value, words]) => option(value, words, asked.state))}</select></label>
<label>Endpoint <select name="endpoint">${[option('', 'All', asked.endpoint), ...endpoints.map(name => option(name, name, asked.endpoint))]}</select></label>
<label>Reason <select name="code">${[option('', 'All', asked.code), ...known.map(code => option(code, reasonWords(code), asked.code))]}</select></label>
<label>Day <input type="date" name="day" value="${asked.day}"></label>
<button>Show</button>
</form>`
}

const option = (value: string, words: string, chosen: string | undefined): Html =>
  html`<option value="${value}"${value === (chosen ?? '') ? html` selected` : ''}>${words}</option>`
