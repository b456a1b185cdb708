/** Bytes from which a body is long. */
const long = 65_536
/** Bytes that are worked through in a ms: read, written down and carried out, at a hundredth of a second for 100 KiB. */
const rate = 10_240
/** ms that a body waits at most. What waits then is some 20 MB, of the 128 that an isolate has. */
const patience = 2000

/**
 * Long bodies are worked through one after another, with room between them: everybody in an isolate shares one thread and its memory.
 * Moments are given out ahead, nothing is held: whoever goes away, or fails, keeps nobody waiting.
 */
export class Spacing {
  #free = 0

  /** @returns ms until this one's moment; null: too many wait already */
  wait(bytes: number, now: number): number | null {
    if (bytes < long) return 0
    const from = Math.max(this.#free, now)
    if (from - now > patience) return null
    this.#free = from + Math.ceil(bytes / rate)
    return from - now
  }
}
