import * as z from 'zod/mini'
import { wholeNumeral } from '../lib/numeral.ts'
import { isProblem, type Problem, problem, problemResponse } from '../lib/problem.ts'
import { isSecretName } from '../platform/secrets.ts'
import { forbidden } from './access/who.ts'
import { readJson, readQuery, readText } from './read.ts'
import { done, reply } from './reply.ts'
import type { Route } from './table.ts'

/** A firm's configuration and secrets. */

/** As large as the configuration check allows. */
const largestConfig = 512 * 1024
const largestSecret = 8 * 1024
/** Characters: what signs or opens is not to be guessed. Providers' own are longer. */
const shortestSecret = 16

const secretBody = z.strictObject({ value: z.string() })
const flag = z.optional(z.enum(['0', '1']))
const putQuery = z.strictObject({ dry: flag, names: flag, anew: flag })
const getQuery = z.strictObject({ version: z.exactOptional(wholeNumeral.check(z.gte(1))) })

export const configRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms/:firm/config',
    role: 'admin',
    handle: async ({ request, ask, firm }) => {
      const query = readQuery(request.url, getQuery)
      const { version } = query
      const config = await ask(docket => docket.config(version))
      if (config === null) return problemResponse(version === undefined ? noConfig(firm) : noVersion(version))
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        ...versionHeaders(config.version),
      }
      return new Response(config.text, { headers })
    },
  },
  {
    method: 'GET',
    path: '/firms/:firm/config/versions',
    role: 'admin',
    handle: async ({ ask }) => reply(await ask(docket => docket.configVersions())),
  },
  {
    method: 'PUT',
    path: '/firms/:firm/config',
    role: 'admin',
    handle: async ({ request, ask, caller, firm }) => {
      const query = readQuery(request.url, putQuery)
      const text = await readText(request, largestConfig)
      if (typeof text !== 'string') return problemResponse(text)
      const [dry, anew] = [query.dry === '1', query.anew === '1']
      if (anew && caller.role !== 'vendor') return problemResponse(forbidden(caller, 'vendor'))
      const how = { names: query.names === '1', anew, ifMatch: request.headers.get('if-match') }
      const saved = await ask(docket => docket.putConfig(firm, text, dry, caller, how))
      return reply(saved, 200, isProblem(saved) || dry ? {} : versionHeaders(saved.version))
    },
  },
  {
    method: 'GET',
    path: '/firms/:firm/secrets',
    role: 'admin',
    handle: async ({ ask }) => reply(await ask(docket => docket.secrets())),
  },
  {
    method: 'PUT',
    path: '/firms/:firm/secrets/:name',
    role: 'admin',
    handle: async ({ request, ask, caller, firm, param }) => {
      const name = param('name')
      if (!isSecretName(name)) return problemResponse(badName)
      const value = await secretOf(request)
      if (typeof value !== 'string') return problemResponse(value)
      return done(await ask(docket => docket.putSecret(firm, name, value, caller)))
    },
  },
  {
    method: 'DELETE',
    path: '/firms/:firm/secrets/:name',
    role: 'admin',
    handle: async ({ ask, caller, firm, param }) => {
      const name = param('name')
      if (!isSecretName(name)) return problemResponse(badName)
      return done(await ask(docket => docket.deleteSecret(firm, name, caller)))
    },
  },
]

/** The value stands in the body as text, without the line break that `echo` leaves, or as JSON: `{"value":"…"}`. */
async function secretOf(request: Request): Promise<string | Problem> {
  const json = request.headers.get('content-type')?.startsWith('application/json')
  const body = json ? await readJson(request, largestSecret, secretBody) : await readText(request, largestSecret)
  const value = typeof body === 'string' ? body.replace(/\r?\n$/, '') : body.value
  if (value === '') return emptySecret
  return value.length < shortestSecret ? shortSecret : value
}

const versionHeaders = (version: number) => ({ etag: `"${version}"`, 'x-config-version': String(version) })

const noConfig = (firm: string) =>
  problem(
    404,
    'no-configuration',
    'The firm has no configuration',
    `Nothing is stored for ${firm} yet. Send its configuration with PUT to this address.`,
  )

const noVersion = (version: number) =>
  problem(
    404,
    'no-such-version',
    'No such version',
    `No version ${version} of the configuration is kept. GET …/config/versions lists those that are.`,
  )

const badName = problem(
  400,
  'secret-name',
  'No firm can have a secret of this name',
  'The name is in capitals, digits and underscores, begins with a letter, and is none of the secrets of the operator. Nothing was changed.',
)

const emptySecret = problem(
  400,
  'empty-secret',
  'The secret is empty',
  'The body of the request is the value of the secret. Nothing was changed; to forget a secret, send DELETE.',
)

const shortSecret = problem(
  422,
  'secret-too-short',
  'The secret could be guessed',
  `A secret has at least ${shortestSecret} characters. Nothing was changed; make one with \`openssl rand -hex 32\`, and set it at the sender too.`,
)
