import { readFileSync } from 'node:fs'
import type { Preview } from '../../model/docket-rpc.ts'
import { type Asked, type Command, exit, Failed, paint, result } from '../command.ts'
import { firmPath, json, workerOf } from '../worker.ts'

export const preview: Command = {
  name: 'preview',
  usage: '<firm> [endpoint] [file or -]',
  summary: 'which calls a delivery (a file, or - for the standard input) or a past run would make; makes none',
  words: [1, 3],
  options: {
    run: { type: 'string', help: 'a past run in place of a file' },
    config: { type: 'string', help: 'a document that is not saved yet' },
    names: { type: 'boolean', help: 'reads Clio, so that names become ids' },
  },
  run: async asked => {
    const [firm, endpoint, file] = asked.words
    const run = asked.option('run')
    if ((run === undefined) === (file === undefined))
      throw new Failed('Give an endpoint and a file, or --run with the id of a run.', exit.usage)
    const config = asked.option('config')
    const body = {
      ...(endpoint !== undefined && { endpoint }),
      ...(run === undefined ? { body: file === '-' ? await asked.input() : readFileSync(file!, 'utf8') } : { run }),
      ...(config !== undefined && { config: readFileSync(config, 'utf8') }),
      ...(asked.flag('names') && { names: true }),
    }
    const made = await json<Preview>(workerOf(asked), 'POST', firmPath(firm!, '/preview'), body)
    result(asked, made, () => tellPreview(asked, made))
    return made.state === 'parked' ? exit.bad : exit.good
  },
}

/** The calls that would be made, what is to be said of them, and how it would end. */
export function tellPreview(asked: Asked, { calls, warnings, state }: Preview): void {
  for (const { step, method, path, body, note } of calls) {
    asked.say(`${paint(asked, 'bold', `${method} ${path}`)}  ${step}${note ? `  (${note})` : ''}`)
    if (body !== undefined) asked.say(JSON.stringify(body, null, 2).replace(/^/gm, '    '))
  }
  for (const { path, message } of warnings) asked.say(`${paint(asked, 'yellow', 'warning')}: ${path}: ${message}`)
  asked.say(`The run would be ${state}.`)
}
