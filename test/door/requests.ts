import { createHmac } from 'node:crypto'
import { utf8 } from '../../src/lib/encoding.ts'
import type { Inbound } from '../../src/model/endpoint.ts'

/** A request as the door hands it to a source. */
export function inbound(given: {
  method?: string
  url?: string
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  token?: string
  now?: number
}): Inbound {
  const body = given.body ?? ''
  return {
    method: given.method ?? 'POST',
    url: new URL(given.url ?? 'https://docketed.example/in/smith/hook'),
    headers: new Headers(given.headers),
    body: typeof body === 'string' ? utf8(body) : body,
    token: given.token ?? null,
    now: given.now ?? 0,
  }
}

/** A second implementation of HMAC (node:crypto), so that a mistake in ours is not checked with itself. */
export function mac(hash: 'sha256' | 'sha1', key: string | Uint8Array, text: string, encoding: 'hex' | 'base64') {
  return createHmac(hash, key).update(text).digest(encoding)
}

/** The headers of a standard webhook, signed at `at` (s since the epoch). `secret` begins with `whsec_`. */
export function standardHeaders(secret: string, id: string, at: number, body: string): Record<string, string> {
  const key = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), char => char.charCodeAt(0))
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${mac('sha256', key, `${id}.${at}.${body}`, 'base64')}`,
  }
}
