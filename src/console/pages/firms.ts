import { html } from 'hono/html'
import { isProblem } from '../../lib/problem.ts'
import type { FirmSummary, FirmsPage } from '../../model/registry-rpc.ts'
import { table } from '../parts/html.ts'
import { long, timed } from '../parts/time.ts'
import type { Page, Shown, Visit } from '../visit.ts'

/** `/console`: all firms, for whoever serves many. */

export const firmsPages: readonly Page[] = [{ method: 'GET', path: '/console', role: 'vendor', show }]

async function show(visit: Visit): Promise<Shown> {
  const q = visit.url.searchParams.get('q')?.trim().toLowerCase().slice(0, 63) ?? ''
  const cursor = visit.url.searchParams.get('cursor')
  const query = new URLSearchParams({ limit: '100', ...(q && { q }), ...(cursor && { cursor }) })
  const page = await visit.api<FirmsPage>('GET', `/firms?${query}`)
  if (isProblem(page)) return page
  const { firms, cursor: next } = page
  const body = html`<div class="head"><h1>Firms</h1>
<form role="search" class="search"><label class="sr" for="q">Find a firm</label><input id="q" type="search" name="q" value="${q}" placeholder="Find a firm" data-search aria-keyshortcuts="/"><button>Find</button></form></div>
<div data-live="firms">${
    firms.length === 0
      ? html`<p class="empty">${q === '' ? 'There is no firm yet. Store a configuration, and it stands here.' : html`No firm has “${q}” in its name. <a href="/console">All firms</a>`}</p>`
      : table(
          'Firms and how their dockets stand',
          ['Firm', 'Parked', 'Open', 'Held', 'Oldest open', 'Alerts', 'Last event', 'As of'],
          firms.map(firm => row(firm, visit.now)),
          'told',
        )
  }</div>
${next === null ? '' : html`<p class="pager"><a rel="next" href="?${new URLSearchParams({ ...(q && { q }), cursor: next })}">More firms</a></p>`}`
  return { title: 'Firms', body }
}

function row(
  { id, parked, open, held, hold, lastEventAt, oldestOpenAt, deafChannels, asOf }: FirmSummary,
  now: number,
) {
  const n = (label: string, value: number | null, bad: string) =>
    html`<td class="n" data-label="${label}">${value === null ? '—' : value > 0 ? html`<span class="count ${bad}">${value}</span>` : '0'}</td>`
  const since = (at: string | null, ago = '', never = '—') =>
    at === null ? never : timed(at, 'UTC', `${long(Math.max(0, Math.round((now - Date.parse(at)) / 1000)))}${ago}`)
  const alerts = deafChannels
    ? html`<span class="count held">failing</span>`
    : deafChannels === 0
      ? 'none failing'
      : '—'
  return html`<tr data-row="${id}"><td><a href="/console/${id}">${id}</a></td>${n('Parked', parked, 'parked')}${n('Open', open, '')}${hold && !held ? html`<td class="n" data-label="Held"><span class="count held">held</span></td>` : n('Held', held, 'held')}<td data-label="Oldest open">${since(oldestOpenAt)}</td><td data-label="Alerts">${alerts}</td><td data-label="Last event">${since(lastEventAt, ' ago')}</td><td class="quiet" data-label="As of">${since(asOf, ' ago', 'never told')}</td></tr>
`
}
