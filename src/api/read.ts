import type * as z from 'zod/mini'
import { fromUtf8 } from '../lib/encoding.ts'
import { remarksOf } from '../lib/issues.ts'
import type { Json } from '../lib/json.ts'
import { problem } from '../lib/problem.ts'
import { readBody } from '../lib/read-body.ts'
import { parseJson } from '../reading/body/body.ts'
import { Refused } from './reply.ts'

/** What an operator sends, parsed at the edge. Each function throws `Refused` for what cannot be read. */

/** The body as text in UTF-8, without a byte order mark. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const bytes = await readBody(request, maxBytes)
  if (bytes === 'too-large') {
    const detail = `This call takes at most ${maxBytes} bytes. Nothing was changed; send less.`
    throw new Refused(problem(413, 'too-large', 'The body is too large', detail))
  }
  return (bytes === 'cut' ? null : fromUtf8(bytes)) ?? malformed('The body broke off, or is not text in UTF-8.')
}

/** The body as JSON of a shape; an empty body counts as `{}`. */
export async function readJson<T>(request: Request, maxBytes: number, shape: z.ZodMiniType<T>): Promise<T> {
  const text = await readText(request, maxBytes)
  const value = text.trim() === '' ? {} : parseJson(text)
  if (value === undefined) return malformed('The body is not JSON.')
  return parsed(value, shape, 'malformed-body', 'What was sent is not valid')
}

/** The query of a URL as an object of a shape. A key that is not known or stands twice is refused, not ignored. */
export function readQuery<T>(url: string, shape: z.ZodMiniType<T>): T {
  const query = new URL(url).searchParams
  const title = 'The query cannot be read'
  const twice = [...query.keys()].find((key, at, keys) => keys.indexOf(key) !== at)
  if (twice !== undefined)
    throw new Refused(problem(400, 'malformed-query', title, 'A key stands twice; send it once.'))
  return parsed(Object.fromEntries(query), shape, 'malformed-query', title)
}

function parsed<T>(value: Json, shape: z.ZodMiniType<T>, code: string, title: string): T {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const errors = remarksOf(result.error, shape, value)
  const detail = "Nothing was changed; fix the entries in 'errors', and send it again."
  throw new Refused(problem(400, code, title, detail, { errors }))
}

function malformed(what: string): never {
  const detail = `${what} Nothing was changed; mend it and send it again.`
  throw new Refused(problem(400, 'malformed-body', 'The body cannot be read', detail))
}
