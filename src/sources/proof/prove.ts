import { createHash, createHmac } from 'node:crypto'
import type { Endpoint } from '../../model/endpoint.ts'
import { schemeOf, sign } from './sign.ts'

/** What a request carries, so that an endpoint takes it for its provider's. */
export interface Proved {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
}

interface Unproved {
  readonly endpoint: Endpoint<unknown>
  readonly source: string
  readonly body: string
  /** The address that the provider was given. */
  readonly uri: string
  /** ms since the epoch. */
  readonly now: number
}

/** Options that say how it is proved, of whatever source. */
interface Options {
  readonly secret?: string | readonly string[]
  readonly header?: string
  readonly url?: string
  readonly origins?: readonly string[]
}

/** Proves a request as the endpoint's provider would, with the firm's own secret. null: the secret is not set. */
export function prove({ endpoint, source, body, uri, now }: Unproved): Proved | null {
  const { secret: option, header, url, origins } = endpoint.options as Options
  if (option === undefined) return { body, headers: origins?.[0] === undefined ? {} : { origin: origins[0] } }
  const [secret] = endpoint.secrets(option)
  if (secret === undefined) return null
  const address = url ?? uri
  switch (source) {
    case 'netlify':
      return { body, headers: { 'x-webhook-signature': jwt({ iss: 'netlify', sha256: hex(body) }, secret) } }
    case 'dialpad':
      return { body: jwt(JSON.parse(body) as object, secret), headers: {} }
    case 'ringcentral':
      return { body, headers: { 'verification-token': secret } }
    case 'twilio': {
      const pairs = [...new URLSearchParams(body)].map(pair => pair.join('')).sort()
      return {
        body,
        headers: { 'x-twilio-signature': mac('sha1', secret, address + pairs.join('')).toString('base64') },
      }
    }
    case 'dropbox-sign': {
      const [, time = '', type = ''] = /event_time": ?"(\d*)", ?"event_type": ?"(\w*)"/.exec(body) ?? []
      return { body: body.replace('{hash}', mac('sha256', secret, time + type).toString('hex')), headers: {} }
    }
  }
  const scheme = schemeOf(source)
  if (scheme) return { body, ...sign(scheme, { secret, body, uri: address, now, id: `msg_${crypto.randomUUID()}` }) }
  return { body, headers: header === undefined ? { authorization: `Bearer ${secret}` } : { [header]: secret } }
}

const mac = (hash: string, secret: string, text: string): Buffer => createHmac(hash, secret).update(text).digest()
const hex = (text: string): string => createHash('sha256').update(text).digest('hex')

/** RFC 7519, HS256. */
function jwt(claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${token}.${mac('sha256', secret, token).toString('base64url')}`
}
