import { html } from 'hono/html'
import type { RunSummary } from '../../model/docket-rpc.ts'
import type { Visit } from '../visit.ts'
import { type Html, table } from './html.ts'
import { text } from './mask.ts'
import { when } from './time.ts'
import { chip, reasonWords, stateWords } from './words.ts'

export function runTable(runs: readonly RunSummary[], visit: Visit, caption: string): Html {
  const rows = runs.map(
    run => html`<tr data-row="${run.id}"><td><a href="/console/${visit.firm}/runs/${run.id}">${when(run.acceptedAt, visit)}<span class="sr">, ${stateWords[run.state]}</span></a></td><td>${text(run.person)}</td><td><span class="from">${run.endpoint}</span> <span class="quiet">${run.type}</span></td><td>${chip(run.state)}</td><td>${run.reasonCode === null ? '' : reasonWords(run.reasonCode)}</td></tr>
`,
  )
  return table(caption, ['Time', 'Person', 'Came in', 'State', 'Why'], rows)
}
