import { readFileSync, writeFileSync } from 'node:fs'
import type { Asked as AskedRun, Preview } from '../../model/docket-rpc.ts'
import { type Asked, type Command, exit, Failed, objectIn, result } from '../command.ts'
import { ask, checked, firmPath, json, workerOf } from '../worker.ts'
import { tellPreview } from './preview.ts'
import { runLine } from './runs.ts'

/** Clio itself, through the firm's connection and at its pace. */

export const clio: Command = {
  name: 'clio',
  usage: '<firm> <path>',
  summary: "reads Clio: a list or a record, as JSON: 'matters/991?fields=id,client{id,name}'",
  words: [2, 2],
  options: { out: { type: 'string', help: 'a file for the answer, such as a document that is downloaded' } },
  run: async asked => {
    const [firm, path] = asked.words
    const below = firmPath(firm!, `/clio/${path!.replace(/^\/+/, '')}`)
    const answer = await checked(await ask(workerOf(asked), 'GET', below))
    const out = asked.option('out')
    if (out !== undefined) {
      writeFileSync(out, new Uint8Array(await answer.arrayBuffer()), { flag: 'wx' })
      asked.note(`${out} is written.`)
    } else if (/json/.test(answer.headers.get('content-type') ?? ''))
      asked.say(JSON.stringify(await answer.json(), null, 2))
    else throw new Failed('This is a document. Give --out, the file that it is to be.', exit.usage)
    return exit.good
  },
}

const verbs = ['create', 'update', 'upsert', 'delete']

export const write: Command = {
  name: 'write',
  usage: '<firm> <create, update, upsert or delete> <resource> [id]',
  summary:
    'writes one record of Clio, once for its key, as a run; the values come as JSON from a file or the standard input',
  words: [3, 4],
  options: {
    key: { type: 'string', help: 'your own name for this write: the same key is the same write' },
    values: { type: 'string', help: 'a file with the values; the standard input when left out' },
    match: { type: 'string', help: 'of upsert: the values that say which record it is: email_addresses' },
    preview: { type: 'boolean', help: 'shows the calls, and makes none' },
  },
  run: async asked => {
    const [firm, verb, resource, id] = asked.words
    if (!verbs.includes(verb!)) throw new Failed(`${verb} is none of ${verbs.join(', ')}.`, exit.usage)
    const key = asked.option('key')
    if (key === undefined && !asked.flag('preview'))
      throw new Failed('Give --key, a name of your own for this write: typed again, it is done once.', exit.usage)
    const values = verb === 'delete' ? undefined : await valuesOf(asked)
    const match = asked.option('match')?.split(',')
    const wanted = {
      ...{ verb, resource },
      ...(id !== undefined && { id }),
      ...(match && { match }),
      ...(values && { with: values }),
    }
    const [reach, below] = [workerOf(asked), firmPath(firm!)]
    if (asked.flag('preview')) {
      const seen = await json<Preview>(reach, 'POST', `${below}/preview`, { write: wanted })
      result(asked, seen, () => tellPreview(asked, seen))
      return seen.state === 'parked' ? exit.bad : exit.good
    }
    const run = await json<AskedRun>(reach, 'POST', `${below}/records`, { ...wanted, idempotencyKey: key })
    result(asked, run, () => {
      asked.say(runLine(asked, run))
      if (run.duplicate) asked.note('The key was used before: this is the run of then.')
    })
    return exit.good
  },
}

async function valuesOf(asked: Asked): Promise<object> {
  const file = asked.option('values')
  const text = file === undefined ? await asked.input() : readFileSync(file, 'utf8')
  return objectIn(text, 'The values are no JSON object, such as {"name": "Call back"}.')
}
