import { html } from 'hono/html'
import type { RunSummary } from '../../model/docket-rpc.ts'
import type { Visit } from '../visit.ts'
import type { Html } from './html.ts'
import { text } from './mask.ts'
import { when } from './time.ts'
import { chip, reasonWords, stateWords } from './words.ts'

/** Runs as a table; on a phone each row is a card. */
export function runTable(runs: readonly RunSummary[], { firm, stats, now }: Visit, caption: string): Html {
  const zone = stats?.timezone ?? 'UTC'
  return html`<table class="rows">
<caption class="sr">${caption}</caption>
<thead><tr><th scope="col">Time</th><th scope="col">Person</th><th scope="col">Came in</th><th scope="col">State</th><th scope="col">Why</th></tr></thead>
<tbody>${runs.map(
    run => html`<tr data-row="${run.id}"><td><a href="/console/${firm}/runs/${run.id}">${when(run.acceptedAt, zone, now)}<span class="sr">, ${stateWords[run.state]}</span></a></td><td>${text(run.person)}</td><td><span class="from">${run.endpoint}</span> <span class="quiet">${run.type}</span></td><td>${chip(run.state)}</td><td>${run.reasonCode === null ? '' : reasonWords(run.reasonCode)}</td></tr>
`,
  )}</tbody>
</table>`
}
