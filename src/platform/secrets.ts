import { hkdfSync, randomBytes } from 'node:crypto'
import * as z from 'zod/mini'
import { decrypted, encrypted, isDataKey } from './sealing.ts'
import { settingNames } from './settings.ts'

/**
 * Secrets by name. A configuration holds only `$NAME`; the value is the firm's own, sealed with DATA_KEY, or else one of
 * the Worker's. The operator's own are never a firm's to use.
 */

const operators = new Set(['ADMIN_TOKEN', 'MATON_API_KEY', 'DATA_KEY', 'DATA_KEY_OLD'])

/** True for a name that a firm's secret may have: `SLACK_SIGNING_SECRET`. */
export function isSecretName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(name) && !operators.has(name) && !settingNames.has(name)
}

const secretWritten = /^\$[A-Z][A-Z0-9_]{0,63}$/

/** An option that names one secret: `"$NAME"`. */
export const secretName = z.string().check(
  z.regex(secretWritten, 'must be the name of a secret, such as "$SLACK_SIGNING_SECRET", never the secret itself'),
  z.refine(
    text => !secretWritten.test(text) || isSecretName(text.slice(1)),
    'is the Worker’s own, and not a firm’s to name: choose another name, such as "$MY_SECRET"',
  ),
)

/** An option that names a secret: `"$NAME"`, or a list while it is rotated, the current one first. */
export const secretOption = z.union([secretName, z.array(secretName).check(z.minLength(1), z.maxLength(5))])

/** A DATA_KEY or a sealed value that cannot be used. The message is for the operator and holds no secret. */
export class SecretError extends Error {
  override name = 'SecretError'
}

/** The key that seals firms' secrets, derived from DATA_KEY with HKDF (RFC 5869). @throws SecretError when that is malformed */
function sealingKey(dataKey: string | undefined): Uint8Array {
  if (!isDataKey(dataKey)) {
    throw new SecretError(
      'DATA_KEY must be the base64 of 32 random bytes. Make one with `openssl rand -base64 32` and set it with `wrangler secret put DATA_KEY`.',
    )
  }
  return new Uint8Array(hkdfSync('sha256', Buffer.from(dataKey, 'base64'), '', 'docketed secrets v1', 32))
}

/** Firm and name are sealed in: a value copied to another firm or name does not open there. */
const bound = (firm: string, name: string) => Buffer.from(`${firm}/${name}`)

/**
 * Seals a firm's secret for the Docket and its mirror: base64 of a fresh 12-byte iv and the AES-GCM ciphertext.
 * @throws SecretError when DATA_KEY is malformed
 */
export function seal(dataKey: string | undefined, firm: string, name: string, value: string): string {
  const iv = randomBytes(12)
  return Buffer.concat([iv, encrypted(sealingKey(dataKey), iv, bound(firm, name), Buffer.from(value))]).toString(
    'base64',
  )
}

/**
 * @param oldKey DATA_KEY_OLD, which still opens while the key is rotated
 * @throws SecretError when DATA_KEY is malformed, or neither is the one that sealed the value
 */
export function unseal(
  dataKey: string | undefined,
  firm: string,
  name: string,
  sealed: string,
  oldKey?: string | undefined,
): string {
  for (const key of [sealingKey(dataKey), ...(isDataKey(oldKey) ? [sealingKey(oldKey)] : [])]) {
    const value = opened(key, firm, name, Buffer.from(sealed, 'base64'))
    if (value !== null) return value
  }
  throw new SecretError(
    `The secret ${name} of firm ${firm} does not open with this DATA_KEY. Store it again: PUT /api/firms/${firm}/secrets/${name}.`,
  )
}

/** A value that an older key sealed, sealed with the first; null: the first opens it, or none does. @param keys the current one first */
export function resealed(keys: readonly string[], firm: string, name: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64')
  const values = keys.map(key => opened(sealingKey(key), firm, name, bytes))
  const value = values.find(one => one !== null)
  return values[0] !== null || value === undefined ? null : seal(keys[0], firm, name, value)
}

function opened(key: Uint8Array, firm: string, name: string, sealed: Buffer): string | null {
  const bytes = decrypted(key, sealed.subarray(0, 12), bound(firm, name), sealed.subarray(12))
  return bytes && Buffer.from(bytes).toString()
}

/**
 * The value behind a name: what the firm stored, else the Worker's secret of that name, else null.
 * @param env the Worker's bindings; only texts count
 * @param lent names of the Worker's secrets that the firm may use; left out: any
 * @throws SecretError as `unseal`
 */
export async function resolveSecret(
  env: object,
  firm: string,
  sealed: Readonly<Record<string, string>>,
  name: string,
  lent?: readonly string[],
): Promise<string | null> {
  if (!isSecretName(name)) return null
  const own = Object.hasOwn(sealed, name) ? sealed[name] : undefined
  const values = env as Readonly<Record<string, unknown>>
  const [key, old] = [values.DATA_KEY, values.DATA_KEY_OLD] as (string | undefined)[]
  if (own !== undefined) return unseal(key, firm, name, own, old)
  if (lent && !lent.includes(name)) return null
  const shared = values[name]
  return typeof shared === 'string' && shared !== '' ? shared : null
}
