import { type Problem, problem } from '../../lib/problem.ts'
import { erasedWords, type StoredRun } from '../ledger/run/stored-run.ts'

/** What an operator is told who asks for what cannot be done. */

export const unknownFirm = problem(
  404,
  'unknown-firm',
  'No such firm',
  'None is stored under this name yet, or it was erased. Store its configuration: PUT /api/firms/{firm}/config, or “docketed push”.',
)

/** Why the event of a run cannot be carried out once more; null: it can. What was taken back is not to be made anew by the undo's replay. */
export function notAgain(run: StoredRun): Problem | null {
  if (run.undoOf !== null)
    return problem(409, 'wrong-state', 'An undo cannot be replayed', `Replay run ${run.undoOf}, which it takes back.`)
  return run.event ? null : problem(409, 'event-gone', 'The event is no longer kept', erasedWords(run))
}

export function notIn(run: StoredRun, done: string, states: string): Problem {
  const detail = `Run ${run.id} is ${run.state}; only one that is ${states} can be ${done}.`
  return problem(409, 'wrong-state', `The run cannot be ${done}`, detail)
}
