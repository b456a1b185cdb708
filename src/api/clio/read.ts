import { askedRead } from '../../clio/contract/asked.ts'
import { isObject, type Json } from '../../lib/json.ts'
import { isProblem, type Problem, problem, problemResponse } from '../../lib/problem.ts'
import type { Call } from '../../model/call.ts'
import { reply } from '../reply.ts'
import type { Asked, Route } from '../table.ts'

/**
 * Reads of a firm's Clio, through its own connection and at its pace: Clio's own JSON. What Clio would not understand is refused before
 * any call; the answer is kept nowhere.
 */
export const clioRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms/:firm/clio/:path{.+}',
    role: 'operator',
    handle,
  },
]

/** Where Clio's own links point. */
const clio = 'https://app.clio.com'

async function handle({ request, firm, ask, caller }: Asked): Promise<Response> {
  const url = new URL(request.url)
  const below = `/api/firms/${firm}/clio/`
  const path = url.pathname.slice(url.pathname.indexOf(below) + below.length).replace(/\.json$/, '')
  const read = readCall(path, url.searchParams)
  if (isProblem(read)) return problemResponse(read)
  const answer = await ask(docket => docket.clio(read.call, caller))
  if (isProblem(answer)) return problemResponse(answer)
  if (read.download) return download(answer.answer)
  return reply(linked(answer.answer, `${url.origin}${below}${path}`))
}

/** @param limit of a list that says none; left out: Clio's own */
export function readCall(
  path: string,
  search: URLSearchParams,
  limit?: string,
): { call: Call; download: boolean } | Problem {
  const read = askedRead(path, search)
  if (read.kind === 'refused') return notUnderstood(read.remarks)
  const { route, download } = read
  const query = queryOf(search)
  const list = route.id === null && route.resource.list !== undefined && !route.resource.one
  return { call: { method: 'GET', path, query: list && limit ? { limit, ...query } : query }, download }
}

/** A key that stands several times, or ends in `[]`, has several values. */
function queryOf(given: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(given.keys())].map(key => {
      const values = given.getAll(key)
      return [key, values.length > 1 || key.endsWith('[]') ? values : values[0]!]
    }),
  )
}

/** Clio's links to other pages lead past the gateway: theirs is the query, the address is ours. */
function linked(answer: Json, here: string): JsonAnswer {
  if (!isObject(answer)) return { data: answer }
  const { meta } = answer
  if (!isObject(meta) || !isObject(meta.paging)) return answer
  const paging = Object.entries(meta.paging).map(([key, link]) =>
    typeof link === 'string' && URL.canParse(link, clio) ? [key, `${here}${new URL(link, clio).search}`] : [key, link],
  )
  return { ...answer, meta: { ...meta, paging: Object.fromEntries(paging) as Json } }
}

type JsonAnswer = { readonly [key: string]: Json }

/** From Clio's storage, which knows nothing of tokens, straight through: nothing of it is held. */
async function download(answer: Json): Promise<Response> {
  const location = isObject(answer) && typeof answer.location === 'string' ? answer.location : ''
  if (!/^https?:\/\//.test(location)) return problemResponse(nowhere)
  const file = await fetch(location).catch(() => null)
  if (!file?.ok || file.body === null) {
    await file?.body?.cancel()
    return problemResponse(nowhere)
  }
  const headers = new Headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  for (const name of ['content-type', 'content-length', 'content-disposition', 'etag', 'last-modified']) {
    const value = file.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  // A document is a client's, and may be a page with a script.
  if (!headers.has('content-disposition')) headers.set('content-disposition', 'attachment')
  headers.set('content-security-policy', 'sandbox')
  return new Response(file.body, { headers })
}

const notUnderstood = (errors: readonly { readonly path: string; readonly message: string }[]) =>
  problem(
    422,
    'not-in-contract',
    'Clio would not understand this read',
    "Nothing was asked of Clio. Fix the entries in 'errors', and send it again.",
    { errors },
  )

const nowhere = problem(
  502,
  'download-unavailable',
  'The document cannot be fetched',
  'Clio named a place for the document, but its storage does not hand it out. Ask again in a moment.',
  { headers: { 'retry-after': '5' } },
)
