import type { RunSummary } from '../../model/docket-rpc.ts'
import { type Command, exit, Failed } from '../command.ts'
import { firmPath, json, workerOf } from '../worker.ts'
import { runLine } from './runs.ts'

/** ms between two looks. */
const every = 2000

export const tail: Command = {
  name: 'tail',
  usage: '<firm>',
  summary: 'runs as they come and as they end, until Ctrl-C; with --json a line each',
  words: [1, 1],
  options: { seconds: { type: 'string', help: 'ends by itself after so many seconds' } },
  run: async asked => {
    const reach = workerOf(asked)
    const path = firmPath(asked.words[0]!, '/runs?limit=50')
    const seconds = asked.option('seconds')
    if (seconds !== undefined && !(Number(seconds) > 0)) throw new Failed('--seconds is a number above 0.', exit.usage)
    const end = seconds === undefined ? Number.POSITIVE_INFINITY : asked.now() + Number(seconds) * 1000
    let seen: Map<string, string> | null = null
    for (;;) {
      const { runs } = await json<{ runs: RunSummary[] }>(reach, 'GET', path)
      const states = new Map(runs.map(({ id, state }) => [id, state]))
      // What was there before is history, but for the last few, so that one sees that it works.
      const known: ReadonlyMap<string, string> = seen ?? new Map([...states].slice(5))
      for (const run of runs.toReversed())
        if (known.get(run.id) !== run.state) asked.say(asked.flag('json') ? JSON.stringify(run) : runLine(asked, run))
      seen = new Map([...(seen ?? []), ...states])
      if (asked.now() + every > end) return exit.good
      await asked.sleep(every)
    }
  },
}
