import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { type Bytes, concat, utf8 } from '../lib/encoding.ts'

/**
 * How things are sealed, in one place: AES-256-GCM with a fresh 12-byte iv and additional data that says where the value stands, so that
 * one copied elsewhere does not open there. Synchronous, so that it happens inside the transaction that writes (I7).
 *
 * Each firm has two random keys, `seal` and `match`. Both stand wrapped by DATA_KEY, and DATA_KEY_OLD opens while one is rotated.
 */

/** A key or a sealed value that cannot be used. The message is for the operator and holds no secret. */
export class SealError extends Error {
  override name = 'SealError'
}

/** The first byte of everything sealed: how it was. */
const edition = 1
const ivBytes = 12
export const tagBytes = 16

/** Bytes as SQLite and RPC hand them back. */
export type SealedBytes = Bytes

/** Keys as the platform's ciphers take them: to make one of bytes, each time, is more than half of what sealing costs. */
const ciphers = new WeakMap<Uint8Array, KeyObject>()
function cipherKey(bytes: Uint8Array): KeyObject {
  const known = ciphers.get(bytes) ?? createSecretKey(bytes)
  ciphers.set(bytes, known)
  return known
}

/** AES-256-GCM: what it makes of bytes, its tag behind. @param iv 12 bytes that this key never had before */
export function encrypted(key: Uint8Array, iv: Uint8Array, additional: Uint8Array, bytes: Uint8Array): SealedBytes {
  const cipher = createCipheriv('aes-256-gcm', cipherKey(key), iv).setAAD(additional)
  return concat(cipher.update(bytes), cipher.final(), cipher.getAuthTag())
}

/** @returns null when it was made with another key, iv or additional data, or was changed; a tag that was cut short is none */
export function decrypted(
  key: Uint8Array,
  iv: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): SealedBytes | null {
  if (sealed.length < tagBytes) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', cipherKey(key), iv)
      .setAAD(additional)
      .setAuthTag(sealed.subarray(-tagBytes))
    return concat(decipher.update(sealed.subarray(0, -tagBytes)), decipher.final())
  } catch {
    return null
  }
}

/** @param place where it stands, which nothing that a join or an import changes may be part of */
function sealBytes(key: Uint8Array, place: string, bytes: Uint8Array): SealedBytes {
  // A tenth of what `randomBytes` costs in workerd, and the same source.
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  return concat(Uint8Array.of(edition), iv, encrypted(key, iv, utf8(place), bytes))
}

/** @returns null when it was sealed with another key or for another place, or was changed */
function openBytes(key: Uint8Array, place: string, sealed: Uint8Array): SealedBytes | null {
  if (sealed[0] !== edition) return null
  return decrypted(key, sealed.subarray(1, 1 + ivBytes), utf8(place), sealed.subarray(1 + ivBytes))
}

export const sealText = (key: Uint8Array, place: string, text: string): SealedBytes => sealBytes(key, place, utf8(text))

export function openText(key: Uint8Array, place: string, sealed: Uint8Array): string | null {
  const bytes = openBytes(key, place, sealed)
  return bytes && decoder.decode(bytes)
}

/** A firm's keys. `seal` opens what stands sealed; `match` hashes what is looked for, never changes, and travels with an export. */
export interface FirmKeys {
  readonly seal: Uint8Array
  readonly match: Uint8Array
}

export const newKeys = (): FirmKeys => ({ seal: randomBytes(32), match: randomBytes(32) })

/** What hashes begin with: what stands in clear from before is told from them by it. */
const hashMark = '~'

/** The keyed hash of something that is looked for: the same for the same text, of this firm and this use only. */
export function hashOf(match: Uint8Array, use: string, text: string): string {
  return hashMark + createHmac('sha256', match).update(`${use}\n${text}`).digest('base64url')
}

/** The first 48 bits of a keyed hash, a whole number: enough to find rows by, a third of one. */
export function shortHash(hash: string): number {
  return Buffer.from(hash.slice(1, 9), 'base64url').readUIntBE(0, 6)
}

/** The hash of what makes two deliveries the same: the ledger's and KV's. @param key as in a delivery */
export function hashOfKey(match: Uint8Array, { kind, value }: { kind: 'given' | 'content'; value: string }): string {
  return hashOf(match, kind === 'given' ? 'key' : 'content', value)
}

/** True for what `hashOf` made. Asked only of what stands in the ledger: a sender may write anything. */
export const isHash = (stored: string): boolean => stored.length >= 44 && stored.startsWith(hashMark)

// ---- the operator's key

/** True for the base64 of 32 bytes. */
export function isDataKey(text: string | undefined): text is string {
  return /^[A-Za-z0-9+/]{43}=$/.test((text ?? '').trim())
}

/** Firms' keys wrapped by DATA_KEY: base64. */
export interface WrappedKeys {
  readonly seal: string
  readonly match: string
}

/** DATA_KEY, and the one before it while it is rotated. */
export class Keyring {
  readonly #keys: readonly Uint8Array[]
  /** As they were given, for what is sealed with them directly. */
  readonly given: readonly string[]
  /** Tells which DATA_KEY is in use, and nothing about it. */
  readonly mark: string

  /** @param keys as variables hold them, the current one first: base64 of 32 bytes each */
  constructor(keys: readonly string[]) {
    this.given = keys
    this.#keys = keys.map(key =>
      Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', 'docketed firm keys v1', 32)),
    )
    this.mark = createHmac('sha256', this.#keys[0]!).update('mark').digest('hex').slice(0, 12)
  }

  wrap(firm: string, keys: FirmKeys): WrappedKeys {
    const wrapped = (name: 'seal' | 'match') =>
      Buffer.from(sealBytes(this.#keys[0]!, `${firm}/${name}`, keys[name])).toString('base64')
    return { seal: wrapped('seal'), match: wrapped('match') }
  }

  /** A short text that a browser keeps for us and cannot read: base64url. */
  seal(place: string, text: string): string {
    return Buffer.from(sealText(this.#keys[0]!, place, text)).toString('base64url')
  }

  /** @returns null when none of our keys sealed it for this place */
  open(place: string, sealed: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url')
    for (const key of this.#keys) {
      const text = openText(key, place, bytes)
      if (text !== null) return text
    }
    return null
  }

  /** A keyed hash that only this installation can make. */
  hash(use: string, text: string): string {
    return hashOf(this.#keys[0]!, use, text)
  }

  /** @returns `stale`: the current DATA_KEY is not the one that wrapped it. null: none of ours did */
  unwrap(firm: string, name: 'seal' | 'match', wrapped: string): { key: Uint8Array; stale: boolean } | null {
    for (const [at, ring] of this.#keys.entries()) {
      const key = openBytes(ring, `${firm}/${name}`, Buffer.from(wrapped, 'base64'))
      if (key) return { key, stale: at > 0 }
    }
    return null
  }
}

let last: { readonly given: string; readonly ring: Keyring | null } | null = null

/** The keyring of the Worker's variables; null: DATA_KEY is missing or malformed. */
export function keyringOf(env: object): Keyring | null {
  const { DATA_KEY: key, DATA_KEY_OLD: old } = env as Readonly<Record<string, string | undefined>>
  const given = `${key} ${old}`
  if (last?.given !== given) {
    const usable = [key, old].flatMap(each => (isDataKey(each) ? [each.trim()] : []))
    last = { given, ring: isDataKey(key) ? new Keyring(usable) : null }
  }
  return last.ring
}

const decoder = new TextDecoder()
