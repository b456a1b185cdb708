import type { Resumed, RunSummary } from '../../model/docket-rpc.ts'
import { type Asked, agreed, type Command, exit, objectIn, result, yes } from '../command.ts'
import { firmPath, json, workerOf } from '../worker.ts'
import { runLine } from './runs.ts'

/** What is done with one run: gone on with, closed, taken back. */

const act = async <T extends RunSummary>(asked: Asked, verb: string, body?: object): Promise<T> => {
  const [firm, run] = asked.words
  return json<T>(workerOf(asked), 'POST', firmPath(firm!, `/runs/${encodeURIComponent(run!)}/${verb}`), body)
}

/** An option that holds JSON. @throws Failed */
function jsonOption(asked: Asked, name: string): object | undefined {
  const text = asked.option(name)
  const wanted = `--${name} is a JSON object in quotes, such as '{"email": "pat@x.example"}'.`
  return text === undefined ? undefined : objectIn(text, wanted)
}

export const resume: Command = {
  name: 'resume',
  usage: '<firm> <run>',
  summary: 'goes on with a parked run; also what an agent asks for happens then',
  words: [2, 2],
  options: {
    own: { type: 'boolean', help: 'with the rules that it began with, not the newest' },
    answers: { type: 'string', help: 'answers as they should have been: \'{"email": "pat@x.example"}\'' },
    choose: { type: 'string', help: 'of several records the one that is meant: \'{"client": 991}\'' },
    skip: { type: 'string', help: 'steps to leave out: call,papers' },
  },
  run: async asked => {
    const [answers, choose] = [jsonOption(asked, 'answers'), jsonOption(asked, 'choose')]
    const skip = asked.option('skip')?.split(',')
    const body = {
      ...(asked.flag('own') && { config: 'own' }),
      ...(answers && { answers }),
      ...(choose && { choose }),
      ...(skip && { skip }),
    }
    const run = await act<Resumed>(asked, 'resume', body)
    result(asked, run, () => {
      asked.say(runLine(asked, run))
      for (const { step, resource, record } of run.kept ?? [])
        asked.note(
          record === null
            ? `A call of step ${step} was lost, and may have made one of ${resource} of the old answer: look at the run when it has gone on.`
            : `Step ${step} made ${resource} ${record} of the old answer: correct it in Clio.`,
        )
    })
    return exit.good
  },
}

export const discard: Command = {
  name: 'discard',
  usage: '<firm> <run>',
  summary: 'closes a run for good; nothing more of it is done',
  words: [2, 2],
  options: { yes },
  run: async asked => {
    if (!(await agreed(asked, `Close ${asked.words[1]}? Nothing more of it is done.`))) return exit.bad
    const run = await act(asked, 'discard')
    result(asked, run, () => asked.say(runLine(asked, run)))
    return exit.good
  },
}

export const undo: Command = {
  name: 'undo',
  usage: '<firm> <run>',
  summary: 'takes back what a run made in Clio, as a run of its own',
  words: [2, 2],
  options: { yes, anyway: { type: 'boolean', help: 'also when part of it cannot be taken back' } },
  run: async asked => {
    if (!(await agreed(asked, `Take back what ${asked.words[1]} made in Clio?`))) return exit.bad
    const run = await act(asked, 'undo', { anyway: asked.flag('anyway') })
    result(asked, run, () => asked.say(runLine(asked, run)))
    return exit.good
  },
}
