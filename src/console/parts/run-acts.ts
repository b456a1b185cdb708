import { html } from 'hono/html'
import { includes } from '../../model/access.ts'
import type { RunView } from '../../model/docket-rpc.ts'
import { askedType } from '../../model/event.ts'
import type { Visit } from '../visit.ts'
import { act, type Html, hidden, nothing, sure } from './html.ts'
import { isEmpty, text } from './mask.ts'
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
  if (stopped) acts.push(button('resume', resumes[run.reasonCode ?? ''] ?? 'Resume', asks(run) ? '' : 'primary', 'r'))
  if (!revealed && run.erasedAt === null) acts.push(button('reveal', 'Reveal', '', 'v'))
  const asked = event?.type === askedType
  if (state === 'parked' && event !== null && run.undoOf === null && !(asked && isEmpty(event.fields)))
    acts.push(button('edit', 'Correct answers…', '', 'c'))
  // Where a rule is mended, with this run's event beside it.
  if (event !== null && !asked && (stopped || state === 'ignored') && includes(caller.role, 'admin'))
    acts.push(html`<a class="button" href="/console/${visit.firm}/rules?run=${run.id}">The rules…</a>`)
  if (event !== null && run.undoOf === null && (over || stopped)) acts.push(button('replay', 'Replay'))
  if (mayUndo(run)) acts.push(html`<a class="button" href="${action}/undo">Undo…</a>`)
  const more: Html[] = []
  if (state === 'parked') more.push(...mends(run, visit))
  const danger = { action, kind: 'danger' } as const
  if (!over)
    more.push(
      sure(
        csrf,
        { act: 'discard' },
        'Discard…',
        html`<p>It is not carried out any more. What it made in Clio stays.</p>`,
        'Discard',
        danger,
      ),
    )
  if (event !== null && run.legalHold === null) {
    more.push(
      sure(
        csrf,
        { act: 'hold' },
        'Keep for a lawsuit…',
        html`<p>A legal hold: the run is neither purged nor erased until an admin ends it.</p>`,
        'Put a legal hold on it',
        { action },
      ),
    )
    if (over || state === 'spam')
      more.push(
        sure(
          csrf,
          { act: 'erase' },
          'Erase…',
          html`<p>What this run says of people is erased now, and cannot be brought back. What stands in Clio stays there.</p>`,
          'Erase what it says',
          danger,
        ),
      )
  } else if (run.legalHold?.on === 'run' && includes(caller.role, 'admin'))
    acts.push(button('release', 'End the legal hold'))
  return acts.length + more.length === 0
    ? nothing
    : html`${choice(run, visit, revealed)}<div class="acts">${acts}${more}</div>`
}

const resumes: Readonly<Record<string, string>> = { spam: 'Not spam: carry it out', asked: 'Let it happen' }

function mayUndo({ undoOf, undoneBy, state, steps, event }: RunView): boolean {
  const made = steps.some(({ attempts }) =>
    attempts.some(({ method, outcome }) => method !== 'GET' && outcome !== 'refused'),
  )
  return (
    made && undoOf === null && undoneBy === null && event !== null && ['done', 'parked', 'discarded'].includes(state)
  )
}

function mends({ steps, undoOf }: RunView, { csrf, url }: Visit): Html[] {
  const ready = steps.filter(({ state }) => state === 'ready')
  if (ready.length === 0 || undoOf !== null) return []
  const which = html`<fieldset><legend>The run goes on without</legend><ul class="choices">${ready.map(
    ({ path }, n) =>
      html`<li><label class="check"><input type="checkbox" name="step" value="${path}"${n === 0 ? html` checked` : ''}> step ${path}</label></li>`,
  )}</ul></fieldset>`
  return [sure(csrf, { act: 'skip' }, 'Skip a step…', which, 'Skip and resume', { action: url.pathname })]
}

/** The step that stands still until somebody says which record is meant. */
const asks = ({ steps, undoOf }: RunView) => (undoOf === null ? steps.find(({ candidates }) => candidates) : undefined)

/** The records between which is to be chosen, each with its page in Clio; of a lost call, that it is none of them. */
function choice(run: RunView, visit: Visit, revealed: boolean): Html {
  const step = asks(run)
  if (step === undefined) return nothing
  const option = (value: string, of: Html) =>
    html`<li><label class="check"><input type="radio" name="record" value="${value}" required> ${of}</label></li>`
  const records = step.candidates!.map(({ resource, id, name }) =>
    option(id, html`<span>${name === null ? '' : html`${text(name, revealed)} `}${record(resource, id, visit)}</span>`),
  )
  const none = run.reasonCode === 'doubtful' ? option('none', html`None of these: send it again`) : ''
  return html`<form method="post" action="${visit.url.pathname}" class="card stack">${hidden(visit.csrf, { act: 'choose', step: step.path })}
<fieldset><legend>Which record does step ${step.path} mean?</legend><ul class="choices">${records}${none}</ul></fieldset>
<button class="primary">Choose it and resume</button></form>`
}
