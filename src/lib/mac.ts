import { type Bytes, utf8 } from './encoding.ts'

/** Equality in constant time. Hashed first: `timingSafeEqual` throws on unequal lengths, and a length is a hint. */
export async function sameSecret(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([a, b].map(text => crypto.subtle.digest('SHA-256', utf8(text))))
  return crypto.subtle.timingSafeEqual(x!, y!)
}

/** HMAC-SHA256 of a text. */
export async function hmac(secret: Bytes, text: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text)))
}
