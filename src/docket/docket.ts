import { DurableObject } from 'cloudflare:workers'
import type { Json } from '../lib/json.ts'
import { inPieces } from '../lib/pieces.ts'
import { isProblem, type Problem } from '../lib/problem.ts'
import {
  type AuditEntry,
  type Caller,
  includes,
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
  SaveHow,
  Stats,
  UndoOutlook,
} from '../model/docket-rpc.ts'
import type { Matter } from '../model/matter.ts'
import type { AskedWrite } from '../model/rule.ts'
import type { ConfigVersion, Erasing, FirmHeld, Imported, KnownLink } from '../model/tenancy/firm.ts'
import { unfit } from '../model/unfit.ts'
import type { ChannelTest, ChannelView } from '../model/view/channel.ts'
import type { Catching, EndpointView, SecretView } from '../model/view/endpoint.ts'
import type { Clerk } from './clerk.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { StoredRun } from './ledger/run/stored-run.ts'
import { Life } from './life.ts'
import type { Access } from './operator/access.ts'
import { Asks } from './operator/asked.ts'
import { explained } from './operator/explain.ts'
import { erasePerson, eraseRun, legalHold } from './operator/keeping/erase.ts'
import { maskedPreview, maskedSummary, maskedView } from './operator/mask.ts'
import { forReason } from './operator/mending/many.ts'
import { preview } from './operator/preview.ts'
import { previewed } from './operator/preview-request.ts'
import { answered } from './operator/reads.ts'
import { unknownFirm } from './operator/refusals.ts'
import { type Saved, type SavingDeps, save } from './operator/saving.ts'
import { type ChannelsDeps, channelsOf, testChannel } from './operator/setup/channels.ts'
import { catchNext, caughtAt, type EndpointsDeps, endpointsOf, tested } from './operator/setup/endpoints.ts'
import { deleteSecret, putSecret, type SecretsDeps, secretsOf } from './operator/setup/secrets.ts'
import { pageOf, statsOf, summaryOf } from './operator/views.ts'
import { undoOutlook } from './run/undo.ts'
import { type Arriving, arrive } from './tenancy/arrival.ts'
import { streamOf } from './tenancy/export.ts'
import type { Tenancy } from './tenancy/tenancy.ts'

/** A firm's Durable Object: the only writer of the firm's state. What it does is the clerk's; here is what it answers. */
export class Docket extends DurableObject<Env> implements DocketRpc {
  readonly #life: Life

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#life = new Life(ctx, env)
  }

  get #firm(): string {
    return this.#life.firm
  }

  /** @throws Error for every call, when the database is not this code's to use (`unfitIn` tells why) */
  get #clerk(): Clerk {
    return this.#life.clerk
  }

  get #ledger(): Ledger {
    return this.#clerk.ledger
  }

  get #access(): Access {
    return this.#life.standing.access
  }

  get #asks(): Asks {
    return new Asks(() => this.#clerk, this.#access)
  }

  /** @throws Error as `#clerk` */
  get #tenancy(): Tenancy {
    return this.#clerk && this.#life.standing.tenancy
  }

  async claim(claim: Claim): Promise<ClaimAnswer> {
    return this.#life.claim(claim)
  }

  async mirror(): Promise<Mirror | null> {
    return this.#life.standing.tenancy.closed === 'erasing' ? null : this.#ledger.configs.mirror()
  }

  async config(wanted?: number): Promise<{ version: number; text: string } | null> {
    const version = wanted ?? this.#ledger.version
    if (!this.#ledger.made) return null
    const config = version === null ? null : this.#ledger.configs.get(version)
    return version === null || !config ? null : { version, text: config.text }
  }

  async configVersions(): Promise<{ versions: ConfigVersion[] } | Problem> {
    return this.#ledger.made ? { versions: this.#ledger.configs.versions() } : unknownFirm
  }

  async putConfig(
    firm: string,
    text: string,
    dry: boolean,
    by: Caller = vendor,
    how: SaveHow = {},
  ): Promise<Saved | Problem> {
    return this.#life.alone(() => save({ firm, text, dry, by, ...how }, this.#savingDeps(firm)))
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
      publish: () => this.#life.publish(),
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

  async runs(query: RunQuery, by?: Caller): Promise<{ runs: RunSummary[]; cursor: string | null } | Problem> {
    if (!this.#ledger.made) return unknownFirm
    const page = await inPieces(pageOf(this.#ledger, query, this.#clerk.newest()?.timezone ?? 'UTC'))
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
    return { ...maskedSummary(summaryOf(run)), ...((mend.answers || kept.length > 0) && { kept }) }
  }

  async forReason(act: ManyAct, asked: ManyAsked, by: Caller = vendor): Promise<Many | Problem> {
    if (!this.#ledger.made) return unknownFirm
    const note = (action: string, run: string) => this.#access.note(by, { action, run, detail: `all ${asked.code}` })
    return this.#life.alone(() => inPieces(forReason(act, asked, this.#clerk.desk, this.#ledger, note)))
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

  // ---- the firm as a whole

  async erase(by: Caller = vendor): Promise<Erasing | Problem> {
    const { clerk, tenancy } = this.#life.standing
    const { standing } = clerk.ledger
    return standing === 'none' || standing === 'ready' ? tenancy.erase(by) : unfit[standing]
  }

  async holdFirm(reason: string | null, by: Caller = vendor): Promise<FirmHeld | Problem> {
    const held = this.#tenancy.hold(reason, by)
    // With no run to carry out, it would say so at the next visit only.
    this.#life.changed()
    return held
  }

  async resumeFirm(by: Caller = vendor): Promise<FirmHeld | Problem> {
    return this.#tenancy.resume(by)
  }

  async exportFirm(passphrase: string | null, by: Caller = vendor): Promise<ReadableStream<Uint8Array> | Problem> {
    const chunks = this.#tenancy.export(passphrase, by)
    return isProblem(chunks) ? chunks : streamOf(chunks)
  }

  async importFirm(arriving: Arriving, by: Caller = vendor): Promise<Imported | Problem> {
    return this.#life.alone(() => arrive(arriving, by, { life: this.#life, env: this.env, now: Date.now }))
  }

  async learnLinks(links: KnownLink[], by: Caller = vendor): Promise<{ links: number } | Problem> {
    return this.#tenancy.learn(links, by)
  }

  // ---- who may ask what

  async identify(shown: Shown): Promise<Caller | null> {
    return this.#life.standing.tenancy.closed ? null : this.#access.identify(shown)
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
    this.#life.changed()
  }

  async preview(body: Json, by: Caller = vendor): Promise<Preview | Problem> {
    const newest = this.#clerk.newest()
    if (!newest) return unknownFirm
    const deps = { ledger: this.#ledger, firm: this.#firm, env: this.env, newest, now: Date.now, by }
    const asked = await previewed(body, deps)
    if (isProblem(asked)) return asked
    // It shows what the run says, so it is a reveal.
    const past = asked.masked ? null : (asked.events[0]?.replayOf ?? null)
    if (past !== null) this.#access.note(by, { action: 'run.previewed', run: past })
    const seen = await preview(asked, { ...deps, read: call => this.#clerk.drain.reads.read(call) })
    return asked.masked && !isProblem(seen) ? maskedPreview(seen) : seen
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
    return answer({ ...this.#savingDeps(this.#firm), newest, now: Date.now, tell: this.#life.tell.bind(this.#life) })
  }

  async suggest(text: string, endpoint: string, user: string): Promise<Matter[]> {
    return (await this.#clerk.knows(endpoint, user)) ? this.#clerk.suggest(text) : []
  }

  async clio(call: Call, by: Caller = vendor): Promise<ClioAnswer | Problem> {
    if (!this.#ledger.made) return unknownFirm
    // Which resource, never which record or whom the filter names.
    this.#access.note(by, { action: 'clio.read', detail: call.path.replace(/\/[^/]*\d[^/]*/g, '/#') })
    return answered(await this.#clerk.drain.reads.read(call))
  }

  async stats(by: Caller = vendor): Promise<Stats | Problem> {
    if (this.#ledger.standing === 'none') return unknownFirm
    const { drain } = this.#clerk
    const masked = !includes(by.role, 'operator')
    return statsOf(this.#ledger, drain.turnstile, this.#clerk.newest(), Date.now(), masked)
  }

  async wake(): Promise<boolean> {
    return this.#life.wake()
  }

  override async alarm(): Promise<void> {
    await this.#life.alarm()
  }
}
