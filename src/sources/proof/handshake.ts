import * as z from 'zod/mini'
import { toHex, utf8 } from '../../lib/encoding.ts'
import { isObject, type Json } from '../../lib/json.ts'
import { hmac } from '../../lib/mac.ts'
import type { Inbound, Secrets } from '../../model/endpoint.ts'
import { textAt } from '../../reading/payload.ts'
import { headerName } from './proofs.ts'
import { usable } from './signature.ts'

/** How services make sure that an address is ours, before they send anything: three ways, of which most use one. */

export const handshakeOption = z.union(
  [
    z.literal('zoom'),
    z.strictObject({
      echo: headerName,
    }),
    z.strictObject({
      challenge: z.string().check(z.minLength(1), z.maxLength(64)),
    }),
  ],
  { error: 'is "zoom", {"echo": "x-header"} or {"challenge": "name"}' },
)
export type Handshake = z.infer<typeof handshakeOption>

/** Printable ASCII, as header values are. */
const isToken = (text: string | null): text is string => text !== null && /^[\x21-\x7e]{1,255}$/.test(text)

const plain = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' }

/** The answer to a GET; null: it is none. */
export function greeting(given: Handshake | undefined, request: Inbound): Response | null {
  if (request.method !== 'GET' || given === undefined || given === 'zoom') return null
  if ('challenge' in given) {
    const text = request.url.searchParams.get(given.challenge)
    return text === null ? null : new Response(text.slice(0, 255), { headers: plain })
  }
  const headers = echoed(given, request)
  return headers === null ? null : new Response(null, { headers })
}

/** The header that every answer repeats. */
export function echoed(given: Handshake | undefined, request: Inbound): Record<string, string> | null {
  if (given === undefined || given === 'zoom' || !('echo' in given)) return null
  const value = request.headers.get(given.echo)
  return isToken(value) ? { [given.echo]: value } : null
}

/**
 * The answer to a POST that was proved; null: it brings an event.
 * @source https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
 */
export async function greeted(given: Handshake | undefined, body: Json, secrets: Secrets): Promise<Response | null> {
  if (given === undefined || !isObject(body)) return null
  if (given === 'zoom') return zoomGreeting(body, secrets)
  if (!('challenge' in given) || !Object.hasOwn(body, given.challenge)) return null
  const text = textAt({ value: body[given.challenge]! }, 'value')
  return text === null || text.length > 1000 ? null : Response.json({ [given.challenge]: text })
}

export async function zoomGreeting(body: Json, secrets: Secrets): Promise<Response | null> {
  const plainToken = textAt(body, 'event') === 'endpoint.url_validation' ? textAt(body, 'payload.plainToken') : null
  const [secret] = usable(secrets)
  if (!isToken(plainToken) || secret === undefined) return null
  return Response.json({ plainToken, encryptedToken: toHex(await hmac(utf8(secret), plainToken)) })
}
