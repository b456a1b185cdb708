import type { Hono } from 'hono'
import * as z from 'zod'
import { isProblem, type Problem, problem, problemResponse } from '../lib/problem.ts'
import { isSecretName } from '../platform/secrets.ts'
import { type Dockets, withDocket } from './firm.ts'
import { readJson, readQuery, readText } from './read.ts'
import { done, reply, resource } from './reply.ts'

/** A firm's configuration and secrets. */

/** As large as the configuration check allows. */
const largestConfig = 512 * 1024
const largestSecret = 8 * 1024

const secretBody = z.strictObject({ value: z.string() })
const putQuery = z.strictObject({ dry: z.enum(['0', '1']).optional() })

export function configRoutes(app: Hono, dockets: Dockets): void {
  resource(app, '/firms/:firm/config', {
    /** The text as it was saved, comments included; its version is the ETag. */
    GET: withDocket(dockets, async (ask, _c, firm) => {
      const config = await ask(docket => docket.config())
      if (config === null) return problemResponse(noConfig(firm))
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        ...versionHeaders(config.version),
      }
      return new Response(config.text, { headers })
    }),

    /** `?dry=1` only checks. With `If-Match` it replaces no other version than that one (RFC 9110 §13.1.1). */
    PUT: withDocket(dockets, async (ask, c, firm) => {
      const query = readQuery(c.req.url, putQuery)
      if (isProblem(query)) return problemResponse(query)
      const text = await readText(c.req.raw, largestConfig)
      if (typeof text !== 'string') return problemResponse(text)
      const wanted = c.req.header('if-match')
      if (wanted !== undefined) {
        const version = (await ask(docket => docket.config()))?.version ?? null
        if (!matches(wanted, version)) return problemResponse(overtaken(version))
      }
      const dry = query.dry === '1'
      const saved = await ask(docket => docket.putConfig(firm, text, dry))
      return reply(saved, 200, isProblem(saved) || dry ? {} : versionHeaders(saved.version))
    }),
  })

  resource(app, '/firms/:firm/secrets/:name', {
    PUT: withDocket(dockets, async (ask, c, firm) => {
      const name = c.req.param('name') ?? ''
      if (!isSecretName(name)) return problemResponse(badName)
      const value = await secretOf(c.req.raw)
      if (typeof value !== 'string') return problemResponse(value)
      return done(await ask(docket => docket.putSecret(firm, name, value)))
    }),
    DELETE: withDocket(dockets, async (ask, c, firm) => {
      const name = c.req.param('name') ?? ''
      if (!isSecretName(name)) return problemResponse(badName)
      return done(await ask(docket => docket.deleteSecret(firm, name)))
    }),
  })
}

/** The value stands in the body as text, without the line break that `echo` leaves, or as JSON: `{"value":"…"}`. */
async function secretOf(request: Request): Promise<string | Problem> {
  const json = request.headers.get('content-type')?.startsWith('application/json')
  const body = json ? await readJson(request, largestSecret, secretBody) : await readText(request, largestSecret)
  if (isProblem(body)) return body
  const value = typeof body === 'string' ? body.replace(/\r?\n$/, '') : body.value
  return value === '' ? emptySecret : value
}

const versionHeaders = (version: number) => ({ etag: `"${version}"`, 'x-config-version': String(version) })

/** `*` is any version that there is; a weak tag never matches. */
function matches(header: string, version: number | null): boolean {
  if (version === null) return false
  const tags = header.split(',').map(tag => tag.trim())
  return tags.includes('*') || tags.includes(`"${version}"`)
}

const noConfig = (firm: string) =>
  problem(
    404,
    'no-configuration',
    'The firm has no configuration',
    `Nothing is stored for ${firm} yet. Send its configuration with PUT to this address.`,
  )

const overtaken = (version: number | null) =>
  problem(
    412,
    'configuration-changed',
    'The configuration is another one by now',
    version === null
      ? 'If-Match names a version, but the firm has no configuration. Nothing was changed; send it without If-Match.'
      : `The stored version is ${version}, not the one in If-Match. Nothing was changed; read it again and repeat your change on it.`,
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
