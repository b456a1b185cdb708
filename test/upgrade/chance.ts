import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/** From here on nothing in this process is left to chance: ids, initialization vectors and jitter come of one seed. */
export function noChance(seed: number): void {
  let state = seed >>> 0
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const bytes = (size: number): Buffer => Buffer.from(Array.from({ length: size }, () => Math.floor(next() * 256)))
  const uuid = (): ReturnType<typeof crypto.randomUUID> => {
    const hex = bytes(16).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
  }
  Object.assign(crypto, { randomBytes: bytes, randomUUID: uuid })
  syncBuiltinESMExports()
  Object.assign(crypto.webcrypto, {
    randomUUID: uuid,
    getRandomValues: (array: Uint8Array) => {
      array.set(bytes(array.length))
      return array
    },
  })
  Math.random = next
}
