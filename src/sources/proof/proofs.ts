import * as z from 'zod/mini'
import { problem } from '../../lib/problem.ts'
import type { Endpoint, Inbound, Secrets, Verdict } from '../../model/endpoint.ts'
import { secretOption } from '../../platform/secrets.ts'
import type { Scheme } from './schemes.ts'
import { usable, verdictOf, verifySignature } from './signature.ts'
import { verifyToken } from './specials.ts'

/** The two usual proofs as parts of a source: a signature by its scheme, or a secret that the request carries. */

export const signedOptions = z.strictObject({ secret: secretOption })
export type SignedOptions = z.infer<typeof signedOptions>

/** For schemes that sign the address too. */
export const signedUrlOptions = z.extend(signedOptions, {
  /** The address as the provider was given it, where a proxy stands before the Worker. @default the request's own */
  url: z.optional(z.url({ protocol: /^https?$/ })),
})

/**
 * Verifies by the first of the schemes whose header the request carries; the last when it carries none.
 */
export function signedBy(...schemes: readonly Scheme[]) {
  return async (
    request: Inbound,
    endpoint: Endpoint<SignedOptions & { url?: string | undefined }>,
  ): Promise<Verdict> => {
    const scheme = schemes.find(one => 'header' in one.carrier && request.headers.has(one.carrier.header))
    const uri = endpoint.options.url ?? request.url.href
    const secrets = endpoint.secrets(endpoint.options.secret)
    return verdictOf(await verifySignature(scheme ?? schemes.at(-1)!, request, secrets, uri))
  }
}

/** A scheme in a line for people. */
export function schemeWords({ carrier, hash, signed, stamp }: Scheme): string {
  const where = carrier.form === 'query' ? `the query's ${carrier.parameter}` : carrier.header
  const numbered = carrier.form === 'numbered' ? '1, -2 …' : ''
  const age = stamp?.tolerance === undefined ? '' : `, at most ${stamp.tolerance} s old`
  return `HMAC-${hash.replace('-', '')} in ${where}${numbered} over ${signed}${age}`
}

/** HTTP header names (RFC 9110 §5.1), in lower case. */
export const headerName = z.pipe(
  z
    .string()
    .check(z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a header, such as "x-docketed-secret"')),
  z.transform(name => name.toLowerCase()),
)

export const sharedOptions = z.strictObject({
  secret: secretOption,
  /** The header that carries the secret. @default `Authorization: Bearer …` */
  header: z.optional(headerName),
})
export type SharedOptions = z.infer<typeof sharedOptions>

export const sharedWords = 'a secret of ours in a header, or as the last part of the address'

/** 128 bits are 22 characters of base64 and 32 hexadecimal digits. */
const shortest = 22

/** A secret that the request itself carries: in the header, or, for providers that can set none, as the address's last part. */
export async function verifyShared(request: Inbound, endpoint: Endpoint<SharedOptions>): Promise<Verdict> {
  const header = endpoint.options.header ?? 'authorization'
  const given = request.headers.get(header)?.replace(/^Bearer +/i, '') || request.token
  return verdictOnSecret(given, endpoint.secrets(endpoint.options.secret), `${header} (or the token in the address)`)
}

/** @param where what carries the secret, for the log */
export async function verdictOnSecret(given: string | null, secrets: Secrets, where: string): Promise<Verdict> {
  if (usable(secrets).some(secret => secret.trim().length < shortest)) return weak
  const verdict = verdictOf(await verifyToken(given, secrets, where))
  return verdict.ok || verdict.problem.status !== 401 ? verdict : { ...verdict, problem: wrongSecret }
}

const weak: Verdict = {
  ok: false,
  why: 'the secret that is set is too short to be safe',
  problem: problem(
    503,
    'secret-weak',
    'The secret of the endpoint is too short',
    `A secret that requests carry has at least ${shortest} characters, made at random: \`openssl rand -hex 32\`. The operator stores such a one and sets it at the provider too; deliver again after that.`,
    { headers: { 'retry-after': '300' } },
  ),
}

const wrongSecret = problem(
  401,
  'secret',
  'The secret is not valid',
  'The request does not carry the secret of this endpoint. Send it as Authorization: Bearer, in the header that the endpoint names, or as the last part of the address.',
  { headers: { 'www-authenticate': 'Bearer' } },
)
