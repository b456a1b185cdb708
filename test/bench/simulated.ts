import { configuration } from '../simulation/firm.ts'
import { World } from '../simulation/world.ts'

/** The Docket's own code on Node's SQLite and the simulator's clock, watched: what an event costs, and how that changes with the ledger. */

export interface Cost {
  readonly statements: number
  /** Of real time: what the object computed, and the sandbox with it. */
  readonly ms: number
}

const boundless = { requests: 10_000, seconds: 1 }
/** One call an hour: once it is used, nothing may go. */
const exhausted = { requests: 1, seconds: 3600 }

export class Ledger {
  readonly #world = new World({ config: configuration(boundless), sandbox: { limit: boundless } })
  readonly #told = new Map<'claim' | 'whole', Map<string, number>>()
  #n = 0
  #statements = 0
  /** A look of ours is no statement of the Docket's. */
  #looking = false
  #counting: Map<string, number> | null = null

  constructor() {
    this.#world.disk.watch = query => {
      if (this.#looking) return
      this.#statements++
      this.#counting?.set(query, (this.#counting.get(query) ?? 0) + 1)
    }
  }

  /** What is done once is done: Clio's contacts are in the index, its lists in the cache, the code is compiled. */
  async warm(): Promise<void> {
    for (let n = 0; n < 10; n++) await this.wholeRun()
    this.#told.clear()
  }

  /** A visitor, from the claim to the end of the run, while nobody else is there. */
  async wholeRun(): Promise<Cost> {
    return this.#measured('whole', async () => {
      const run = this.#deliver()
      await this.#world.clock.run({ enough: () => this.#state(run) === 'done' })
    })
  }

  /** Statements for each of so many that come at once and are carried out together. */
  async together(runs: number): Promise<number> {
    const before = this.#statements
    const all = Array.from({ length: runs }, () => this.#deliver())
    await this.#world.clock.run({ until: this.#world.clock.now + 60_000 })
    const open = all.filter(run => this.#state(run) !== 'done')
    if (open.length > 0) throw new Error(`${open.length} of ${runs} runs did not end.`)
    return (this.#statements - before) / runs
  }

  /** From now on nothing may go, however much waits. */
  async exhaust(): Promise<void> {
    this.#world.configure(configuration(exhausted))
    for (let n = 0; n < 20; n++) this.#deliver()
    await this.#world.clock.run({ until: this.#world.clock.now + 10_000 })
  }

  /** A claim, and whatever the object does because of it within twenty milliseconds. */
  async claim(): Promise<Cost> {
    return this.#measured('claim', async () => {
      this.#deliver()
      await this.#world.clock.run({ until: this.#world.clock.now + 20 })
    })
  }

  /**
   * So many runs that ended long ago, with their steps and calls, as retention leaves them: one that was carried out, many times over.
   * @returns ms that it took
   */
  async fill(runs: number): Promise<number> {
    const { clock, disk, clerk } = this.#world
    const model = this.#deliver()
    await clock.run({ until: clock.now + 60_000 })
    await clock.run({ until: clock.now + 100 * 86_400_000 })
    await clerk.wake()
    await clock.run({ until: clock.now + 1000 })
    const began = performance.now()
    const numbers = `with recursive n(n) as (select 1 union all select n + 1 from n where n < ${runs})`
    const unlike: Record<string, readonly string[]> = {
      runs: ['id', 'key', 'content'],
      steps: ['run'],
      attempts: ['run', 'record'],
    }
    for (const [table, distinct] of Object.entries(unlike)) {
      const columns = disk.query(`select name, type, pk from pragma_table_info('${table}')`)
      const names = columns
        .filter(({ type, pk, name }) => !(pk === 1 && String(type).toLowerCase() === 'integer' && name !== 'run'))
        .map(({ name }) => String(name))
      const values = names.map(name => (distinct.includes(name) ? `one.${name} || '-' || n` : `one.${name}`))
      const own = table === 'runs' ? 'id' : 'run'
      disk.query(
        `insert into ${table} (${names.join(', ')}) ${numbers} select ${values.join(', ')} from ${table} as one, n where one.${own} = '${model}'`,
      )
    }
    return performance.now() - began
  }

  /** The statements behind a cost, most often first. */
  told(what: 'claim' | 'whole'): string {
    const counted = [...(this.#told.get(what) ?? [])].sort((a, b) => b[1] - a[1]).slice(0, 25)
    return counted.map(([query, count]) => `\n  ${count} × ${query.replace(/\s+/g, ' ').slice(0, 140)}`).join('')
  }

  close(): void {
    this.#world.disk.watch = null
  }

  #state(run: string): string {
    this.#looking = true
    const { state } = this.#world.run(run)
    this.#looking = false
    return state
  }

  async #measured(what: 'claim' | 'whole', work: () => Promise<void>): Promise<Cost> {
    this.#counting = this.#told.get(what) ?? new Map()
    this.#told.set(what, this.#counting)
    const [statements, began] = [this.#statements, performance.now()]
    await work()
    this.#counting = null
    return { statements: this.#statements - statements, ms: performance.now() - began }
  }

  #deliver(): string {
    const n = ++this.#n
    const person = {
      first_name: 'Pat',
      last_name: `Doe${n}`,
      email: `pat${n}@mail.example`,
      phone: null,
      company: null,
    }
    const run = this.#world.deliver('website', { fields: { kind: 'intake', n }, person }, `key ${n}`)
    if (run === null) throw new Error('The event was not accepted.')
    return run
  }
}
