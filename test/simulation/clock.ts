/** Time that moves only when nothing else can happen: timers in order, and everything that follows from each before the next. */
export class Clock {
  #now: number
  #n = 0
  #timers: { at: number; n: number; run: () => void }[] = []

  constructor(start: number) {
    this.#now = start
  }

  get now(): number {
    return this.#now
  }

  at(at: number, run: () => void): void {
    this.#timers.push({ at: Math.max(at, this.#now), n: this.#n++, run })
  }

  in(ms: number, run: () => void): void {
    this.at(this.#now + ms, run)
  }

  sleep(ms: number): Promise<void> {
    return new Promise(resolve => this.in(ms, resolve))
  }

  /** Runs until nothing is left to happen, `until` is reached, or `enough` says so. `check` is called after every step. */
  async run(options: { until?: number; check?: () => void; enough?: () => boolean } = {}): Promise<void> {
    const { until = Number.POSITIVE_INFINITY, check, enough } = options
    await quiet()
    while (this.#timers.length > 0 && !enough?.()) {
      this.#timers.sort((a, b) => a.at - b.at || a.n - b.n)
      if (this.#timers[0]!.at > until) break
      const timer = this.#timers.shift()!
      this.#now = timer.at
      timer.run()
      await quiet()
      check?.()
    }
    if (until !== Number.POSITIVE_INFINITY) this.#now = Math.max(this.#now, until)
  }
}

/** Everything that promises have to say has been said. */
function quiet(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
