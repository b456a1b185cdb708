import { type EraseDeps, eraseRun } from '../../../src/docket/operator/keeping/erase.ts'
import { isProblem } from '../../../src/lib/problem.ts'
import { vendor } from '../../../src/model/access.ts'
import { rewrites } from '../../../src/sandbox/clio/rewrite.ts'
import { strayNames } from '../../../src/sandbox/maton/strays.ts'
import { type Rule, random } from '../../../src/sandbox/trouble.ts'
import { Violation } from '../life.ts'
import { longMessage, World } from '../world.ts'
import { corrected, standing, tokenOf, told } from './clio.ts'
import { endings, wildConfiguration } from './firm.ts'
import { Mending, mendable, mendableFields, namesakes } from './mending.ts'

/**
 * One random life in the world as it is: Clio rewrites and lags, strangers answer in its place, the disk refuses, people act at any
 * moment, the connection moves to another account and back, the clock jumps, channels throw.
 * Lateness, lag and jumps together stay within the settle time.
 */
export interface WildLife {
  readonly runs: number
  readonly calls: number
  /** Calls that wrote and whose answer was lost. */
  readonly lost: number
  /** Runs that were parked because nobody could tell what a lost call had done. */
  readonly doubtful: number
  readonly acts: number
  /** Runs that people mended, by themselves or with others of one reason. */
  readonly mended: number
  readonly corrected: number
  readonly skips: number
  readonly choices: number
  /** Runs of which was erased what they said. */
  readonly erased: number
  readonly moved: boolean
  readonly upgraded: boolean
  readonly rotated: boolean
}

const minute = 60_000
const settle = 90_000
/** Kinds of event that make records, and of which resources. */
const makes: Readonly<Record<string, readonly string[]>> = {
  intake: ['matters', 'tasks'],
  ditto: ['tasks'],
  filed: ['notes', 'activities'],
  ...mendable,
  booked: ['calendar_entries'],
  moved: [],
  off: [],
}

export async function liveWildly(seed: number): Promise<WildLife> {
  const life = new Wild(seed)
  try {
    return await life.live()
  } finally {
    life.world.close()
  }
}

class Wild {
  readonly seed: number
  readonly world: World
  readonly #chance: () => number
  readonly #finals = new Map<string, string>()
  /** The account in which each run was accepted: while Clio had not said which it was, the one that it said then. */
  readonly #accounts = new Map<string, string>()
  /** Tokens of records that people deleted, by account. */
  readonly #deleted = new Map<string, number>()
  #account = 'smith'
  #applied = 0
  #acts = 0
  #moved = false
  #upgraded = false
  #rotated = false
  /** Its clock was off for a while: it counted its calls by it. */
  #skewed = false
  readonly #doubtful = new Set<string>()
  /** What runs said before anything was erased, and how each of them is delivered again. */
  readonly #said = new Map<string, { kind?: string; n?: number }>()
  readonly #again = new Map<string, () => string | null>()
  #erased = 0
  #fault: string | null = null
  readonly #strangers: string
  readonly #mending: Mending

  constructor(seed: number) {
    this.seed = seed
    this.#chance = random(seed * 104_729 + 7)
    const pace = this.#one({ requests: 50, seconds: 60 }, { requests: 10, seconds: 5 }, { requests: 5, seconds: 2 })
    const latency = this.#one<readonly [number, number]>([10, 60], [10, 60], [500, 4000], [20, 20_000])
    this.world = new World({
      seed,
      config: wildConfiguration(pace),
      settle,
      latency,
      sandbox: { limit: pace },
      index: this.#chance() < 0.7,
    })
    const acme = { smith: namesakes(this.world, 'smith'), other: namesakes(this.world, 'other') }
    const chances = random(seed * 15_485_863 + 3)
    const upTo = (n: number) => Math.floor(chances() * n)
    this.#mending = new Mending(this.world, { one: (...of) => of[upTo(of.length)]!, upTo }, acme)
    // In the other account stand records under all ids that this firm's will get.
    const other = this.world.sandbox.account('other')
    for (let n = 0; n < 60; n++)
      other.insert(this.#one('calendar_entries', 'tasks', 'matters', 'contacts'), {
        name: 'Stranger',
        summary: 'Stranger',
      })
    this.#strangers = this.#othersRecords()
  }

  #one<T>(...of: readonly T[]): T {
    return of[Math.floor(this.#chance() * of.length)]!
  }
  #upTo(n: number): number {
    return Math.floor(this.#chance() * n)
  }
  #fail(what: string): never {
    throw new Violation(this.seed, what)
  }

  async live(): Promise<WildLife> {
    const { world } = this
    this.#habits()
    this.#misfortunes()
    this.#deliveries()
    this.#people()
    this.#erasing()
    await world.clock.run({ until: world.clock.now + 10 * minute, check: () => this.#check() })
    world.sandbox.trouble.clear()
    world.disk.refusals = 0
    world.skew = 0
    world.throws = () => false
    for (const each of world.sandbox.connections.all()) world.sandbox.connections.expire(each, null)
    this.#move('smith')
    if (this.#rotated) {
      // The disk may have refused until now: woken once more, it has wrapped its keys anew, and nobody needs the old one.
      world.kill()
      world.restart()
      world.clock.in(2000, () => {
        world.oldKey = undefined
        world.kill()
        world.restart()
      })
    }
    for (let round = 0; round < 6; round++) {
      await world.clock.run({ check: () => this.#check() })
      if (!this.#decide(round)) break
    }
    return this.#end()
  }

  // ---- what the world does

  #habits(): void {
    const { behaviour } = this.world.sandbox
    behaviour.rewrites = rewrites.filter(() => this.#chance() < 0.3)
    behaviour.listDelay = this.#one(0, 0, this.#upTo(25_000))
    behaviour.indexDelay = this.#one(0, 0, this.#upTo(25_000))
  }

  #misfortunes(): void {
    const { world } = this
    const method = () => this.#one('POST', 'POST', 'PATCH', 'DELETE', 'GET', undefined)
    const actions = (): Rule['action'] =>
      this.#one<Rule['action']>(
        { do: 'lose' },
        { do: 'lose' },
        { do: 'drop' },
        { do: 'late', ms: 1 + this.#upTo(25_000) },
        { do: 'fail', status: 500, applied: true },
        { do: 'fail', status: this.#one(408, 409, 421, 423, 425, 499, 502), html: this.#chance() < 0.5 },
        { do: 'stray', shape: this.#one(...strayNames) },
        { do: 'hang', applied: this.#chance() < 0.5 },
        { do: 'slow', ms: this.#upTo(20_000) },
      )
    for (let n = this.#upTo(4); n > 0; n--)
      world.sandbox.trouble.add({
        method: method(),
        chance: 0.2 + this.#chance() * 0.5,
        times: 1 + this.#upTo(5),
        action: actions(),
      })
    for (let n = this.#upTo(3); n > 0; n--) {
      this.#at(2 * minute, () => {
        if (this.#chance() < 0.5) {
          world.kill()
          world.restart(50 + this.#upTo(3000))
        } else world.dieAtPoint(this.#upTo(12), 50 + this.#upTo(3000))
      })
    }
    for (let n = this.#one(0, 0, 1, 2); n > 0; n--)
      this.#at(2 * minute, () => {
        world.disk.refusals = this.#one(1, 2, 2, 3, 1000)
        world.clock.in(this.#upTo(20_000), () => {
          world.disk.refusals = 0
        })
      })
    if (this.#chance() < 0.2)
      this.#at(2 * minute, () => {
        world.skew = this.#upTo(20_000) - 10_000
        this.#skewed = true
      })
    if (this.#chance() < 0.3) world.throws = () => this.#chance() < 0.7
    this.#deployments()
    if (this.#chance() < 0.15) {
      this.#at(2 * minute, () => this.#move('other'))
      this.#at(6 * minute, () => this.#move('smith'))
    }
  }

  /** A new version is deployed in the middle of it, or DATA_KEY rotated, or both. */
  #deployments(): void {
    const { world } = this
    const chances = random(this.seed * 32_452_843 + 11)
    const soon = () => world.clock.now + Math.floor(chances() * 2 * minute)
    const upgrades = chances() < 0.25
    const rotates = chances() < 0.25
    if (upgrades)
      world.clock.at(soon(), () => {
        this.#upgraded = true
        world.upgrade(50 + Math.floor(chances() * 3000))
      })
    if (rotates)
      world.clock.at(soon(), () => {
        this.#rotated = true
        world.rotate(Buffer.alloc(32, `rotated-${this.seed}`).toString('base64'), 50 + Math.floor(chances() * 3000))
      })
  }

  #at(within: number, act: () => void): void {
    this.world.clock.at(this.world.clock.now + this.#upTo(within), act)
  }

  #move(account: string): void {
    this.#stamp()
    if (account === this.#account) return
    // Nobody moves a firm while its disk refuses, or who does is told so and tries again.
    this.world.disk.refusals = 0
    if (!this.world.move(account)) {
      this.world.clock.in(1000, () => this.#move(account))
      return
    }
    this.#account = account
    this.#moved = true
  }

  #deliveries(): void {
    const { world } = this
    const people = 1 + this.#upTo(3)
    for (let n = 1 + this.#upTo(6); n > 0; n--) {
      const kind = this.#one('intake', 'intake', 'ditto', 'filed', 'booked', 'moved', 'off', ...Object.keys(mendable))
      const who = this.#upTo(people)
      const ending = this.#one(...endings)
      const fields = { kind, n, ending, ...mendableFields(kind, (...of) => this.#one(...of)) }
      const deliver = (left: number): string | null => {
        const run = world.deliver(
          'website',
          {
            fields,
            message: n % 3 === 2 ? longMessage : null,
            subject: kind in { booked: 1, moved: 1, off: 1 } ? 'the booking' : null,
            person: {
              first_name: 'Pat',
              last_name: `Doe${who} O'Neil`,
              email: `pat${who}@x.example`,
              phone: null,
              company: null,
            },
          },
          `key ${n}`,
        )
        if (run !== null) this.#again.set(run, () => deliver(0))
        if (left > 0 && (run === null || this.#chance() < 0.2))
          world.clock.in(run === null ? 4000 : this.#upTo(minute), () => void deliver(left - 1))
        return run
      }
      this.#at(30_000, () => void deliver(3))
    }
  }

  // ---- what people do

  #people(): void {
    for (let n = this.#one(0, 0, 1, 2, 4, 6); n > 0; n--) this.#at(8 * minute, () => this.#act())
  }

  #act(): void {
    this.#acts++
    const { world } = this
    const act = this.#one(
      'edit',
      'edit',
      'delete',
      'discard',
      'undo',
      'undo',
      'resume',
      'replay',
      'mend',
      'mend',
      'many',
    )
    if (act === 'edit' || act === 'delete') {
      this.#inClio(act)
      return
    }
    const runs = world.runs()
    const parked = runs.filter(run => run.state === 'parked')
    // Who mends comes to what is parked, mostly.
    const run = this.#one(...(act.startsWith('m') && parked.length > 0 && this.#upTo(5) > 0 ? parked : runs))
    if (!run) return
    if (act === 'mend') this.#mending.act(run, this.#account)
    else if (act === 'many') this.#mending.many(run)
    else this.#operate(act, run.id)
    this.#stamp()
  }

  #operate(act: 'discard' | 'undo' | 'resume' | 'replay', id: string): void {
    const { world } = this
    world.operate(clerk => {
      switch (act) {
        case 'discard':
          return clerk.desk.discard(id)
        case 'undo':
          return clerk.desk.undo(id, true)
        case 'resume':
          return clerk.desk.resume(id, 'own')
        case 'replay':
          return clerk.desk.replay(id)
      }
    })
    this.#stamp()
  }

  #inClio(act: 'edit' | 'delete'): void {
    const store = this.world.sandbox.account(this.#account)
    const rows = told.flatMap(resource => store.all(resource)).filter(row => tokenOf(row) !== null)
    const row = this.#one(...rows)
    if (!row) return
    if (act === 'edit') {
      if (row.resource !== 'contacts') store.replace(row, corrected(row))
      return
    }
    const key = `${this.#account} ${tokenOf(row)}`
    this.#deleted.set(key, (this.#deleted.get(key) ?? 0) + 1)
    store.remove(row)
  }

  /** At any moment somebody has erased what a run said. Who delivers it again is told of the same run. */
  #erasing(): void {
    const chance = random(this.seed * 31 + 5)
    for (let n = Math.floor(chance() * 4) - 1; n > 0; n--)
      this.world.clock.at(this.world.clock.now + chance() * 9 * minute, () => {
        const runs = this.world.runs()
        const run = runs[Math.floor(chance() * runs.length)]
        if (run) this.world.operate(clerk => this.#erase(run.id, clerk.erasing))
      })
  }

  async #erase(id: string, deps: EraseDeps): Promise<void> {
    const answer = await eraseRun(id, vendor, deps)
    if (isProblem(answer)) return
    for (const erased of answer.erased) {
      this.#erased++
      if (this.world.run(erased).event !== null) this.#fault = `erased: ${erased} still says something`
      const again = this.#again.get(erased)?.() ?? erased
      if (again !== erased) this.#fault = `I6: ${erased} was erased, and came again as ${again}`
    }
  }

  /** What a run was made for, whatever was erased since. */
  #fieldsOf({ id }: { readonly id: string }): { kind?: string; n?: number } {
    return this.#said.get(id) ?? {}
  }

  /** What is parked, a person decides. @returns whether there was anything */
  #decide(round: number): boolean {
    const { world } = this
    const parked = world.runs().filter(run => run.state === 'parked')
    for (const run of parked) {
      const doubt = /was lost\./.test(run.reason ?? '')
      if (
        doubt &&
        !/Record \S+ in Clio|Record \S+ says|Several records in Clio could be the one \(.+\)/.test(run.reason!)
      )
        this.#fail(`${run.id} is in doubt and names no record: ${run.reason}`)
      if (doubt || round > 3 || run.event === null) this.#operate('discard', run.id)
      else if (round === 3 || this.#upTo(2) === 0) this.#mending.settle(run, this.#accounts.get(run.id)!)
      else this.#mending.act(run, this.#account)
    }
    return parked.length > 0
  }

  // ---- what has to hold

  #stamp(): void {
    for (const { id } of this.world.disk.query('select id from runs where event is not null') as { id: string }[])
      if (!this.#said.has(id)) this.#said.set(id, this.world.run(id).event?.fields ?? {})
    if (this.world.reader.accounts.unknown) return
    for (const { id } of this.world.disk.query('select id from runs') as { id: string }[])
      if (!this.#accounts.has(id)) this.#accounts.set(id, this.#account)
  }

  #check(): void {
    const { world } = this
    if (this.#fault !== null) this.#fail(this.#fault)
    this.#stamp()
    const rows = world.disk.query('select id, state from runs') as { id: string; state: string }[]
    for (const { id, state } of rows) {
      const before = this.#finals.get(id)
      if (before !== undefined && before !== state) this.#fail(`I4: ${id} was ${before}, is ${state}`)
      if (state === 'done' || state === 'ignored' || state === 'discarded') this.#finals.set(id, state)
      if (state === 'parked' && !this.#doubtful.has(id) && /was lost\./.test(world.run(id).reason ?? ''))
        this.#doubtful.add(id)
    }
    const applied = world.sandbox.ledger.entries.filter(entry => entry.appliedAt !== null).length
    if (applied === this.#applied) return
    this.#applied = applied
    if (this.#othersRecords() !== this.#strangers) this.#fail('a stranger’s record was touched')
    for (const account of ['smith', 'other'])
      for (const [token, count] of standing(world.sandbox.account(account))) {
        const wanted = this.#wanted(account, token)
        if (count > wanted) this.#fail(`I2: ${wanted} of ${token} wanted in ${account}, ${count} stand`)
      }
    if (!this.#skewed && !this.#moved && world.sandbox.ledger.entries.some(entry => entry.status === 429))
      this.#fail('I3: a call too many')
  }

  #othersRecords(): string {
    const other = this.world.sandbox.account('other')
    return JSON.stringify(told.flatMap(resource => other.all(resource)).filter(row => row.data.name === 'Stranger'))
  }

  /** Runs that were accepted in an account for what a token stands for. */
  #runsFor(account: string, token: string) {
    const [resource = '', n = ''] = token.split(' ')
    const of = n.split('/')[0]
    const runs = this.world.runs().filter(run => run.undoOf === null && this.#accounts.get(run.id) === account)
    return runs.filter(run => {
      const { kind, n: number } = this.#fieldsOf(run)
      const fits = makes[kind ?? '']?.includes(resource) || (kind === 'moved' && resource === 'calendar_entries')
      if (!fits) return false
      return n === 'ditto' ? kind === 'ditto' : kind !== 'ditto' && String(number) === of
    })
  }

  #wanted(account: string, token: string): number {
    return token.startsWith('contacts ') ? 1 : this.#runsFor(account, token).length
  }

  #end(): WildLife {
    const { world } = this
    const runs = world.runs()
    for (const run of runs) {
      const fault = this.#mending.fault(run, this.#accounts.get(run.id) ?? 'smith')
      if (fault !== null) this.#fail(`mended: ${fault}`)
    }
    if (this.#mending.touched()) this.#fail('a company of that name was touched')
    const open = runs.filter(run => !['done', 'ignored', 'discarded', 'parked'].includes(run.state))
    if (open.length > 0) this.#fail(`I1: ${open.map(run => `${run.id} is ${run.state} (${run.reason})`).join('; ')}`)
    for (const account of ['smith', 'other']) this.#settled(account)
    const { keys, fields, query } = world.sandbox.ledger.view().unknown
    if (keys + fields + query > 0) this.#fail('the contract: unknown keys, fields or query parameters were sent')
    const lost = world.disk.query(
      "select count(*) as n from attempts where outcome = 'unknown' and method in ('POST', 'PATCH', 'DELETE')",
    )[0]?.n
    return {
      runs: runs.length,
      calls: world.sandbox.ledger.entries.length,
      lost: Number(lost),
      doubtful: this.#doubtful.size,
      acts: this.#acts,
      mended: this.#mending.mended,
      corrected: this.#mending.corrected,
      skips: this.#mending.skips,
      choices: this.#mending.choices,
      erased: this.#erased,
      moved: this.#moved,
      upgraded: this.#upgraded,
      rotated: this.#rotated,
    }
  }

  /** Of what is done all stands, unless a person or an undo took it away; of what was undone nothing. */
  #settled(account: string): void {
    const stand = standing(this.world.sandbox.account(account))
    const runs = this.world.runs()
    const undoing = runs.filter(run => run.undoOf !== null)
    const undone = new Set(
      undoing.filter(run => run.state === 'done' && !this.#mending.hasSkipped(run.id)).map(run => run.undoOf),
    )
    // One that was discarded half way has taken away what it had come to.
    const begun = new Set(undoing.map(run => run.undoOf))
    const resources = ['matters', 'tasks', 'notes', 'activities']
    const tokens = new Set(
      runs.flatMap(run => {
        const { kind, n } = this.#fieldsOf(run)
        return resources
          .filter(resource => makes[kind ?? '']?.includes(resource) && !(kind === 'asks' && resource === 'activities'))
          .map(resource => `${resource} ${kind === 'ditto' ? 'ditto' : kind === 'listed' ? `${n}/0` : n}`)
      }),
    )
    for (const token of tokens) {
      const made = this.#runsFor(account, token)
      const count = stand.get(token) ?? 0
      const kept = made.filter(run => !undone.has(run.id))
      const done = kept.filter(
        run => run.state === 'done' && !begun.has(run.id) && !this.#mending.hasSkipped(run.id),
      ).length
      const deleted = this.#deleted.get(`${account} ${token}`) ?? 0
      if (count > kept.length)
        this.#fail(`undo: ${kept.length} of ${token} were to be left in ${account}, ${count} stand`)
      if (count < done - deleted) this.#fail(`I1: ${done} runs are done for ${token} in ${account}, ${count} stand`)
    }
  }
}
