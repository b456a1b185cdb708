import { readFileSync } from 'node:fs'
import { readJsonc } from '../../configuration/jsonc.ts'
import { isObject } from '../../lib/json.ts'
import { schemeOf, sign } from '../../sources/proof/sign.ts'
import { type Asked, type Command, exit, Failed, result } from '../command.ts'
import { firmNamed } from '../documents.ts'
import { addressOf, checked, stored, workerOf } from '../worker.ts'

export const send: Command = {
  name: 'send',
  usage: '<firm> <endpoint> [file or -]',
  summary: 'posts a delivery to an endpoint, signed as its source signs; without a file, a sample form',
  words: [2, 3],
  options: {
    source: { type: 'string', help: "the endpoint's source; left out: read from the firm's document" },
    secret: { type: 'string', help: 'the variable that holds the secret; DOCKETED_SECRET when left out' },
    type: { type: 'string', help: 'the Content-Type; left out: told from the body' },
    key: { type: 'string', help: 'an Idempotency-Key: sent twice, it is one run' },
  },
  run: async asked => {
    const [firm, endpoint, file] = asked.words
    const url = `${addressOf(asked)}/in/${firmNamed(firm!)}/${encodeURIComponent(endpoint!)}`
    const source = asked.option('source') ?? (await sourceOf(asked, firm!, endpoint!))
    if (file === undefined && source !== 'form')
      throw new Failed(
        `A sample is only of a form; give a file with a delivery of ${source}, or press “Send a test” on the endpoints page of the console.`,
        exit.usage,
      )
    const body = file === undefined ? sample : file === '-' ? await asked.input() : readFileSync(file, 'utf8')
    const key = asked.option('key')
    const proof = proofOf(asked, source, url, body)
    const headers = {
      'content-type': asked.option('type') ?? (/^\s*[[{]/.test(body) ? 'application/json' : formType),
      accept: 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
      ...proof.headers,
    }
    const query = new URLSearchParams(proof.query).toString()
    const answer = await sent(asked, query === '' ? url : `${url}?${query}`, { method: 'POST', headers, body })
    const text = await (await checked(answer)).text()
    result(asked, { status: answer.status, answer: text }, () => asked.say(`${answer.status} ${text.trim()}`))
    return exit.good
  },
}

const formType = 'application/x-www-form-urlencoded'
const sample = new URLSearchParams({
  first_name: 'Ada',
  last_name: 'Example',
  email: 'ada@mail.example',
  phone: '(212) 555-0143',
  message: 'A test. Please ignore it.',
}).toString()

/** Of a source that signs with a secret; nothing for one that does not, or when none was given. */
function proofOf(asked: Asked, source: string, uri: string, body: string): ReturnType<typeof sign> {
  const variable = asked.option('secret') ?? 'DOCKETED_SECRET'
  const secret = asked.env[variable]
  const scheme = schemeOf(source)
  if (scheme === null) return { headers: {}, query: {} }
  if (!secret) throw new Failed(`${source} signs: put the endpoint's secret into ${variable}.`, exit.usage)
  return sign(scheme, { secret, body, uri, now: asked.now(), id: `msg_${crypto.randomUUID()}` })
}

async function sourceOf(asked: Asked, firm: string, endpoint: string): Promise<string> {
  const config = await stored(workerOf(asked), firm)
  const read = config && readJsonc(config.text)
  const endpoints = read?.ok && isObject(read.value) ? read.value.endpoints : undefined
  const found = isObject(endpoints) && Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint] : undefined
  if (isObject(found) && typeof found.source === 'string') return found.source
  throw new Failed(`The stored document of ${firm} has no endpoint '${endpoint}'.`)
}

async function sent(asked: Asked, url: string, init: RequestInit): Promise<Response> {
  try {
    return await asked.fetch(url, init)
  } catch {
    throw new Failed(`Nothing answers at ${new URL(url).origin}. Is that the address of your Worker?`)
  }
}
