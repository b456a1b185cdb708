import { send } from '../clio/gateway/gateway.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { writeMirror } from '../kv/mirror.ts'
import type { Claim, ClaimAnswer } from '../model/docket-rpc.ts'
import { closed, unfit } from '../model/unfit.ts'
import { filesOf } from '../platform/file-store.ts'
import { registryOf } from '../platform/registry.ts'
import { keyringOf } from '../platform/sealing.ts'
import { settingsOf } from '../platform/settings.ts'
import type { Storage } from '../platform/storage.ts'
import { Clerk } from './clerk.ts'
import { runId } from './ids.ts'
import type { Untold } from './notices/health.ts'
import type { Notice } from './notices/notices.ts'
import { tell } from './notices/tell.ts'
import { Access } from './operator/access.ts'
import { Reporter, standingOf } from './operator/reporter.ts'
import { rememberRun } from './remember.ts'
import { Tenancy } from './tenancy/tenancy.ts'

/** ms that a drain waits at most for what the registry knows. */
const toldMost = 1000
const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** Everything that stands on the firm's database. */
export interface Standing {
  readonly clerk: Clerk
  readonly access: Access
  readonly tenancy: Tenancy
}

/** A Docket's life on the platform: what it is made of, its alarms, and what it tells KV and the registry. */
export class Life {
  readonly #ctx: DurableObjectState
  readonly #env: Env
  readonly #reporter: Reporter
  #standing: Standing
  /** What the registry answered when it was told of an alarm. */
  #told: Promise<void> | null = null
  /** What must not happen twice at once. */
  #alone: Promise<unknown> = Promise.resolve()

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx
    this.#env = env
    this.#reporter = new Reporter({
      now: Date.now,
      sleep,
      expect: at => {
        const told = registryOf(env)
          .expect(this.firm, at)
          .then(reports => this.#compare(reports))
        this.#told = told.catch(() => {})
        return told
      },
      report: (nextWake, visited) => this.#report(nextWake, visited),
    })
    this.#standing = this.#made()
    // An alarm that fell out of the platform's hands is set again.
    ctx.blockConcurrencyWhile(async () => {
      const { clerk, tenancy } = this.#standing
      if (tenancy.closed === 'erasing') await ctx.storage.setAlarm(Date.now() + 1)
      if (!clerk.hasWork()) return
      const at = await ctx.storage.getAlarm()
      if (at === null) await clerk.wake()
      else this.#reporter.armed(at)
    })
  }

  get firm(): string {
    return this.#ctx.id.name ?? ''
  }

  get standing(): Standing {
    return this.#standing
  }

  /** @throws Error for every call, when the database is not this code's to use (`unfitIn` tells why) */
  get clerk(): Clerk {
    const { clerk, tenancy } = this.#standing
    const { standing } = clerk.ledger
    if (standing !== 'none' && standing !== 'ready') throw new Error(unfit[standing].code)
    if (tenancy.closed) throw new Error(closed[tenancy.closed].code)
    return clerk
  }

  get storage(): Storage {
    const { storage } = this.#ctx
    return { sql: storage.sql, transactionSync: work => storage.transactionSync(work) }
  }

  #made(): Standing {
    const env = this.#env
    const { gatewayUrl, timeout, settle } = settingsOf(env)
    const gateway = { url: gatewayUrl, key: env.MATON_API_KEY, timeout, fetch: fetch.bind(globalThis) }
    const alarm = (at: number) => {
      this.#reporter.armed(at)
      return this.#ctx.storage.setAlarm(at)
    }
    const clerk = new Clerk({
      storage: this.storage,
      keyring: keyringOf(env),
      firm: this.firm,
      settle,
      now: () => Date.now(),
      random: () => Math.random(),
      sleep,
      runId,
      instance: crypto.randomUUID(),
      setAlarm: alarm,
      send: (call, connection) => send(call, { ...gateway, connection }),
      env,
      files: filesOf(env),
      outside: { fetch: (...call) => fetch(...call), timeout },
      ended: run => rememberRun(env.KV, this.firm, run, clerk.ledger.seals),
      tell: (notice, configuration) => this.tell(notice, configuration),
      log: message => console.warn(message),
    })
    const access = new Access(clerk.ledger, Date.now)
    const tenancy = new Tenancy({
      clerk,
      access,
      firm: this.firm,
      kv: env.KV,
      files: filesOf(env),
      registry: () => registryOf(env),
      now: Date.now,
      alarm,
      wipe: () => this.wipe(),
    })
    return { clerk, access, tenancy }
  }

  /** The database was made or removed as a whole: everything that stands on it is made anew. */
  begin(): void {
    this.#standing = this.#made()
  }

  /** The firm's database goes, whole. */
  async wipe(): Promise<void> {
    await this.#ctx.storage.deleteAlarm()
    await this.#ctx.storage.deleteAll()
    this.begin()
  }

  /** One at a time: between what is taken at the registry and what is stored there comes no other. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#alone.then(work)
    this.#alone = done.catch(() => {})
    return done
  }

  /** What the door reads. */
  async publish(): Promise<void> {
    const { ledger } = this.#standing.clerk
    await writeMirror(this.#env.KV, this.firm, ledger.configs.mirror())
    ledger.published()
  }

  /** Something was counted that the registry is to know. */
  changed(): void {
    this.#reporter.changed()
  }

  claim(claim: Claim): ClaimAnswer {
    if (this.#standing.tenancy.closed === 'erasing') return { kind: 'gone' }
    const answer = this.clerk.claim(claim)
    if (answer.kind === 'receipts' && answer.receipts.some(one => one.duplicate)) this.#reporter.changed()
    return answer
  }

  async wake(): Promise<boolean> {
    const { clerk, tenancy } = this.#standing
    if (await tenancy.goOn()) return true
    const open = await clerk.wake()
    if (clerk.ledger.unpublished) await this.publish()
    this.#reporter.visited()
    return open
  }

  async alarm(): Promise<void> {
    this.#reporter.rings()
    const { clerk, tenancy } = this.#standing
    if (await tenancy.goOn()) return
    // Once in this object's life, as a rule, and for a moment: was its database set back?
    if (this.#told) await Promise.race([this.#told, sleep(toldMost)])
    this.#told = null
    await clerk.alarm()
    if (clerk.ledger.unpublished)
      await this.publish().catch(() =>
        console.warn(`Firm ${this.firm}: KV did not take what the door reads; it is written again.`),
      )
    this.#reporter.changed()
  }

  /** The registry had more reports than this database knows of: it was set back. */
  #compare(reports: number): void {
    const { clerk, tenancy } = this.#standing
    const { made, meta } = clerk.ledger
    if (!made || reports <= Number(meta.get('reports'))) return
    meta.set('reports', reports)
    tenancy.setBack()
  }

  /** How the docket stands, for the registry. */
  async #report(nextWake: number | null, visited: boolean): Promise<void> {
    const { ledger, drain } = this.#standing.clerk
    const { made, meta } = ledger
    const reports = made ? Number(meta.get('reports')) + 1 : 0
    if (made) meta.set('reports', reports)
    const standing = standingOf(ledger, drain.turnstile)
    await registryOf(this.#env).report({ firm: this.firm, ...standing, reports, nextWake, visited })
  }

  tell(notice: Notice, configuration: Configuration): Promise<Untold> {
    const { ledger } = this.#standing.clerk
    const outside = (...call: Parameters<typeof fetch>) => fetch(...call)
    return tell(notice, configuration, {
      ledger,
      firm: this.firm,
      env: this.#env,
      fetch: outside,
      now: Date.now(),
    })
  }
}
