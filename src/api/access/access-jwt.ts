import * as z from 'zod/mini'
import { type Bytes, fromBase64Url, fromUtf8, utf8 } from '../../lib/encoding.ts'
import { parseJson } from '../../reading/body/body.ts'

/**
 * Cloudflare Access stands in front and signs, with each request that it lets through, who it is (`Cf-Access-Jwt-Assertion`).
 * @source https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 */
export interface AccessSettings {
  /** `https://smith.cloudflareaccess.com`: who signs. */
  readonly team: string
  /** The application's audience tag: a token for another application of the same team is none for this one. */
  readonly audience: string
  /** Where the team's public keys are. */
  readonly keysUrl: string
}

export interface AccessDeps {
  readonly settings: AccessSettings
  readonly fetch: typeof fetch
  /** ms since the epoch. */
  now(): number
}

/** Seconds that clocks may differ. */
const leeway = 60
/** ms that keys are kept; Access turns them over every six weeks, and keeps the one before. */
const keep = 3_600_000
/** ms between two looks for a key that is not known: a forger names any. */
const again = 60_000

const keySet = z.object({
  keys: z.array(z.object({ kid: z.string(), kty: z.literal('RSA'), n: z.string(), e: z.string() })),
})
const header = z.object({ alg: z.literal('RS256'), kid: z.string() })
const claims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.optional(z.number()),
  email: z.email(),
})

/** Reads assertions. Keys are fetched when first needed, and anew when one is not known. */
export class Access {
  readonly #deps: AccessDeps
  #keys = new Map<string, CryptoKey>()
  #readAt = Number.NEGATIVE_INFINITY

  constructor(deps: AccessDeps) {
    this.#deps = deps
  }

  /** The person's e-mail address in small letters; null: nobody that Access vouches for here and now. */
  async person(assertion: string): Promise<string | null> {
    const { settings, now } = this.#deps
    const [head, body, mac, ...more] = assertion.length > 8192 ? [] : assertion.split('.')
    if (!head || !body || !mac || more.length > 0) return null
    const named = header.safeParse(jsonIn(head))
    const said = claims.safeParse(jsonIn(body))
    const signature = fromBase64Url(mac)
    if (!named.success || !said.success || !signature) return null
    const key = await this.#key(named.data.kid)
    if (!key || !(await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signature, utf8(`${head}.${body}`)))) return null
    const { iss, aud, exp, nbf, email } = said.data
    const seconds = now() / 1000
    const fresh = seconds < exp + leeway && seconds > (nbf ?? 0) - leeway
    return iss === settings.team && [aud].flat().includes(settings.audience) && fresh ? email.toLowerCase() : null
  }

  async #key(kid: string): Promise<CryptoKey | undefined> {
    const age = this.#deps.now() - this.#readAt
    if (age > keep || (!this.#keys.has(kid) && age > again)) await this.#read()
    return this.#keys.get(kid)
  }

  /** Keys that cannot be read leave those of before standing. */
  async #read(): Promise<void> {
    const { settings, fetch: outside, now } = this.#deps
    this.#readAt = now()
    try {
      const answer = await outside(settings.keysUrl, { redirect: 'manual', signal: AbortSignal.timeout(5000) })
      const read = keySet.parse(await answer.json())
      const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      const keys = await Promise.all(
        read.keys.map(async ({ kid, ...jwk }) => {
          const key = await crypto.subtle.importKey('jwk', { ...jwk, alg: 'RS256' }, algorithm, false, ['verify'])
          return [kid, key] as const
        }),
      )
      this.#keys = new Map(keys)
    } catch {
      console.error('The keys of Cloudflare Access cannot be read; see the variable ACCESS_KEYS_URL.')
    }
  }
}

function jsonIn(part: string): unknown {
  const bytes: Bytes | null = fromBase64Url(part)
  return parseJson((bytes && fromUtf8(bytes)) ?? '')
}
