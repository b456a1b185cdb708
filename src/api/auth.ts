import type { MiddlewareHandler } from 'hono'
import { problem, problemResponse } from '../lib/problem.ts'

/** Lets in who shows `Authorization: Bearer $ADMIN_TOKEN` (RFC 6750). Without a token of its own the API stays shut. */
export function bearer(adminToken: string | undefined): MiddlewareHandler {
  return async (c, next) => {
    if (!adminToken) return problemResponse(notSet)
    const [, shown] = /^bearer +([^\s]+) *$/i.exec(c.req.header('authorization') ?? '') ?? []
    if (shown === undefined || !(await equal(shown, adminToken))) return problemResponse(unauthorized(shown))
    return next()
  }
}

/** Equality in constant time. Hashed first: `timingSafeEqual` throws on unequal lengths, and a length is a hint. */
async function equal(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([a, b].map(text => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
  return crypto.subtle.timingSafeEqual(x!, y!)
}

const unauthorized = (shown: string | undefined) =>
  problem(
    401,
    'unauthorized',
    'This call wants the admin token',
    'Send the header `Authorization: Bearer` with the value of the secret ADMIN_TOKEN.',
    {
      headers: { 'www-authenticate': `Bearer realm="docketed"${shown === undefined ? '' : ', error="invalid_token"'}` },
    },
  )

const notSet = problem(
  503,
  'admin-token-not-set',
  'The API is shut',
  'The Worker has no ADMIN_TOKEN. Set one with `wrangler secret put ADMIN_TOKEN`.',
)
