import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { purpose, type Vault } from '../../src/docket/index/vault.ts'

/**
 * The Docket's vault on Node's own cryptography, which is done when it answers: the simulator's clock waits for promises, not for
 * other threads.
 */
export function nodeVault(dataKey: string, firm: string): Vault {
  const root = Buffer.from(dataKey, 'base64')
  const key = (use: 'hashes' | 'seals'): Buffer => Buffer.from(hkdfSync('sha256', root, '', purpose(use, firm), 32))
  const [hashes, seals] = [key('hashes'), key('seals')]
  return {
    hash: async text => createHmac('sha256', hashes).update(text).digest('base64'),
    async seal(place, text) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', seals, iv).setAAD(Buffer.from(place))
      const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
      return iv.toString('base64') + sealed.toString('base64')
    },
    async open(place, sealed) {
      const [iv, text] = [Buffer.from(sealed.slice(0, 16), 'base64'), Buffer.from(sealed.slice(16), 'base64')]
      try {
        const decipher = createDecipheriv('aes-256-gcm', seals, iv)
          .setAAD(Buffer.from(place))
          .setAuthTag(text.subarray(-16))
        return Buffer.concat([decipher.update(text.subarray(0, -16)), decipher.final()]).toString()
      } catch {
        return null
      }
    },
  }
}
