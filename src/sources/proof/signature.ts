import { type Bytes, concat, fromBase64, fromHex, utf8 } from '../../lib/encoding.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import type { Inbound, Secrets, Verdict } from '../../model/endpoint.ts'
import type { Carrier, Scheme } from './schemes.ts'

/**
 * One verifier for every provider that signs with an HMAC. Order: read the headers strictly, compare the MAC in constant
 * time over the raw bytes, then the time on both sides. Pure: the clock is `request.now`.
 */

export type Failure =
  /** No secret is set for the endpoint, or only empty ones. */
  | { readonly reason: 'no-secret' }
  /** Secrets are set, but none can be a key (not base64). */
  | { readonly reason: 'unusable-secret' }
  | { readonly reason: 'missing'; readonly where: string }
  | { readonly reason: 'malformed'; readonly where: string }
  | { readonly reason: 'mismatch' }
  | { readonly reason: 'too-old'; readonly seconds: number }
  | { readonly reason: 'from-the-future'; readonly seconds: number }

/** `id` and `time` (ms since the epoch) are the signed ones, null where the scheme has none. */
export type Verified = { readonly ok: true; readonly id: string | null; readonly time: number | null }
export type Verification = Verified | ({ readonly ok: false } & Failure)

export const fail = (failure: Failure): { readonly ok: false } & Failure => ({ ok: false, ...failure })

const macBytes = { 'SHA-256': 32, 'SHA-1': 20 } as const
const unitMs = { s: 1000, ms: 1 } as const

/**
 * Verifies a request by its provider's row.
 * @param uri the address that the provider was given, for schemes that sign it (never rebuilt from the request's headers)
 */
export async function verifySignature(
  scheme: Scheme,
  request: Inbound,
  secrets: Secrets,
  uri = '',
): Promise<Verification> {
  const present = usable(secrets)
  if (present.length === 0) return fail({ reason: 'no-secret' })
  const keys = present.map(secret => keyOf(scheme, secret)).filter(key => key !== null)
  if (keys.length === 0) return fail({ reason: 'unusable-secret' })

  const carried = carriedBy(scheme.carrier, request)
  if (!carried.ok) return carried
  const where = nameOf(scheme.carrier)
  const macs = carried.signatures.map(text => decode(scheme, text))
  if (macs.length === 0 || macs.some(mac => mac === null)) return fail({ reason: 'malformed', where })

  const id = scheme.idHeader === undefined ? null : request.headers.get(scheme.idHeader)
  if (scheme.idHeader !== undefined && !id) return fail({ reason: 'missing', where: scheme.idHeader })
  const stamp = stampOf(scheme, request, carried.stamp)
  if (!stamp.ok) return stamp

  const signed = fill(scheme.signed, request, { id: id ?? '', ts: stamp.text, method: request.method, uri })
  if (!(await anyMatches(scheme.hash, keys, macs as Bytes[], signed))) return fail({ reason: 'mismatch' })

  const tolerance = scheme.stamp?.tolerance
  const drift = stamp.time === null ? 0 : (request.now - stamp.time) / 1000
  if (tolerance !== undefined && drift > tolerance) return fail({ reason: 'too-old', seconds: drift })
  if (tolerance !== undefined && -drift > tolerance) return fail({ reason: 'from-the-future', seconds: -drift })
  return { ok: true, id, time: stamp.time }
}

/** An empty text is no secret: as an HMAC key it is a DataError in Web Crypto, and open to all elsewhere. */
export const usable = (secrets: Secrets): Secrets => secrets.filter(secret => secret.trim() !== '')

/** True when one of the MACs is that of `signed` under one of the keys. A sender may show thousands: the body is hashed once for each key. */
export async function anyMatches(
  hash: 'SHA-256' | 'SHA-1',
  keys: readonly Bytes[],
  macs: readonly Bytes[],
  signed: Bytes,
): Promise<boolean> {
  for (const bytes of keys) {
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign'])
    const right = await crypto.subtle.sign('HMAC', key, signed)
    if (macs.some(mac => mac.length === right.byteLength && crypto.subtle.timingSafeEqual(mac, right))) return true
  }
  return false
}

function keyOf(scheme: Scheme, secret: string): Bytes | null {
  if (scheme.key === 'utf8') return utf8(secret)
  const prefix = scheme.keyPrefix ?? ''
  const text = (secret.startsWith(prefix) ? secret.slice(prefix.length) : secret).replace(/=+$/, '')
  const key = fromBase64(text.padEnd(Math.ceil(text.length / 4) * 4, '='))
  return key && key.length > 0 ? key : null
}

function decode(scheme: Scheme, text: string): Bytes | null {
  const length = macBytes[scheme.hash]
  if (scheme.encoding === 'hex') return fromHex(text, length)
  const bytes = fromBase64(text)
  return bytes?.length === length ? bytes : null
}

function nameOf(carrier: Carrier): string {
  return carrier.form === 'query' ? carrier.parameter : carrier.header
}

type Carried =
  | { readonly ok: true; readonly signatures: readonly string[]; readonly stamp?: string }
  | ({ readonly ok: false } & Failure)

function carriedBy(carrier: Carrier, request: Inbound): Carried {
  const where = nameOf(carrier)
  if (carrier.form === 'numbered') {
    const numbered = [...request.headers].filter(
      ([name, value]) =>
        value !== '' && name.startsWith(carrier.header) && /^\d{1,3}$/.test(name.slice(carrier.header.length)),
    )
    if (numbered.length === 0) return fail({ reason: 'missing', where: `${where}1` })
    return { ok: true, signatures: numbered.map(([, value]) => value) }
  }
  if (carrier.form === 'query') {
    const values = request.url.searchParams.getAll(carrier.parameter)
    if (values.length === 0) return fail({ reason: 'missing', where })
    return values.length === 1 ? { ok: true, signatures: values } : fail({ reason: 'malformed', where })
  }
  const value = request.headers.get(carrier.header)
  if (!value) return fail({ reason: 'missing', where })
  const read = readHeader(carrier, value)
  return read ? { ok: true, ...read } : fail({ reason: 'malformed', where })
}

function readHeader(
  carrier: Exclude<Carrier, { form: 'numbered' | 'query' }>,
  value: string,
): { signatures: string[]; stamp?: string } | null {
  switch (carrier.form) {
    case 'plain': {
      const prefix = carrier.prefix ?? ''
      return value.startsWith(prefix) ? { signatures: [value.slice(prefix.length)] } : null
    }
    case 'list': {
      const versioned = value.split(' ').filter(part => part.startsWith('v1,'))
      return { signatures: versioned.map(part => part.slice(3)) }
    }
    case 'semicolons': {
      const [kind, version, stamp, signature, ...more] = value.split(';')
      if (kind !== 'hmac' || version !== '1' || !stamp || !signature || more.length > 0) return null
      return { signatures: [signature], stamp }
    }
    case 'pairs': {
      const pairs = value.split(',').map(pair => pair.trim().split(/=(.*)/s, 2))
      const all = (key: string) => pairs.filter(([name]) => name === key).map(([, text]) => text ?? '')
      const [stamp, ...stamps] = all('t')
      const signatures = all('v1')
      if (!stamp || stamps.length > 0 || (signatures.length > 1 && !carrier.several)) return null
      return { signatures, stamp }
    }
  }
}

type StampRead =
  | { readonly ok: true; readonly text: string; readonly time: number | null }
  | ({ readonly ok: false } & Failure)

/** Digits only: `Number('')`, `1e9`, ` 5` and NaN have all passed for times somewhere. */
function stampOf(scheme: Scheme, request: Inbound, carried: string | undefined): StampRead {
  if (scheme.stamp === undefined) return { ok: true, text: '', time: null }
  const { header, unit, tolerance } = scheme.stamp
  const text = header === undefined ? carried : request.headers.get(header)
  const where = header ?? nameOf(scheme.carrier)
  if (!text) return fail({ reason: 'missing', where })
  if (/^\d{1,15}$/.test(text)) return { ok: true, text, time: Number(text) * unitMs[unit] }
  return tolerance === undefined ? { ok: true, text, time: null } : fail({ reason: 'malformed', where })
}

/** Fills the holes in one pass, so that nothing a sender wrote is taken for a hole; the body goes in as the bytes that came. */
function fill(
  template: string,
  request: Inbound,
  holes: Readonly<Record<'id' | 'ts' | 'method' | 'uri', string>>,
): Bytes {
  const parts = template.split(/(\{\w+\})/).map(part => {
    if (part === '{body}') return request.body
    const hole = /^\{(id|ts|method|uri)\}$/.exec(part)?.[1] as keyof typeof holes | undefined
    return utf8(hole === undefined ? part : holes[hole])
  })
  return concat(...parts)
}

/**
 * The one place where a rich reason becomes a plain answer: whoever forges requests learns nothing from it, and whoever
 * forgot to set a secret learns what to do (503, so that the provider delivers again).
 */
export function refusal(failure: Failure): Problem {
  switch (failure.reason) {
    case 'no-secret':
      return problem(
        503,
        'secret-missing',
        'The endpoint has no secret',
        'This endpoint checks signatures and its secret is not set. The operator stores it (PUT /api/firms/{firm}/secrets/{NAME}); deliver again after that.',
        { headers: { 'retry-after': '300' } },
      )
    case 'unusable-secret':
      return problem(
        503,
        'secret-malformed',
        'The secret of the endpoint cannot be used',
        'The secret that is set for this endpoint is not in the form that its provider shows (base64). The operator stores it again as the provider shows it; deliver again after that.',
        { headers: { 'retry-after': '300' } },
      )
    case 'missing':
    case 'malformed':
    case 'mismatch':
    case 'too-old':
    case 'from-the-future':
      return problem(
        401,
        'signature',
        'The signature is not valid',
        'The request carries no valid, recent signature for this endpoint. Sign the exact bytes of the body with the secret of this endpoint and the current time.',
        // RFC 9110 §15.5.2: a 401 names its scheme.
        { headers: { 'www-authenticate': 'Signature' } },
      )
  }
}

export function verdictOf(verification: Verification): Verdict {
  return verification.ok ? { ok: true } : { ok: false, problem: refusal(verification), why: explain(verification) }
}

/** The rich reason in words, for the log: names of headers and seconds, nothing that the sender wrote. */
function explain(failure: Failure): string {
  switch (failure.reason) {
    case 'no-secret':
      return 'no secret is set'
    case 'unusable-secret':
      return 'the secret that is set is not base64'
    case 'missing':
    case 'malformed':
      return `${failure.where} is ${failure.reason}`
    case 'mismatch':
      return 'the signature is of other bytes or another secret'
    case 'too-old':
      return `the signature is ${Math.round(failure.seconds)} s old`
    case 'from-the-future':
      return `the signature is ${Math.round(failure.seconds)} s ahead of our clock`
  }
}
