/** Bytes from which a body is long. */
const long = 65_536
/** Bytes that are worked through in a ms: read, written down and carried out, at a hundredth of a second for 100 KiB. */
const rate = 10_240
/** ms that a body waits at most. What waits then is some 20 MB, of the 128 that an isolate has. */
const patience = 2000
/** ms that no moment is ever given out ahead: the clock went back. */
const unheardOf = 60_000

/**
 * Long bodies are worked through one after another, with room between them: everybody in an isolate shares one thread and its memory.
 * Moments are given out ahead, nothing is held: whoever goes away, or fails, keeps nobody waiting.
 */
export class Spacing {
  #free = 0

  /** @returns ms until this one's moment; null: too many wait already */
  wait(bytes: number, now: number): number | null {
    if (bytes < long) return 0
    const ahead = this.#free - now
    const ms = ahead > unheardOf ? 0 : Math.max(0, ahead)
    if (ms > patience) return null
    this.#free = now + ms + Math.ceil(bytes / rate)
    return ms
  }
}
