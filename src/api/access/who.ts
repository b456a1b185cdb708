import { isName } from '../../kv/names.ts'
import { addressOf } from '../../lib/address.ts'
import { sha256 } from '../../lib/json.ts'
import { sameSecret } from '../../lib/mac.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import { type Caller, vendor } from '../../model/access.ts'
import type { Ask } from '../firm.ts'
import { notFound } from '../reply.ts'
import type { Access } from './access-jwt.ts'

/** Who calls: the vendor by ADMIN_TOKEN, somebody of a firm by its token, or a person for whom Cloudflare Access vouches. */

export interface Doorkeeper {
  /** The secret ADMIN_TOKEN; without one of enough characters the API is shut. */
  readonly adminToken: string | undefined
  /** null: Cloudflare Access does not stand in front. */
  readonly access: Access | null
  /** False when an address has shown wrong tokens too often. */
  admit(address: string): Promise<boolean>
  /** One call on a firm's Docket. */
  ask(firm: string): Ask
  /** ms since the epoch. */
  now(): number
}

const shortestToken = 32
/** As `tokenOf` makes them, with 32 random bytes behind the name. */
const firmToken = /^dkt_([a-z0-9][a-z0-9-]{0,62})_([A-Za-z0-9_-]{43})$/

/** ms that an address which guessed too often is not listened to. */
const silence = 60_000
/** Addresses that are remembered for that. */
const most = 10_000

/** What a session stands on instead of a token: it says which one, and cannot be used as one. `firm` null: ADMIN_TOKEN. */
export interface Pass {
  readonly firm: string | null
  /** SHA-256 of the token. */
  readonly hash: string
}

/** Says who calls, or why not. Whoever shows nothing right learns nothing, not even which paths there are. */
export class Who {
  readonly #keeper: Doorkeeper
  readonly #silenced = new Map<string, number>()

  constructor(keeper: Doorkeeper) {
    this.#keeper = keeper
  }

  /** null: ADMIN_TOKEN is fit for its task. */
  get #shut(): Problem | null {
    const { adminToken } = this.#keeper
    return adminToken ? (adminToken.length < shortestToken ? weak : null) : notSet
  }

  /** @param firm the one in the path; null: the path has none */
  async calls(headers: Headers, firm: string | null): Promise<Caller | Problem> {
    if (this.#shut) return this.#shut
    const { access } = this.#keeper
    const authorization = headers.get('authorization')
    const assertion = headers.get('cf-access-jwt-assertion')
    if (authorization === null && access && assertion !== null) return this.#person(access, assertion, headers, firm)
    const known = await this.bears(headers)
    if (isProblem(known)) return known
    const { caller, pass } = known
    if (pass.firm === null) return caller
    if (firm === null) return forbidden(caller, 'vendor')
    // Another firm's admin learns nothing of this one, not even that it is there.
    return pass.firm === firm ? caller : notFound
  }

  /** Whose token a request bears. */
  async bears(headers: Headers): Promise<{ caller: Caller; pass: Pass } | Problem> {
    if (this.#shut) return this.#shut
    const [, shown] = /^bearer +([^\s]{1,512}) *$/i.exec(headers.get('authorization')?.slice(0, 1024) ?? '') ?? []
    return shown === undefined ? unauthorized(false) : this.shows(shown, headers)
  }

  /** Whose token it is. A wrong one is a guess, and too many of an address are not listened to. */
  async shows(token: string, headers: Headers): Promise<{ caller: Caller; pass: Pass } | Problem> {
    if (this.#shut) return this.#shut
    const hash = await sha256(token)
    // The vendor is never silenced: whoever shares an address with a guesser keeps working.
    if (await sameSecret(token, this.#keeper.adminToken!)) return { caller: vendor, pass: { firm: null, hash } }
    const address = addressOf(headers)
    if (this.#isSilenced(address)) return tooMany
    const [, firm] = firmToken.exec(token) ?? []
    const pass = { firm: firm ?? null, hash }
    const caller = firm === undefined ? null : await this.recalls(pass)
    return caller === null ? this.#wrong(address) : { caller, pass }
  }

  /** Who showed that token before; null: it is none any more. */
  async recalls({ firm, hash }: Pass): Promise<Caller | null> {
    if (this.#shut) return null
    if (firm !== null) return this.#keeper.ask(firm)(docket => docket.identify({ kind: 'token', hash }))
    return (await sameSecret(hash, await sha256(this.#keeper.adminToken!))) ? vendor : null
  }

  async #person(access: Access, assertion: string, headers: Headers, firm: string | null): Promise<Caller | Problem> {
    const address = addressOf(headers)
    if (this.#isSilenced(address)) return tooMany
    const email = await access.person(assertion)
    if (email === null) return this.#wrong(address)
    if (firm === null) return noSeat
    const caller = isName(firm)
      ? await this.#keeper.ask(firm)(docket => docket.identify({ kind: 'person', email }))
      : null
    return caller ?? noSeat
  }

  /** A guess more. A limiter that fails shuts nobody out. */
  async #wrong(address: string | null): Promise<Problem> {
    const { admit, now } = this.#keeper
    if (address === null || (await admit(address).catch(() => true))) return unauthorized(true)
    if (this.#silenced.size >= most) this.#silenced.clear()
    this.#silenced.set(address, now() + silence)
    return tooMany
  }

  #isSilenced(address: string | null): boolean {
    return address !== null && (this.#silenced.get(address) ?? 0) > this.#keeper.now()
  }
}

export const forbidden = (caller: Caller, wanted: string): Problem =>
  problem(
    403,
    'role',
    'Your role does not allow this',
    `This call is for the role ${wanted}; you call as ${caller.role}. Nothing was changed. Ask an admin of the firm for a token or a seat with that role.`,
  )

const unauthorized = (shown: boolean) =>
  problem(
    401,
    'unauthorized',
    'This call wants a token',
    'Send the header `Authorization: Bearer` with a token of the firm, or with the value of the secret ADMIN_TOKEN.',
    { headers: { 'www-authenticate': `Bearer realm="docketed"${shown ? ', error="invalid_token"' : ''}` } },
  )

const noSeat = problem(
  403,
  'no-seat',
  'You have no seat here',
  'Cloudflare Access knows you, but you have no role at this firm. Ask an admin of the firm for a seat.',
)

const tooMany = problem(
  429,
  'too-many-guesses',
  'Too many wrong tokens',
  'Too many wrong tokens came from your address. Wait a minute, and send the right one.',
  { headers: { 'retry-after': '60' } },
)

const notSet = problem(
  503,
  'admin-token-not-set',
  'The API is shut',
  'The Worker has no ADMIN_TOKEN. Set one with `wrangler secret put ADMIN_TOKEN`.',
)

const weak = problem(
  503,
  'admin-token-weak',
  'The API is shut',
  `ADMIN_TOKEN has fewer than ${shortestToken} characters, so it could be guessed. Make one with \`openssl rand -hex 32\` and set it with \`wrangler secret put ADMIN_TOKEN\`.`,
)
