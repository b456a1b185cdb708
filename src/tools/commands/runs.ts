import type { RunSummary } from '../../model/docket-rpc.ts'
import { type Asked, type Colour, type Command, exit, paint, result } from '../command.ts'
import { firmPath, json, workerOf } from '../worker.ts'

export const runs: Command = {
  name: 'runs',
  usage: '<firm> [run]',
  summary: 'the newest runs of a firm, or one run with its steps and calls',
  words: [1, 2],
  options: {
    state: { type: 'string', help: 'only those in these states: parked,held' },
    endpoint: { type: 'string', help: 'only those of this endpoint' },
    limit: { type: 'string', help: 'how many; 20 when left out' },
  },
  run: async asked => {
    const [firm, run] = asked.words
    const reach = workerOf(asked)
    const path = firmPath(firm!, '/runs')
    if (run !== undefined) {
      asked.say(JSON.stringify(await json(reach, 'GET', `${path}/${encodeURIComponent(run)}`), null, 2))
      return exit.good
    }
    const query = new URLSearchParams({ limit: asked.option('limit') ?? '20' })
    for (const name of ['state', 'endpoint']) {
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

/** `2026-11-26 14:03:09  done       run_…  website  form.submitted` and the reason, where there is one. */
export function runLine(asked: Asked, run: RunSummary): string {
  const at = run.acceptedAt.slice(0, 19).replace('T', ' ')
  const state = paint(asked, colours[run.state] ?? 'dim', run.state.padEnd(9))
  const reason = run.reason === null ? '' : `\n    ${run.reason}`
  return `${at}  ${state}  ${run.id}  ${run.endpoint}  ${run.type}${reason}`
}
