import type { Context } from 'hono'
import type { Hono } from '../lib/hono.ts'
import { isProblem, type Problem, problem, problemResponse } from '../lib/problem.ts'

/** What every call of the API has in common: its answers, and which methods a path takes. */

/** A call ends with this refusal, wherever that came to light. */
export class Refused extends Error {
  readonly problem: Problem
  constructor(why: Problem) {
    super(why.code)
    this.problem = why
  }
}

/** A value as JSON, or the refusal that came instead of it. */
export function reply(value: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  if (isProblem(value)) return problemResponse(value)
  return new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
}

/** `204 No Content`, or the refusal that came instead of null. */
export function done(refusal: object | null): Response {
  return refusal === null ? empty() : reply(refusal)
}

function empty(headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store', ...headers } })
}

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'
type Handlers = Readonly<Partial<Record<Method, (c: Context) => Response | Promise<Response>>>>

/** A path and its methods. HEAD comes with GET, OPTIONS always; any other is a 405 with `Allow` (RFC 9110 §15.5.6). */
export function resource(app: Hono, path: string, handlers: Handlers): void {
  const methods = Object.keys(handlers)
  const allow = [...methods, ...(handlers.GET ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler)
  app.all(path, c => (c.req.method === 'OPTIONS' ? empty({ allow }) : problemResponse(wrongMethod(allow))))
}

const wrongMethod = (allow: string) =>
  problem(405, 'method-not-allowed', 'The method is not allowed here', `This path takes ${allow}.`, {
    headers: { allow },
  })

export const notFound = problem(
  404,
  'not-found',
  'There is nothing here',
  'No call has this path. The README lists all of them; a firm is named in small letters, digits and hyphens.',
)

export const failed = problem(
  500,
  'internal',
  'The request could not be handled',
  'Docketed failed on this request, which is our fault. The log of the Worker says where; the same request may be sent again.',
)
