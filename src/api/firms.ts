import * as z from 'zod/mini'
import { wholeNumeral } from '../lib/numeral.ts'
import { isProblem, problem, problemResponse } from '../lib/problem.ts'
import { isPassphrase } from '../platform/envelope.ts'
import { readJson, readQuery } from './read.ts'
import { ask } from './registry.ts'
import { Refused, reply } from './reply.ts'
import type { Route } from './table.ts'

/** Firms: all of them, as the registry knows them (no Docket is woken for it, and each line says how old it is); and one as a whole. */

const firmsQuery = z.strictObject({
  limit: z._default(wholeNumeral.check(z.gte(1), z.lte(200)), 50),
  cursor: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(63))),
  /** Part of the name. */
  q: z.exactOptional(z.string().check(z.maxLength(63))),
  /** Whether the DATA_KEY of now wraps the firm's keys. */
  rewrapped: z.exactOptional(z.enum(['0', '1'])),
  /** Those that were erased instead. */
  erased: z.exactOptional(z.enum(['0', '1'])),
})

const largestReason = 8 * 1024
const [linksMost, largestLinks] = [1000, 2 * 1024 * 1024]

/** As the last word of the path, so that nobody erases a firm for another. */
const eraseQuery = z.strictObject({ confirm: z.exactOptional(z.string().check(z.maxLength(63))) })

const reasonBody = z.strictObject({
  reason: z.exactOptional(z.string().check(z.trim(), z.minLength(1), z.maxLength(500))),
})
const nothing = z.strictObject({})
const exportQuery = z.strictObject({ open: z.exactOptional(z.enum(['0', '1'])) })
const importQuery = z.strictObject({ connection: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(255))) })
const name = z.string().check(z.minLength(1), z.maxLength(255))
const linksBody = z.strictObject({
  links: z
    .array(z.strictObject({ endpoint: name, subject: name, link: name, resource: name, id: z.union([name, z.int()]) }))
    .check(z.minLength(1), z.maxLength(linksMost)),
})

export const firmRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms',
    role: 'vendor',
    handle: async ({ request, registry }) => {
      const query = readQuery(request.url, firmsQuery)
      const { limit, cursor = null } = query
      const { q, rewrapped } = query
      const wanted = { ...(q && { q }), ...(rewrapped && { rewrapped: rewrapped === '1' }) }
      if (query.erased !== '1') return reply(await ask(registry, all => all.firms(limit, cursor, wanted)))
      const page = await ask(registry, all => all.graves(limit, cursor))
      const erased = page.erased.map(one => ({ ...one, at: new Date(one.at).toISOString() }))
      return reply({ erased, cursor: page.cursor })
    },
  },
  {
    method: 'DELETE',
    path: '/firms/:firm',
    role: 'admin',
    handle: async ({ request, ask: asked, firm, caller }) => {
      const query = readQuery(request.url, eraseQuery)
      if (query.confirm !== firm) return problemResponse(unconfirmed(firm))
      return reply(await asked(docket => docket.erase(caller)), 202)
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/hold',
    role: 'admin',
    handle: async ({ request, ask: asked, caller }) => {
      const body = await readJson(request, largestReason, reasonBody)
      return reply(await asked(docket => docket.holdFirm(body.reason ?? null, caller)))
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/resume',
    role: 'admin',
    handle: async ({ request, ask: asked, caller }) => {
      await readJson(request, largestReason, nothing)
      return reply(await asked(docket => docket.resumeFirm(caller)))
    },
  },
  {
    method: 'GET',
    path: '/firms/:firm/export',
    role: 'admin',
    handle: async ({ request, ask: asked, caller, firm }) => {
      const query = readQuery(request.url, exportQuery)
      const passphrase = passphraseIn(request)
      if ((passphrase === null) !== (query.open === '1')) return problemResponse(unsealed)
      const stream = await asked(docket => docket.exportFirm(passphrase, caller))
      if (isProblem(stream)) return problemResponse(stream)
      const file = `${firm}.${passphrase === null ? 'ndjson' : 'docketed'}`
      const headers = {
        'content-type': passphrase === null ? 'application/x-ndjson' : 'application/octet-stream',
        'content-disposition': `attachment; filename="${file}"`,
        'cache-control': 'no-store',
      }
      return new Response(stream, { headers })
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/import',
    role: 'vendor',
    handle: async ({ request, ask: asked, caller }) => {
      const query = readQuery(request.url, importQuery)
      const passphrase = passphraseIn(request)
      const { body } = request
      if (!body) return problemResponse(noExport)
      const { connection = null } = query
      return reply(await asked(docket => docket.importFirm({ body, passphrase, connection }, caller)), 201)
    },
  },
  {
    method: 'POST',
    path: '/firms/:firm/links',
    role: 'admin',
    handle: async ({ request, ask: asked, caller }) => {
      const body = await readJson(request, largestLinks, linksBody)
      return reply(await asked(docket => docket.learnLinks(body.links, caller)))
    },
  },
]

const unconfirmed = (firm: string) =>
  problem(
    422,
    'not-confirmed',
    'Say which firm is to be erased',
    `Everything that is kept of ${firm} would be removed, for good. Nothing was changed; if that is meant, send ?confirm=${firm}.`,
  )

/** null: none was sent. @throws Refused for one that could be guessed */
function passphraseIn({ headers }: Request): string | null {
  const given = headers.get('export-passphrase')
  if (given !== null && !isPassphrase(given)) throw new Refused(weakPassphrase)
  return given
}

const weakPassphrase = problem(
  422,
  'passphrase-weak',
  'The passphrase could be guessed',
  'The header Export-Passphrase holds 16 to 256 letters, digits and signs, no accents. Make one with `openssl rand -hex 24`, and keep it apart from the export.',
)

const unsealed = problem(
  422,
  'export-unsealed',
  'Say how the export is to be sealed',
  'It holds what clients said. Send the header Export-Passphrase, and it is sealed to that; or ?open=1 without it, and everybody who gets the file can read it.',
)

const noExport = problem(
  422,
  'export-unreadable',
  'The export cannot be read',
  'The body is empty. Send the file that GET …/export answered.',
)
