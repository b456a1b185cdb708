import { html } from 'hono/html'
import { isObject, type Json } from '../../lib/json.ts'
import type { AttemptView, RunView, StepView } from '../../model/docket-rpc.ts'
import type { Stumbled } from '../../model/view/run.ts'
import type { Visit } from '../visit.ts'
import { type Html, nothing } from './html.ts'
import { isEmpty, shown, text } from './mask.ts'
import { record } from './record.ts'
import { when } from './time.ts'

/** What was done for an event: each step, what it was given, its calls, and the record that came of it. */
export function stepList(run: RunView, visit: Visit, revealed: boolean): Html {
  const { steps, passedOver, stumbled = [], state } = run
  const at = state === 'parked' ? steps.find(step => step.state === 'ready')?.path : undefined
  const over = passedOver.map(
    one => html`<li>Rule <strong>${one.rule}</strong> was passed over: <code>${one.if}</code> was not so.</li>`,
  )
  if (stumbled.length > 0) return html`<ul class="steps">${stumbled.map(one => stumble(one, revealed))}</ul>`
  if (steps.length === 0 && over.length === 0) return html`<p class="empty">No step of a rule was begun.</p>`
  return html`<ol class="steps">${steps.map(step => one(step, step.path === at, visit, revealed))}</ol>${
    over.length > 0 ? html`<ul class="quiet">${over}</ul>` : ''
  }`
}

/** It parked before its first step: what could not be worked out, and of which values. */
function stumble({ step, at, expression, fault = '', reads = [] }: Stumbled, revealed: boolean): Html {
  return html`<li class="card step"><header><h3>${step}</h3><span class="chip parked">Stopped here</span></header>
<dl><div><dt>${at}</dt><dd><code>${expression}</code>: ${text(fault, revealed)}</dd></div>${reads.map(
    read => html`<div><dt>${read.expression}</dt><dd>${shown(read.value, revealed)}</dd></div>`,
  )}</dl></li>`
}

function one(step: StepView, stopped: boolean, visit: Visit, revealed: boolean): Html {
  const { path, state, why, given, output, attempts } = step
  const at = path.lastIndexOf('/')
  const label = stopped ? 'Stopped here' : state === 'done' ? 'Done' : state === 'skipped' ? 'Skipped' : 'Not yet'
  const kind = stopped ? 'parked' : state === 'done' ? 'done' : ''
  const rest = isObject(output) ? Object.fromEntries(Object.entries(output).filter(([key]) => !told.has(key))) : output
  return html`<li class="card step"><header><h3>${path.slice(at + 1)}</h3>${at > 0 ? html`<span class="quiet">of ${path.slice(0, at)}</span>` : ''}<span class="chip ${kind}">${label}</span>${outcome(step, visit)}</header>
${why === undefined ? '' : html`<p class="quiet">${why}</p>`}
${given && given.length > 0 ? inputs(given, visit, revealed) : ''}
${attempts.map(attempt => call(attempt, visit, revealed))}
${isEmpty(rest) ? '' : html`<details><summary>What came of it</summary>${shown(rest, revealed)}</details>`}</li>`
}

/** What is said of the record in words already, or to nobody. */
const told = new Set(['id', 'etag', 'resource', 'created', 'found', 'undone'])

function outcome({ output }: StepView, visit: Visit): Html {
  if (!isObject(output) || typeof output.resource !== 'string' || (output.id ?? null) === null) return nothing
  const how =
    output.created === true
      ? 'made'
      : output.undone !== undefined
        ? 'taken back:'
        : output.found === true
          ? 'found'
          : ''
  return html`<span>${how} ${record(output.resource, String(output.id), visit)}</span>`
}

function inputs(given: NonNullable<StepView['given']>, visit: Visit, revealed: boolean): Html {
  const came = (value: Json) => {
    if (!isObject(value) || value.resource === undefined) return shown(value, revealed)
    return revealed ? record(String(value.resource), String(value.id), visit) : html`<span class="mask">record</span>`
  }
  return html`<p class="quiet">What the rule gives it:</p><dl>${given.map(
    ({ at, expression, value, fault }) =>
      html`<div><dt>${at.replace(/^with\./, '')}</dt><dd><code>${expression}</code> is ${fault === undefined ? came(value) : html`<strong>at fault:</strong> ${text(fault, revealed)}`}</dd></div>`,
  )}</dl>`
}

const outcomes: Readonly<Record<AttemptView['outcome'], string>> = {
  sending: 'Under way',
  applied: 'Done',
  refused: 'Refused',
  unknown: 'Answer lost',
}

function call(
  { method, path, request, outcome: came, status, message, startedAt }: AttemptView,
  visit: Visit,
  revealed: boolean,
): Html {
  const sent = isObject(request) ? (request.body ?? request.query ?? null) : request
  return html`<div class="call"><code>${method} ${path}</code> <span class="chip ${came}">${outcomes[came]}${status === null ? '' : ` ${status}`}</span> <span class="quiet">${when(startedAt, visit)}</span>
${message === null ? '' : html`<p>${text(message, revealed)}</p>`}
${isEmpty(sent) ? '' : html`<details${revealed ? html` open` : ''}><summary>What was ${method === 'GET' ? 'asked' : 'sent'}</summary>${shown(sent, revealed)}</details>`}</div>`
}
