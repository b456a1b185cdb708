import { rootKey } from '../../platform/secrets.ts'

/** Keeps what is known of a firm's contacts unreadable to whoever reads the storage. */
export interface Vault {
  /** The same for the same text, under this key and for this firm only. */
  hash(text: string): Promise<string>
  /** `place` is sealed in: what is copied elsewhere does not open there. */
  seal(place: string, text: string): Promise<string>
  /** null: it was sealed with another key, for another firm or for another place. */
  open(place: string, sealed: string): Promise<string | null>
}

/** What the keys are derived for (HKDF `info`, RFC 5869 §3.2): never the same for two firms or two purposes. */
export const purpose = (use: 'hashes' | 'seals', firm: string): string => `docketed contacts v1 ${use} ${firm}`

/** HMAC-SHA256 and AES-GCM with a 12-byte iv in front, both as base64, under keys derived from DATA_KEY, on Web Crypto. */
export function webVault(dataKey: string | undefined, firm: string): Vault {
  let derived: ReturnType<typeof derive> | null = null
  const keys = () => {
    derived ??= derive(dataKey, firm)
    return derived
  }
  return {
    async hash(text) {
      return base64(await crypto.subtle.sign('HMAC', (await keys()).hashes, bytes(text)))
    },
    async seal(place, text) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const algorithm = { name: 'AES-GCM', iv, additionalData: bytes(place) }
      const sealed = await crypto.subtle.encrypt(algorithm, (await keys()).seals, bytes(text))
      return base64(iv) + base64(sealed)
    },
    async open(place, sealed) {
      const { seals } = await keys()
      try {
        const [iv, text] = [fromBase64(sealed.slice(0, 16)), fromBase64(sealed.slice(16))]
        const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bytes(place) }, seals, text)
        return new TextDecoder().decode(opened)
      } catch {
        return null
      }
    },
  }
}

async function derive(dataKey: string | undefined, firm: string): Promise<{ hashes: CryptoKey; seals: CryptoKey }> {
  const root = await rootKey(dataKey)
  const hkdf = (use: 'hashes' | 'seals') => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: bytes(purpose(use, firm)),
  })
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 }
  return {
    hashes: await crypto.subtle.deriveKey(hkdf('hashes'), root, hmac, false, ['sign']),
    seals: await crypto.subtle.deriveKey(hkdf('seals'), root, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const base64 = (buffer: ArrayBuffer | Uint8Array) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), char => char.charCodeAt(0))
