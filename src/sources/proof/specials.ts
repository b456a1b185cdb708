import { type Bytes, concat, fromBase64, fromBase64Url, fromHex, fromUtf8, toHex, utf8 } from '../../lib/encoding.ts'
import { sameSecret } from '../../lib/mac.ts'
import type { Inbound, Secrets } from '../../model/endpoint.ts'
import { parseJson, parseUrlencoded } from '../../reading/body/body.ts'
import { anyMatches, fail, usable, type Verification } from './signature.ts'

/** Proofs that differ in kind from an HMAC over the body, one small function each. They fail with the same reasons. */

const passed: Verification = { ok: true, id: null, time: null }

/** A shared token, as Google's `X-Goog-Channel-Token`, Graph's `clientState` or the last segment of our own URL. */
export async function verifyToken(given: string | null, secrets: Secrets, where: string): Promise<Verification> {
  const present = usable(secrets)
  if (present.length === 0) return fail({ reason: 'no-secret' })
  if (!given) return fail({ reason: 'missing', where })
  for (const secret of present) if (await sameSecret(given, secret)) return passed
  return fail({ reason: 'mismatch' })
}

/**
 * HubSpot's older signatures: a bare SHA-256 over the secret and what follows it.
 * https://developers.hubspot.com/docs/faq/v1-request-validation and v2
 */
export async function verifyHubspotLegacy(request: Inbound, secrets: Secrets, uri: string): Promise<Verification> {
  const present = usable(secrets)
  if (present.length === 0) return fail({ reason: 'no-secret' })
  const given = request.headers.get('x-hubspot-signature')
  const version = request.headers.get('x-hubspot-signature-version')
  if (!given) return fail({ reason: 'missing', where: 'x-hubspot-signature' })
  if (version !== 'v1' && version !== 'v2') return fail({ reason: 'malformed', where: 'x-hubspot-signature-version' })
  if (!fromHex(given, 32)) return fail({ reason: 'malformed', where: 'x-hubspot-signature' })
  for (const secret of present) {
    const head = version === 'v1' ? secret : `${secret}${request.method}${uri}`
    const digest = await crypto.subtle.digest('SHA-256', concat(utf8(head), request.body))
    if (await sameSecret(given, toHex(new Uint8Array(digest)))) return passed
  }
  return fail({ reason: 'mismatch' })
}

/** The characters that HubSpot decodes in the address before it signs (v3); all others stay as registered. */
export function hubspotUri(registered: string): string {
  return registered.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent)
}

/** Netlify: a JWT (RFC 7519) whose claim `sha256` is the body's. The algorithm is ours to say, not the token's (RFC 8725 §3.1). */
export async function verifyNetlify(request: Inbound, secrets: Secrets): Promise<Verification> {
  const where = 'x-webhook-signature'
  const present = usable(secrets)
  if (present.length === 0) return fail({ reason: 'no-secret' })
  const token = request.headers.get(where)
  if (!token) return fail({ reason: 'missing', where })
  const [header = '', claims = '', signature = '', ...more] = token.split('.')
  const mac = fromBase64Url(signature)
  const head = segment(header)
  const body = segment(claims)
  if (more.length > 0 || mac?.length !== 32 || !head || !body) return fail({ reason: 'malformed', where })
  if (head.alg !== 'HS256') return fail({ reason: 'malformed', where })
  if (!(await anyMatches('SHA-256', present.map(utf8), [mac], utf8(`${header}.${claims}`)))) {
    return fail({ reason: 'mismatch' })
  }
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', request.body)))
  return body.iss === 'netlify' && body.sha256 === digest ? passed : fail({ reason: 'mismatch' })
}

function segment(text: string) {
  const bytes = fromBase64Url(text)
  const value = bytes && parseJson(fromUtf8(bytes) ?? '')
  return value && typeof value === 'object' && !Array.isArray(value) ? value : null
}

/**
 * Twilio: HMAC-SHA1 over the address and, for a form, its sorted names and values; for JSON the address carries the
 * body's hash as `bodySHA256`. https://www.twilio.com/docs/usage/security
 * @param uri the public address that Twilio was given; the query is the request's own
 */
export async function verifyTwilio(request: Inbound, secrets: Secrets, uri: string): Promise<Verification> {
  const where = 'x-twilio-signature'
  const present = usable(secrets)
  if (present.length === 0) return fail({ reason: 'no-secret' })
  const given = request.headers.get(where)
  if (!given) return fail({ reason: 'missing', where })
  const mac = fromBase64(given)
  if (mac?.length !== 20) return fail({ reason: 'malformed', where })
  const bodyHash = request.url.searchParams.get('bodySHA256')
  const pairs = bodyHash === null ? formPairs(request.body) : ''
  const signed = utf8(uri.replace(/\?.*$/s, '') + request.url.search + pairs)
  if (!(await anyMatches('SHA-1', present.map(utf8), [mac], signed))) return fail({ reason: 'mismatch' })
  if (bodyHash === null) return passed
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', request.body)))
  return (await sameSecret(bodyHash, digest)) ? passed : fail({ reason: 'mismatch' })
}

/** Names in order of their code units; a repeated name brings its different values, sorted, as Twilio's own libraries do. */
function formPairs(body: Bytes): string {
  const pairs = parseUrlencoded(body)
  const spelled = new Set(pairs.map(([name, value]) => JSON.stringify([name, value])))
  return [...spelled]
    .map(text => JSON.parse(text) as [string, string])
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => name + value)
    .join('')
}

/**
 * Dropbox Sign: a hash in the body over time and type only. It proves who sent an event, not what stands in it:
 * read the request again from their API before acting on it.
 */
export async function verifyDropboxSign(
  event: { readonly event_time: string; readonly event_type: string; readonly event_hash: string },
  secrets: Secrets,
): Promise<Verification> {
  const present = usable(secrets)
  if (present.length === 0) return fail({ reason: 'no-secret' })
  const mac = fromHex(event.event_hash, 32)
  if (mac === null) return fail({ reason: 'malformed', where: 'event.event_hash' })
  const signed = utf8(event.event_time + event.event_type)
  return (await anyMatches('SHA-256', present.map(utf8), [mac], signed)) ? passed : fail({ reason: 'mismatch' })
}
