import type { RunSummary, RunView } from '../../model/docket-rpc.ts'
import { type Asked, type Colour, type Command, exit, paint, result } from '../command.ts'
import { firmPath, json, workerOf } from '../worker.ts'

export const runs: Command = {
  name: 'runs',
  usage: '<firm> [run]',
  summary: 'the newest runs of a firm, or one run with its steps and calls',
  words: [1, 2],
  options: {
    state: { type: 'string', help: 'only those in these states: parked,held' },
    endpoint: { type: 'string', help: 'only those of this endpoint; agents: what was asked for with no rule' },
    code: { type: 'string', help: 'only those that are parked for this reason: unknown-name' },
    day: { type: 'string', help: "only those of this day, in the firm's timezone: 2026-11-26" },
    q: { type: 'string', help: 'only those about whoever has this address, number or last name' },
    limit: { type: 'string', help: 'how many; 20 when left out' },
    reveal: { type: 'boolean', help: 'of one run: what was written, and not masks; the audit says who asked' },
  },
  run: async asked => {
    const [firm, run] = asked.words
    const reach = workerOf(asked)
    const path = firmPath(firm!, '/runs')
    if (run !== undefined) {
      const query = asked.flag('reveal') ? '?reveal=1' : ''
      const view = await json<RunView>(reach, 'GET', `${path}/${encodeURIComponent(run)}${query}`)
      result(asked, view, () => tell(asked, view))
      return exit.good
    }
    const query = new URLSearchParams({ limit: asked.option('limit') ?? '20' })
    for (const name of ['state', 'endpoint', 'code', 'day', 'q']) {
      const value = asked.option(name)
      if (value !== undefined) query.set(name, value)
    }
    const page = await json<{ runs: RunSummary[] }>(reach, 'GET', `${path}?${query}`)
    result(asked, page.runs, () => {
      for (const one of page.runs) asked.say(runLine(asked, one))
      if (page.runs.length === 0) asked.note('No run is like that.')
    })
    return exit.good
  },
}

const colours: Readonly<Record<string, Colour>> = { done: 'green', parked: 'red', held: 'red', waiting: 'yellow' }

/** `2026-11-26 14:03:09Z  done       run_…  website  form.submitted` and the reason, where there is one. */
export function runLine(asked: Asked, run: RunSummary): string {
  const at = `${run.acceptedAt.slice(0, 19).replace('T', ' ')}Z`
  const state = paint(asked, colours[run.state] ?? 'dim', run.state.padEnd(9))
  const reason = run.reason === null ? '' : `\n    ${run.reason}`
  return `${at}  ${state}  ${run.id}  ${run.endpoint}  ${run.type}${reason}`
}

/** A run for people: why it stands there, what to do, and each step with its calls. The event stands in `--json`. */
function tell(asked: Asked, run: RunView): void {
  asked.say(runLine(asked, run))
  if (run.todo !== null) asked.say(`    What to do: ${run.todo}`)
  for (const { path, state, why, candidates = [], attempts } of run.steps) {
    asked.say(`  ${path}  ${state}${why === undefined ? '' : `: ${why}`}`)
    for (const { resource, id, name } of candidates) asked.say(`      may be ${resource} ${id}: ${name ?? '?'}`)
    for (const { method, path: to, outcome, status, record, message } of attempts) {
      const came = [outcome, status, record === null ? null : `record ${record}`].filter(one => one !== null).join(' ')
      asked.say(`      ${method} ${to}  ${came}${message === null ? '' : `: ${message}`}`)
    }
  }
}
