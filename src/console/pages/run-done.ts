import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import type { Resumed, RunSummary } from '../../model/docket-rpc.ts'
import { corrected } from '../parts/correct.ts'
import { keptIn } from '../parts/flash.ts'
import type { Visit } from '../visit.ts'

/** What the buttons of a run ask of the API, and where one goes then. */
export async function done(visit: Visit): Promise<{ to: string } | Problem> {
  const { firm, form } = visit
  const id = encodeURIComponent(visit.param('id'))
  const what = form.get('act') ?? ''
  const step = form.get('step') ?? ''
  const post = (call: string, body: object = {}) => visit.ask<Resumed>('POST', `/runs/${id}/${call}`, body)
  const asked: Readonly<Record<string, () => Promise<Resumed | Problem>>> = {
    resume: () => post('resume'),
    correct: () => {
      const answers = corrected(form)
      return Object.keys(answers).length === 0 ? Promise.resolve(unchanged) : post('resume', { answers })
    },
    skip: () => {
      const skip = form.getAll('step')
      return skip.length === 0 ? Promise.resolve(unskipped) : post('resume', { skip })
    },
    choose: () => post('resume', { choose: { [step]: form.get('record')?.trim() ?? '' } }),
    discard: () => post('discard'),
    replay: () => post('replay'),
    erase: () => visit.ask<RunSummary>('DELETE', `/runs/${id}`),
    hold: () => post('hold'),
    release: () => post('release'),
    undo: () => post('undo', { anyway: form.get('anyway') === '1' }),
  }
  if (!Object.hasOwn(asked, what)) return unknown
  const run = await asked[what]!()
  return isProblem(run) ? run : { to: `/console/${firm}/runs/${run.id}?did=${what}${keptIn(run)}` }
}

const unchanged = problem(
  422,
  'nothing-corrected',
  'Nothing was corrected',
  'Every answer says what it said before. Change one, or resume the run as it is.',
)

const unskipped = problem(
  422,
  'nothing-skipped',
  'Nothing was skipped',
  'No step is chosen that the run goes on without. Choose one, or resume the run as it is.',
)

const unknown = problem(
  400,
  'no-such-act',
  'Nothing was done',
  'The page is of another version of Docketed. Load it again and repeat what you did.',
)
