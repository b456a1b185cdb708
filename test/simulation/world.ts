import { send } from '../../src/clio/gateway/gateway.ts'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { Clerk } from '../../src/docket/clerk.ts'
import { migrate } from '../../src/docket/ledger/migrations.ts'
import type { StoredRun } from '../../src/docket/ledger/run/stored-run.ts'
import type { Seals } from '../../src/docket/ledger/sealing/seals.ts'
import { Sql } from '../../src/docket/ledger/sql.ts'
import type { Notice } from '../../src/docket/notices/notices.ts'
import { canonical, type Json, type JsonObject } from '../../src/lib/json.ts'
import type { Call, Outcome } from '../../src/model/call.ts'
import type { Delivery, InboundEvent } from '../../src/model/event.ts'
import { nobody } from '../../src/model/event.ts'
import { keyringOf } from '../../src/platform/sealing.ts'
import type { SandboxOptions } from '../../src/sandbox/maton/world.ts'
import { restore, type Snapshot } from '../../src/sandbox/run/snapshot.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import { random } from '../../src/sandbox/trouble.ts'
import { Clock } from './clock.ts'
import { MemoryFiles } from './files.ts'
import { Disk, DiskRefused } from './storage.ts'

export const start = Date.parse('2026-11-24T15:00:00Z')
/** Too long to stand in the row of its run. */
export const longMessage = 'A letter of many pages. '.repeat(100)
export const dataKey = 'ZG9ja2V0ZWQtdGVzdC1kYXRhLWtleS0zMi1ieXRlcyE='
const connection = '21fd90f9-5935-43cd-b6c8-bde9d915ca80'

/** Thrown through the object that is killed, from the very point at which it dies. */
class Killed extends Error {}

export type KillPoint = 'before write' | 'after write' | 'before call' | 'after call'

export interface Opened {
  /** ms since the epoch. */
  readonly now: number
  /** Makes the ledger's database. */
  readonly sql: string
  readonly clio: Snapshot
  /** Kept bytes by key, in base64. */
  readonly files: Readonly<Record<string, string>>
}

export interface WorldOptions {
  readonly seed?: number
  /** null: the ledger that is opened has its own. */
  readonly config: JsonObject | null
  /** A Docket that stood before, and what stood around it. */
  readonly opened?: Opened
  readonly settle?: number
  readonly timeout?: number
  /** ms that Clio takes for an answer: at least and at most. */
  readonly latency?: readonly [number, number]
  readonly sandbox?: SandboxOptions
  /** False: the firm keeps no index of its contacts, and searches Clio. @default true */
  readonly index?: boolean
  /** Secrets and variables of the Worker, by name. */
  readonly env?: Record<string, string>
  /** Hosts that are no Clio's: of files, of Slack. @default Clio's storage, which knows nothing of them */
  readonly vendor?: (request: Request) => Promise<Response>
}

/** Takes migration 10 back: long events stand in the rows of their runs. Once there is another, its opposite stands here. */
function backToNine(disk: Disk, seals: Seals): void {
  const [whole, inRow] = [seals.table('events'), seals.table('runs')]
  for (const row of disk.query('select * from events')) {
    const [run, event] = [String(row.run), String(whole.open(row).event)]
    disk.alter('update runs set event = ? where id = ?', inRow.seal('event', [run], event), run)
  }
  disk.alter('drop table events')
  disk.alter("update meta set value = '9' where key = 'schema'")
}

/**
 * One firm's Docket and one Clio on one clock. Clock, ids, chance, Clio's answers and the moment of every kill belong to it; the
 * ledger, the transitions, the pace and the look-ups are the real ones.
 */
export class World {
  readonly clock: Clock
  random: () => number
  readonly sandbox: Sandbox
  readonly disk: Disk
  readonly files: MemoryFiles
  readonly log: string[] = []
  /** Notices that were delivered, and whether they are taken. */
  readonly told: Notice[] = []
  hears: () => boolean = () => true
  /** Whether telling throws. */
  throws: () => boolean = () => false
  /** ms by which the object's clock is off. */
  skew = 0
  /** Of the next life, when it is changed. */
  dataKey = dataKey
  /** The one before, while it is rotated. */
  oldKey: string | undefined = undefined
  /** Which points the living object passes, counted; it dies at this one. */
  #killAt: number | null = null
  #points = 0
  #rebirth = 500
  readonly passed: KillPoint[] = []
  /** The next life finds the database as the version before made it. */
  #older = false
  readonly #connections = new Map([['smith', connection]])
  #alarm: number | null = null
  #life = 0
  #ids = 0
  /** Of what this world gives a name, so that nothing bears the name of what stood before. */
  readonly #prefix: string
  #clerk: Clerk
  readonly #options: WorldOptions

  constructor(options: WorldOptions) {
    const { opened } = options
    this.#options = options
    this.#prefix = opened ? 'later_' : ''
    this.clock = new Clock(opened?.now ?? start)
    this.disk = new Disk(opened?.sql)
    this.random = random(options.seed ?? 1)
    this.files = new MemoryFiles(() => this.clock.now)
    this.sandbox = createSandbox({
      now: () => this.clock.now,
      schedule: (run, ms) => this.clock.in(ms, run),
      seed: options.seed ?? 1,
      ...options.sandbox,
    })
    if (opened) restore(this.sandbox, opened.clio)
    for (const [key, bytes] of Object.entries(opened?.files ?? {}))
      this.files.put(key, Uint8Array.from(Buffer.from(bytes, 'base64')))
    this.#clerk = this.#born()
    if (options.config) this.configure(options.config)
    // The platform's alarm stands as long as the ledger.
    if (opened) this.#setAlarm(this.clock.now)
  }

  get clerk(): Clerk {
    return this.#clerk
  }

  configure(config: JsonObject): number {
    const text = JSON.stringify(config)
    const document = checked(text)
    const { ledger } = this.#clerk
    const version = ledger.transaction(() => {
      const made = ledger.putConfig(text, document, this.clock.now)
      this.#clerk.connect(connection, this.#accountOf('smith'))
      return made
    })
    this.#clerk.connected()
    return version
  }

  // ---- the platform

  #born(): Clerk {
    const life = ++this.#life
    const alive = () => life === this.#life
    const gate = (point: KillPoint) => {
      if (!alive()) throw new Killed()
      this.passed.push(point)
      if (this.#killAt === null || this.#points++ < this.#killAt) return
      this.#killAt = null
      this.kill()
      this.restart(this.#rebirth)
      throw new Killed()
    }
    const never = new Promise<never>(() => {})
    return new Clerk({
      storage: this.disk.access(gate),
      keyring: keyringOf({ DATA_KEY: this.dataKey, DATA_KEY_OLD: this.oldKey }),
      unindexed: this.#options.index === false,
      firm: 'smith',
      settle: this.#options.settle ?? 90_000,
      instance: `${this.#prefix}life ${life}`,
      now: () => this.#now,
      random: this.random,
      sleep: ms => this.clock.sleep(ms).then(() => (alive() ? undefined : never)),
      runId: () => `${this.#prefix}run_${String(++this.#ids).padStart(4, '0')}`,
      setAlarm: at => {
        if (alive()) this.#setAlarm(at)
      },
      send: async (call, used) => {
        gate('before call')
        const answered = this.#call(call, used)
        // Dying behind the call means: the request has left, its answer finds nobody.
        gate('after call')
        const outcome = await answered
        return alive() ? outcome : never
      },
      env: { MATON_API_KEY: this.sandbox.key, ...this.#options.env },
      files: this.files.access(gate),
      outside: {
        timeout: 2 ** 30,
        fetch: async (input, init) => {
          gate('before call')
          const answered = this.#outside(input as string, init as RequestInit)
          // Nobody may be left to hear of it.
          answered.catch(() => {})
          gate('after call')
          const response = await answered
          return alive() ? response : never
        },
      },
      ended: async (_run: StoredRun) => {},
      tell: async notice => {
        this.told.push(notice)
        if (this.throws()) throw new Error('The token of the channel does not open.')
        return this.hears() ? null : 'failed'
      },
      log: line => void this.log.push(line),
    })
  }

  /** What the object takes for the time. */
  get #now(): number {
    return this.clock.now + this.skew
  }

  #setAlarm(at: number): void {
    this.#alarm = at
    this.clock.at(at - this.skew, () => {
      if (this.#alarm === at) this.#fire()
    })
  }

  #fire(): void {
    this.#alarm = null
    const life = this.#life
    this.#clerk.alarm().catch(() => {
      // The platform runs a failed alarm again.
      if (life === this.#life) this.#setAlarm(this.#now + 2000)
    })
  }

  /** The object dies here and now; whatever it had in the air stays in the air. */
  kill(): void {
    this.#life++
  }

  /** It is started again, by its alarm: an alarm that was cut off is run again. */
  restart(after = 500): void {
    this.#alarm = null
    this.clock.in(after, () => {
      if (this.#older) backToNine(this.disk, this.reader.seals)
      let born: Clerk
      try {
        born = this.#born()
      } catch (error) {
        if (!(error instanceof Killed || error instanceof DiskRefused)) throw error
        this.#stillborn()
        this.restart(after)
        return
      }
      // The disk refused while it was made ready: it takes nothing, is evicted, and the sweep wakes the next one.
      if (born.ledger.standing === 'failed') {
        this.kill()
        this.#stillborn()
        this.restart(5000)
        return
      }
      this.#older = false
      this.#clerk = born
      this.#fire()
    })
  }

  /** Whoever looks from outside looks with the eyes of this version. */
  #stillborn(): void {
    const { refusals } = this.disk
    this.disk.refusals = 0
    if (this.#older) migrate(new Sql(this.disk.access(() => {})), false)
    this.disk.refusals = refusals
  }

  /** A new version is deployed with another DATA_KEY: the object dies, and the next one wraps the firm's keys anew. */
  rotate(next: string, after = 500): void {
    this.oldKey = this.dataKey
    this.dataKey = next
    this.kill()
    this.restart(after)
  }

  /** A new version is deployed over the one before: the object dies, and the next one finds the database as that one made it. */
  upgrade(after = 500): void {
    this.kill()
    this.#older = true
    this.restart(after)
  }

  /** Dies at the n-th point from now on (0: the next one), and is started again `after` ms later. */
  dieAtPoint(n: number, after = 500): void {
    this.#points = 0
    this.#killAt = n
    this.#rebirth = after
  }

  get life(): number {
    return this.#life
  }

  /** A person does something; what the object died of, or the disk refused, was not done. */
  operate(act: (clerk: Clerk) => unknown): void {
    const died = (error: unknown) => {
      if (!(error instanceof Killed || error instanceof DiskRefused)) throw error
    }
    try {
      const done = act(this.#clerk)
      if (done instanceof Promise) done.catch(died)
    } catch (error) {
      died(error)
    }
  }

  /** The firm is connected to another Clio account, or back to its first one, `smith`. @returns false: the object died of it, or was dead */
  move(account: string): boolean {
    const used = this.#connections.get(account) ?? this.sandbox.connect(account)
    this.#connections.set(account, used)
    this.operate(clerk => {
      clerk.ledger.transaction(() => clerk.connect(used, this.random() < 0.5 ? this.#accountOf(account) : null))
      clerk.connected()
    })
    const [row] = this.disk.query("select value from meta where key = 'connection'")
    return row?.value === JSON.stringify(used)
  }

  #accountOf(account: string): string {
    const users = this.sandbox.account(account).all('users')
    const owner = users.find(({ data }) => data.account_owner === true)!
    return String((owner.data.account as JsonObject).id)
  }

  // ---- Clio

  #call(call: Call, used: string): Promise<Outcome> {
    const { timeout = 30_000 } = this.#options
    return send(call, {
      url: 'http://sandbox.example/clio',
      key: this.sandbox.key,
      connection: used,
      timeout: 2 ** 31 - 1,
      fetch: (input, init) => this.#fetch(new Request(input as string, init as RequestInit), timeout),
    })
  }

  /** Clio's storage, and vendors who keep files. */
  #outside(url: string, init: RequestInit): Promise<Response> {
    const { timeout = 30_000, vendor } = this.#options
    // Node sends no stream without being told that it may answer late.
    const request = new Request(url, { ...init, duplex: 'half' } as RequestInit)
    if (vendor && !url.startsWith('http://sandbox.example/')) return vendor(request)
    return this.#fetch(request, timeout)
  }

  async #fetch(request: Request, timeout: number): Promise<Response> {
    const [least, most] = this.#options.latency ?? [20, 80]
    const way = 2 * Math.round((least + this.random() * (most - least)) / 2)
    const url = new URL(request.url)
    const body = await sentBody(request)
    await this.clock.sleep(way / 2)
    const { reply, done } = this.sandbox.handle({
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: Object.fromEntries(request.headers),
      body,
    })
    const wait = reply.kind === 'hang' ? timeout : Math.min(reply.after + way / 2, timeout)
    await this.clock.sleep(wait)
    done()
    if (wait >= timeout) throw Object.assign(new Error('timed out'), { name: 'TimeoutError' })
    if (reply.kind !== 'answer') throw new TypeError('The connection was cut off.')
    const { status, headers, body: answer } = reply.answer
    return new Response(status === 204 ? null : (answer as BodyInit), { status, headers })
  }

  // ---- the outside

  /** A delivery arrives at the door and is claimed; a dead object is claimed at after its restart. */
  deliver(endpoint: string, event: Partial<InboundEvent>, key?: string, interactive = false): string | null {
    const whole: InboundEvent = {
      id: key ?? null,
      source: 'form',
      type: 'form.submitted',
      subject: null,
      follows: null,
      time: null,
      data: {},
      fields: {},
      message: null,
      files: [],
      booking: null,
      ...event,
      person: { ...nobody(), ...event.person },
    }
    const content = canonical(whole.fields)
    const delivery: Delivery = {
      event: whole,
      key: key === undefined ? { kind: 'content', value: content } : { kind: 'given', value: key },
      content,
      strict: false,
    }
    try {
      const version = this.#clerk.ledger.version ?? 0
      const unproved = { bytes: content.length, files: false }
      const answer = this.#clerk.claim({ endpoint, version, interactive, unproved, deliveries: [delivery] })
      return answer.kind === 'receipts' ? (answer.receipts[0]?.run ?? null) : null
    } catch (error) {
      if (error instanceof Killed || error instanceof DiskRefused) return null
      throw error
    }
  }

  run(id: string): StoredRun {
    return this.reader.runs.get(id)!
  }

  runs(): StoredRun[] {
    const { overview } = this.reader
    return overview
      .found({}, 100_000)
      .reverse()
      .map(({ seq }) => overview.at(seq)!)
  }

  /** The ledger as somebody outside reads it, alive or dead. */
  get reader() {
    return this.#clerk.ledger
  }

  close(): void {
    this.disk.close()
  }
}

async function sentBody(request: Request): Promise<Uint8Array> {
  return request.method === 'GET' ? new Uint8Array() : new Uint8Array(await request.arrayBuffer())
}

const documents = new Map<string, Json>()

/** A configuration as the Docket stores it, checked once for all worlds that use it. */
function checked(text: string): Json {
  let document = documents.get(text)
  if (document === undefined) {
    const read = readConfiguration(text)
    if (!read.ok) throw new Error(JSON.stringify(read.problem, null, 1))
    document = read.document
    documents.set(text, document)
  }
  return document
}
