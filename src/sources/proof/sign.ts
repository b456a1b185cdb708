import { createHmac } from 'node:crypto'
import { type Scheme, schemes } from './schemes.ts'

/** Signs as a provider does, from the same rows by which its signatures are checked. */

export interface Signing {
  readonly secret: string
  readonly body: string
  /** The address that the provider was given. */
  readonly uri: string
  /** ms since the epoch. */
  readonly now: number
  /** Where the scheme wants an id. */
  readonly id: string
}

/** The row by which a source signs; null: it has none, or not an HMAC. */
export function schemeOf(source: string): Scheme | null {
  const named: Readonly<Record<string, Scheme>> = {
    ...schemes,
    'standard-webhooks': schemes.standardWebhooks,
    'google-forms': schemes.standardWebhooks,
    hubspot: schemes.hubspotV3,
    quo: schemes.standardWebhooks,
    whatsapp: schemes.meta,
    'meta-lead-ads': schemes.meta,
  }
  return Object.hasOwn(named, source) ? named[source]! : null
}

/** What a signed request carries besides its body. */
export interface Signed {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

export function sign(scheme: Scheme, { secret, body, uri, now, id }: Signing): Signed {
  const ts = scheme.stamp ? String(scheme.stamp.unit === 's' ? Math.floor(now / 1000) : now) : ''
  const holes: Readonly<Record<string, string>> = { id, ts, method: 'POST', uri, body }
  const text = scheme.signed.replace(/\{(\w+)\}/g, (_, hole: string) => holes[hole]!)
  const hash = scheme.hash === 'SHA-1' ? 'sha1' : 'sha256'
  const mac = createHmac(hash, keyOf(scheme, secret)).update(text).digest(scheme.encoding)
  const headers = {
    ...(scheme.idHeader !== undefined && { [scheme.idHeader]: id }),
    ...(scheme.stamp?.header !== undefined && { [scheme.stamp.header]: ts }),
  }
  const { carrier } = scheme
  switch (carrier.form) {
    case 'query':
      return { headers, query: { [carrier.parameter]: mac } }
    case 'plain':
      return { headers: { ...headers, [carrier.header]: `${carrier.prefix ?? ''}${mac}` }, query: {} }
    case 'pairs':
      return { headers: { ...headers, [carrier.header]: `t=${ts},v1=${mac}` }, query: {} }
    case 'list':
      return { headers: { ...headers, [carrier.header]: `v1,${mac}` }, query: {} }
    case 'numbered':
      return { headers: { ...headers, [`${carrier.header}1`]: mac }, query: {} }
    case 'semicolons':
      return { headers: { ...headers, [carrier.header]: `hmac;1;${ts};${mac}` }, query: {} }
  }
}

function keyOf({ key, keyPrefix = '' }: Scheme, secret: string): Buffer {
  if (key === 'utf8') return Buffer.from(secret)
  return Buffer.from(secret.startsWith(keyPrefix) ? secret.slice(keyPrefix.length) : secret, 'base64')
}
