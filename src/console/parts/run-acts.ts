import { html } from 'hono/html'
import { includes } from '../../model/access.ts'
import type { RunView, StepView } from '../../model/docket-rpc.ts'
import type { Visit } from '../visit.ts'
import { act, type Html, hidden, nothing } from './html.ts'
import { record } from './record.ts'

/** What can be done with a run as it stands. Every button is a form of its own. */
export function runActs(run: RunView, visit: Visit, revealed: boolean): Html {
  const { csrf, url, caller } = visit
  const action = url.pathname
  const { state, event } = run
  const shadowed = state === 'held' && run.reasonCode === 'shadow'
  const stopped = state === 'parked' || state === 'spam' || shadowed
  const over = state === 'done' || state === 'ignored' || state === 'discarded'
  const button = (what: string, label: string, kind: '' | 'primary' = '', key?: string) =>
    act(csrf, { act: what }, label, { action, kind, ...(key && { key }) })
  const acts: Html[] = []
  if (stopped) acts.push(button('resume', state === 'spam' ? 'Not spam: carry it out' : 'Resume', 'primary', 'r'))
  if (!revealed) acts.push(button('reveal', 'Reveal', '', 'v'))
  if (state === 'parked' && event !== null && run.undoOf === null)
    acts.push(button('edit', 'Correct answers…', '', 'c'))
  // Where a rule is mended, with this run's event beside it.
  if (event !== null && (stopped || state === 'ignored') && includes(caller.role, 'admin'))
    acts.push(html`<a class="button" href="/console/${visit.firm}/rules?run=${run.id}">The rules…</a>`)
  if (event !== null && run.undoOf === null && (over || stopped)) acts.push(button('replay', 'Replay'))
  if (mayUndo(run)) acts.push(html`<a class="button" href="${action}/undo">Undo…</a>`)
  const more: Html[] = []
  if (state === 'parked') more.push(...mends(run, visit, revealed))
  if (!over)
    more.push(
      sure(
        'Discard…',
        html`${hidden(csrf, { act: 'discard' })}<p>It is not carried out any more. What it made in Clio stays.</p><button class="danger">Discard</button>`,
        action,
      ),
    )
  if (event !== null && run.legalHold === null) {
    more.push(
      sure(
        'Keep for a lawsuit…',
        html`${hidden(csrf, { act: 'hold' })}<p>A legal hold: the run is neither purged nor erased until an admin ends it.</p><button>Put a legal hold on it</button>`,
        action,
      ),
    )
    if (over || state === 'spam')
      more.push(
        sure(
          'Erase…',
          html`${hidden(csrf, { act: 'erase' })}<p>What this run says of people is erased now, and cannot be brought back. What stands in Clio stays there.</p><button class="danger">Erase what it says</button>`,
          action,
        ),
      )
  } else if (run.legalHold?.on === 'run' && includes(caller.role, 'admin'))
    acts.push(button('release', 'End the legal hold'))
  return acts.length + more.length === 0 ? nothing : html`<div class="acts">${acts}${more}</div>`
}

function mayUndo({ undoOf, undoneBy, state, steps, event }: RunView): boolean {
  const made = steps.some(({ attempts }) =>
    attempts.some(({ method, outcome }) => method !== 'GET' && outcome !== 'refused'),
  )
  return (
    made && undoOf === null && undoneBy === null && event !== null && ['done', 'parked', 'discarded'].includes(state)
  )
}

/** Something that wants a second look before it is done. */
function sure(label: string, form: Html, action: string, open = false): Html {
  return html`<details class="sure"${open ? html` open` : ''}><summary>${label}</summary><form method="post" action="${action}" class="stack">${form}</form></details>`
}

/** Of several records one can be said to be meant, where that was the question. */
const choosable = new Set(['several-found', 'ambiguous-name', 'doubtful'])

function mends({ steps, reasonCode, reason, undoOf }: RunView, visit: Visit, revealed: boolean): Html[] {
  const ready = steps.filter(({ state }) => state === 'ready')
  if (ready.length === 0 || undoOf !== null) return []
  const { csrf, url } = visit
  const which = html`<label>Step <select name="step">${ready.map(({ path }) => html`<option>${path}</option>`)}</select></label>`
  const skip = sure(
    'Skip a step…',
    html`${hidden(csrf, { act: 'skip' })}<p>The run goes on without it.</p>${which}<button>Skip it and resume</button>`,
    url.pathname,
  )
  if (reasonCode === null || !choosable.has(reasonCode)) return [skip]
  const form = html`${hidden(csrf, { act: 'choose' })}${candidates(revealed ? (reason ?? '') : '', ready[0]!, visit)}${ready.length > 1 ? which : html`<input type="hidden" name="step" value="${ready[0]!.path}">`}<button class="primary">Choose it and resume</button>`
  return [sure('Choose the record…', form, url.pathname, revealed), skip]
}

/** The records between which is to be chosen, as far as the reason names them; else their id is asked for. */
function candidates(reason: string, step: StepView, visit: Visit): Html {
  const ids = [...reason.matchAll(/\bids? (\d+(?:, \d+)*)/g)].flatMap(([, list]) => list!.split(', '))
  if (ids.length === 0)
    return html`<label>The record’s id in Clio <input name="record" inputmode="numeric" pattern="[0-9]+" required></label><p class="quiet">Reveal the run, and the records to choose from stand here.</p>`
  const resource = /\bof (\w+) /.exec(reason)?.[1] ?? step.path
  return html`<fieldset><legend>Which is meant?</legend>${ids.map(
    id =>
      html`<div class="check"><label class="check"><input type="radio" name="record" value="${id}" required> ${id}</label> ${record(resource, id, visit)}</div>`,
  )}</fieldset>`
}
