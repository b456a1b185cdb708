import { DurableObject } from 'cloudflare:workers'
import { send } from '../clio/gateway/gateway.ts'
import type { Configuration } from '../configuration/configuration.ts'
import { writeMirror } from '../kv/mirror.ts'
import type { Json } from '../lib/json.ts'
import { isProblem, type Problem } from '../lib/problem.ts'
import {
  type AuditEntry,
  type Caller,
  type NewSeat,
  type RefusalCount,
  type RefusalView,
  type Shown,
  type TokenView,
  vendor,
} from '../model/access.ts'
import type { Mend } from '../model/amended.ts'
import type { Call } from '../model/call.ts'
import type {
  Asked,
  CaughtView,
  Claim,
  ClaimAnswer,
  ClioAnswer,
  DocketRpc,
  ErasedPerson,
  ErasedRun,
  Many,
  ManyAct,
  ManyAsked,
  Mirror,
  PersonAsked,
  Preview,
  Resumed,
  RunQuery,
  RunSummary,
  RunView,
  Stats,
  UndoOutlook,
} from '../model/docket-rpc.ts'
import type { Matter } from '../model/matter.ts'
import type { AskedWrite } from '../model/rule.ts'
import { unfit } from '../model/unfit.ts'
import type { ChannelTest, ChannelView } from '../model/view/channel.ts'
import type { Catching, EndpointView, SecretView } from '../model/view/endpoint.ts'
import { registryOf } from '../platform/registry.ts'
import { keyringOf } from '../platform/sealing.ts'
import { settingsOf } from '../platform/settings.ts'
import { Clerk } from './clerk.ts'
import { runId } from './ids.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { StoredRun } from './ledger/run/stored-run.ts'
import type { Untold } from './notices/health.ts'
import type { Notice } from './notices/notices.ts'
import { tell } from './notices/tell.ts'
import { Access } from './operator/access.ts'
import { Asks } from './operator/asked.ts'
import { explained } from './operator/explain.ts'
import { erasePerson, eraseRun, legalHold } from './operator/keeping/erase.ts'
import { forReason } from './operator/many.ts'
import { maskedSummary, maskedView } from './operator/mask.ts'
import { preview } from './operator/preview.ts'
import { previewed } from './operator/preview-request.ts'
import { answered } from './operator/reads.ts'
import { unknownFirm } from './operator/refusals.ts'
import { Reporter, standingOf } from './operator/reporter.ts'
import { type Saved, type SavingDeps, save } from './operator/saving.ts'
import { type ChannelsDeps, channelsOf, testChannel } from './operator/setup/channels.ts'
import { catchNext, caughtAt, type EndpointsDeps, endpointsOf, tested } from './operator/setup/endpoints.ts'
import { deleteSecret, putSecret, type SecretsDeps, secretsOf } from './operator/setup/secrets.ts'
import { pageOf, statsOf, summaryOf } from './operator/views.ts'
import { rememberRun } from './remember.ts'
import { undoOutlook } from './run/undo.ts'

/** A firm's Durable Object: the only writer of the firm's state. What it does is the clerk's; here it meets the platform. */
export class Docket extends DurableObject<Env> implements DocketRpc {
  readonly #made: Clerk
  readonly #reporter: Reporter
  readonly #access: Access
  readonly #asks: Asks
  /** The configuration that is being saved. */
  #saving: Promise<unknown> = Promise.resolve()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { gatewayUrl, timeout, settle } = settingsOf(env)
    const gateway = { url: gatewayUrl, key: env.MATON_API_KEY, timeout, fetch: fetch.bind(globalThis) }
    const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
    this.#reporter = new Reporter({
      now: Date.now,
      sleep,
      expect: async at => registryOf(this.env).expect(this.#firm, at),
      report: (nextWake, visited) => this.#report(nextWake, visited),
    })
    this.#made = new Clerk({
      storage: { sql: ctx.storage.sql, transactionSync: work => ctx.storage.transactionSync(work) },
      keyring: keyringOf(env),
      firm: this.#firm,
      settle,
      now: () => Date.now(),
      random: () => Math.random(),
      sleep,
      runId,
      instance: crypto.randomUUID(),
      setAlarm: at => {
        this.#reporter.armed(at)
        return ctx.storage.setAlarm(at)
      },
      send: (call, connection) => send(call, { ...gateway, connection }),
      env,
      files: env.FILES,
      outside: { fetch: (...call) => fetch(...call), timeout },
      ended: run => rememberRun(env.KV, this.#firm, run),
      tell: (notice, configuration) => this.#tell(notice, configuration),
      log: message => console.warn(message),
    })
    this.#access = new Access(this.#made.ledger, Date.now)
    this.#asks = new Asks(() => this.#clerk, this.#access)
    // An alarm that fell out of the platform's hands is set again.
    ctx.blockConcurrencyWhile(async () => {
      if (!this.#made.hasWork()) return
      const at = await ctx.storage.getAlarm()
      if (at === null) await this.#made.wake()
      else this.#reporter.armed(at)
    })
  }

  get #firm(): string {
    return this.ctx.id.name ?? ''
  }

  /** @throws Error for every call, when the database is not this code's to use (`unfitIn` tells why) */
  get #clerk(): Clerk {
    const { standing } = this.#made.ledger
    if (standing !== 'none' && standing !== 'ready') throw new Error(unfit[standing].code)
    return this.#made
  }

  get #ledger(): Ledger {
    return this.#clerk.ledger
  }

  async claim(claim: Claim): Promise<ClaimAnswer> {
    const answer = this.#clerk.claim(claim)
    if (answer.kind === 'receipts' && answer.receipts.some(one => one.duplicate)) this.#reporter.changed()
    return answer
  }

  async mirror(): Promise<Mirror | null> {
    return this.#ledger.configs.mirror()
  }

  async config(): Promise<{ version: number; text: string } | null> {
    const version = this.#ledger.version
    const config = version === null ? null : this.#ledger.configs.get(version)
    return version === null || !config ? null : { version, text: config.text }
  }

  /** One at a time: between what is taken at the registry and what is stored there comes no other. */
  async putConfig(firm: string, text: string, dry: boolean, by = vendor, names = false): Promise<Saved | Problem> {
    const saved = this.#saving.then(() => save({ firm, text, dry, by, names }, this.#savingDeps(firm)))
    this.#saving = saved.catch(() => {})
    return saved
  }

  #savingDeps(firm: string): SavingDeps & SecretsDeps {
    const clerk = this.#clerk
    return {
      firm,
      env: this.env,
      ledger: clerk.ledger,
      access: this.#access,
      connect: (connection, account) => clerk.connect(connection, account),
      connected: () => clerk.connected(),
      stored: () => clerk.secretStored(),
      publish: () => this.#publish(firm),
      read: call => clerk.drain.reads.read(call),
    }
  }

  async putSecret(firm: string, name: string, value: string, by: Caller = vendor): Promise<null | Problem> {
    return putSecret(name, value, by, this.#savingDeps(firm))
  }

  async deleteSecret(firm: string, name: string, by: Caller = vendor): Promise<null | Problem> {
    return deleteSecret(name, by, this.#savingDeps(firm))
  }

  async secrets(): Promise<{ secrets: SecretView[] } | Problem> {
    return secretsOf(this.#savingDeps(this.#firm))
  }

  /** What the door reads. */
  async #publish(firm: string): Promise<void> {
    await writeMirror(this.env.KV, firm, this.#ledger.configs.mirror())
    this.#ledger.published()
  }

  async runs(query: RunQuery, by?: Caller): Promise<{ runs: RunSummary[]; cursor: string | null } | Problem> {
    if (!this.#ledger.made) return unknownFirm
    const page = pageOf(this.#ledger, query, this.#clerk.newest()?.timezone ?? 'UTC')
    return isProblem(page) || !by ? page : { ...page, runs: page.runs.map(maskedSummary) }
  }

  async run(id: string, by?: Caller, reveal = false): Promise<RunView | Problem> {
    const run = this.#clerk.desk.find(id)
    if ('code' in run) return run
    if (by && reveal) this.#access.note(by, { action: 'run.revealed', run: id })
    const view = explained(run, this.#firm, this.#clerk)
    return by && !reveal ? maskedView(view) : view
  }

  async resume(
    id: string,
    version: 'own' | 'mended',
    by: Caller = vendor,
    mend: Mend = {},
  ): Promise<Resumed | Problem> {
    const mended = this.#asks.kept('resume', id, by) ?? this.#clerk.desk.mend(id, version, mend)
    if ('code' in mended) return mended
    const { run, kept, detail } = mended
    this.#access.note(by, { action: 'run.resumed', run: id, ...(detail !== null && { detail }) })
    return { ...maskedSummary(summaryOf(run)), ...(mend.answers && { kept }) }
  }

  async forReason(act: ManyAct, asked: ManyAsked, by: Caller = vendor): Promise<Many | Problem> {
    if (!this.#ledger.made) return unknownFirm
    const note = (action: string, run: string) => this.#access.note(by, { action, run, detail: `all ${asked.code}` })
    return forReason(act, asked, this.#clerk.desk, this.#ledger, note)
  }

  async replay(id: string, by: Caller = vendor): Promise<RunSummary | Problem> {
    return this.#done('run.replayed', id, by, this.#clerk.desk.replay(id))
  }

  async discard(id: string, by: Caller = vendor): Promise<RunSummary | Problem> {
    return this.#asks.kept('discard', id, by) ?? this.#done('run.discarded', id, by, this.#clerk.desk.discard(id))
  }

  async undo(id: string, anyway: boolean, by: Caller = vendor): Promise<RunSummary | Problem> {
    if (by.agent === undefined) return this.#done('run.undone', id, by, this.#clerk.desk.undo(id, anyway))
    return this.#asks.undo(id, by)
  }

  async ask(write: AskedWrite, key: string, by: Caller = vendor): Promise<Asked | Problem> {
    return this.#asks.ask(write, key, by)
  }

  async undoOutlook(id: string): Promise<UndoOutlook | Problem> {
    const run = this.#clerk.desk.find(id)
    return 'code' in run ? run : undoOutlook(run, this.#ledger)
  }

  async eraseRun(id: string, by: Caller): Promise<ErasedRun | Problem> {
    return eraseRun(id, by, this.#clerk.erasing)
  }

  async erasePerson(asked: PersonAsked, by: Caller): Promise<ErasedPerson | Problem> {
    return this.#ledger.made ? erasePerson(asked, by, this.#clerk.erasing) : unknownFirm
  }

  async legalHold(id: string, act: 'run' | 'subject' | 'release', by: Caller): Promise<RunView | Problem> {
    return legalHold(id, act, by, this.#clerk.erasing)
  }

  /** What an operator did to a run, written down in the turn in which it was done. */
  #done(action: string, id: string, by: Caller, run: StoredRun | Problem): RunSummary | Problem {
    if ('code' in run) return run
    this.#access.note(by, { action, run: id, ...(run.id !== id && { detail: `made ${run.id}` }) })
    return maskedSummary(summaryOf(run))
  }

  async identify(shown: Shown): Promise<Caller | null> {
    return this.#access.identify(shown)
  }

  async tokens(): Promise<{ tokens: TokenView[] } | Problem> {
    return this.#access.tokens()
  }

  async addToken(firm: string, seat: NewSeat, by: Caller): Promise<(TokenView & { token?: string }) | Problem> {
    return this.#access.add(firm, seat, by)
  }

  async removeToken(id: string, by: Caller): Promise<null | Problem> {
    return this.#access.remove(id, by)
  }

  async audit(
    limit: number,
    cursor: number | null,
    runsOnly: boolean,
  ): Promise<{ entries: AuditEntry[]; cursor: string | null } | Problem> {
    return this.#access.audit(limit, cursor, runsOnly)
  }

  async refusals(): Promise<{ refusals: RefusalView[] } | Problem> {
    return this.#access.refusals()
  }

  async refused(counts: RefusalCount[]): Promise<void> {
    this.#access.refused(counts)
    this.#reporter.changed()
  }

  async preview(body: Json, by: Caller = vendor): Promise<Preview | Problem> {
    const newest = this.#clerk.newest()
    if (!newest) return unknownFirm
    const deps = { ledger: this.#ledger, firm: this.#firm, env: this.env, newest, now: Date.now, by }
    const asked = await previewed(body, deps)
    if (isProblem(asked)) return asked
    // It shows what the run says, so it is a reveal.
    const past = asked.events[0]?.replayOf ?? null
    if (past !== null) this.#access.note(by, { action: 'run.previewed', run: past })
    return preview(asked, { ...deps, read: call => this.#clerk.drain.reads.read(call) })
  }

  async endpoints(): Promise<{ endpoints: EndpointView[] } | Problem> {
    return this.#asked(endpointsOf)
  }

  async catchNext(endpoint: string, minutes: number, by: Caller): Promise<{ catching: Catching | null } | Problem> {
    return this.#asked(deps => catchNext(endpoint, minutes, by, deps))
  }

  async caught(endpoint: string, by: Caller, reveal: boolean): Promise<CaughtView | Problem> {
    return this.#asked(deps => caughtAt(endpoint, by, reveal, deps))
  }

  async tested(endpoint: string, what: string | null, by: Caller): Promise<null | Problem> {
    return this.#asked(deps => tested(endpoint, what, by, deps))
  }

  async channels(): Promise<{ channels: ChannelView[] } | Problem> {
    return this.#asked(channelsOf)
  }

  async testChannel(channel: string, by: Caller): Promise<ChannelTest | Problem> {
    return this.#asked(deps => testChannel(channel, by, deps))
  }

  /** Of a firm that has a configuration. */
  #asked<T>(answer: (deps: EndpointsDeps & ChannelsDeps) => T): T | Problem {
    const newest = this.#clerk.newest()
    if (!newest) return unknownFirm
    return answer({ ...this.#savingDeps(this.#firm), newest, now: Date.now, tell: this.#tell.bind(this) })
  }

  async suggest(text: string): Promise<Matter[]> {
    return this.#clerk.suggest(text)
  }

  async clio(call: Call, by: Caller = vendor): Promise<ClioAnswer | Problem> {
    if (!this.#ledger.made) return unknownFirm
    // Which resource, never which record or whom the filter names.
    this.#access.note(by, { action: 'clio.read', detail: call.path.replace(/\/[^/]*\d[^/]*/g, '/#') })
    return answered(await this.#clerk.drain.reads.read(call))
  }

  async stats(): Promise<Stats | Problem> {
    if (this.#ledger.standing === 'none') return unknownFirm
    return statsOf(this.#ledger, this.#clerk.drain.turnstile, this.#clerk.newest(), Date.now())
  }

  async wake(): Promise<boolean> {
    const open = await this.#made.wake()
    if (this.#made.ledger.unpublished) await this.#publish(this.#firm)
    this.#reporter.visited()
    return open
  }

  override async alarm(): Promise<void> {
    this.#reporter.rings()
    await this.#made.alarm()
    if (this.#made.ledger.unpublished)
      await this.#publish(this.#firm).catch(() =>
        console.warn(`Firm ${this.#firm}: KV did not take what the door reads; it is written again.`),
      )
    this.#reporter.changed()
  }

  async #report(nextWake: number | null, visited: boolean): Promise<void> {
    const { ledger, drain } = this.#made
    const standing = standingOf(ledger, drain.turnstile)
    await registryOf(this.env).report({ firm: this.#firm, ...standing, nextWake, visited })
  }

  #tell(notice: Notice, configuration: Configuration): Promise<Untold> {
    const { env } = this
    return tell(notice, configuration, {
      ledger: this.#ledger,
      firm: this.#firm,
      env,
      fetch: (...call) => fetch(...call),
      now: Date.now(),
    })
  }
}
