import * as z from 'zod'

/**
 * Secrets by name. A configuration holds only `$NAME`; the value is the firm's own, sealed with DATA_KEY, or else one of
 * the Worker's. The operator's own are never a firm's to use.
 */

const operators = new Set(['ADMIN_TOKEN', 'MATON_API_KEY', 'DATA_KEY', 'DATA_KEY_OLD'])

/** The Worker's settings are nobody's secret: what a firm signs with is not to be read in a public file. */
const settings = new Set([
  'CLIO_GATEWAY_URL',
  'MATON_CONTROL_URL',
  'SETTLE_SECONDS',
  'SLACK_API_URL',
  'SLACK_HOOKS_ORIGIN',
  'CALL_TIMEOUT_SECONDS',
  'ACCESS_TEAM_DOMAIN',
  'ACCESS_AUDIENCE',
  'ACCESS_KEYS_URL',
  'DAILY_MEGABYTES',
  'SANDBOX_URL',
])

/** True for a name that a firm's secret may have: `SLACK_SIGNING_SECRET`. */
export function isSecretName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(name) && !operators.has(name) && !settings.has(name)
}

/** An option that names one secret: `"$NAME"`. */
export const secretName = z
  .string()
  .regex(
    /^\$[A-Z][A-Z0-9_]{0,63}$/,
    'is the name of a secret, such as "$SLACK_SIGNING_SECRET", never the secret itself',
  )
  .refine(text => isSecretName(text.slice(1)), 'is a secret of the operator; a firm has its own')

/** An option that names a secret: `"$NAME"`, or a list while it is rotated, the current one first. */
export const secretOption = z.union([secretName, z.array(secretName).min(1).max(5)])

/** A DATA_KEY or a sealed value that cannot be used. The message is for the operator and holds no secret. */
export class SecretError extends Error {
  override name = 'SecretError'
}

/** True for the base64 of 32 bytes. */
export function isDataKey(text: string | undefined): text is string {
  return /^[A-Za-z0-9+/]{43}=$/.test((text ?? '').trim())
}

/**
 * DATA_KEY as the root of every key of ours; each purpose derives its own with HKDF (RFC 5869).
 * @param dataKey base64 of 32 random bytes
 * @throws SecretError when it is not
 */
export async function rootKey(dataKey: string | undefined): Promise<CryptoKey> {
  if (!isDataKey(dataKey)) {
    throw new SecretError(
      'DATA_KEY must be the base64 of 32 random bytes. Make one with `openssl rand -base64 32` and set it with `wrangler secret put DATA_KEY`.',
    )
  }
  const bytes = Uint8Array.from(atob(dataKey.trim()), char => char.charCodeAt(0))
  return crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey'])
}

async function sealingKey(dataKey: string | undefined): Promise<CryptoKey> {
  const info = new TextEncoder().encode('docketed secrets v1')
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    await rootKey(dataKey),
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}

/** Firm and name are sealed in: a value copied to another firm or name does not open there. */
const bound = (firm: string, name: string) => new TextEncoder().encode(`${firm}/${name}`)

/**
 * Seals a firm's secret for the Docket and its mirror: base64 of a fresh 12-byte iv and the AES-GCM ciphertext.
 * @throws SecretError when DATA_KEY is malformed
 */
export async function seal(dataKey: string | undefined, firm: string, name: string, value: string): Promise<string> {
  const key = await sealingKey(dataKey)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const algorithm = { name: 'AES-GCM', iv, additionalData: bound(firm, name) }
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, new TextEncoder().encode(value)))
  return btoa(String.fromCharCode(...iv, ...sealed))
}

/** @throws SecretError when DATA_KEY is malformed, or is not the one that sealed the value */
export async function unseal(dataKey: string | undefined, firm: string, name: string, sealed: string): Promise<string> {
  const key = await sealingKey(dataKey)
  try {
    const bytes = Uint8Array.from(atob(sealed), char => char.charCodeAt(0))
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, 12), additionalData: bound(firm, name) }
    return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes.slice(12)))
  } catch {
    throw new SecretError(
      `The secret ${name} of firm ${firm} does not open with this DATA_KEY. Store it again: PUT /api/firms/${firm}/secrets/${name}.`,
    )
  }
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
  if (own !== undefined) return unseal(values.DATA_KEY as string | undefined, firm, name, own)
  if (lent && !lent.includes(name)) return null
  const shared = values[name]
  return typeof shared === 'string' && shared !== '' ? shared : null
}
