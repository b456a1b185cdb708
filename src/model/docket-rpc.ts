import type { Json } from '../lib/json.ts'
import type { Problem } from '../lib/problem.ts'
import type { AuditEntry, Caller, NewSeat, RefusalCount, RefusalView, Shown, TokenView } from './access.ts'
import type { KeptRecord, Mend } from './amended.ts'
import type { Call } from './call.ts'
import type { Receipt } from './endpoint.ts'
import type { Delivery, InboundEvent } from './event.ts'
import type { Candidate } from './intent.ts'
import type { Matter } from './matter.ts'
import type { ReasonCode } from './reason.ts'
import type { AskedWrite } from './rule.ts'
import type { ConfigVersion, Erasing, FirmHeld, Imported, KnownLink, StillCode } from './tenancy/firm.ts'
import type { ChannelTest, ChannelView } from './view/channel.ts'
import type { Catching, EndpointView, FieldView, SecretView } from './view/endpoint.ts'
import type { Explained, Given } from './view/run.ts'
import type { RunState } from './view/run-state.ts'

/** The shapes that cross from the Worker to a firm's Docket and back. Plain data only: RPC refuses everything else. */

export type { RunState }

/**
 * What a run is of.
 * - `event`: the firm's rules decide
 * - `notice`: an event that only says where to look
 * - `spoken`: what a person typed or pressed, before it is read
 * - `joining`: two subjects turned out to be one
 * - `undo`: takes another run back
 * - `asked`: a write that an agent or a script asked for
 */
export type RunKind = 'event' | 'notice' | 'spoken' | 'joining' | 'undo' | 'asked'

/** A firm's configuration as the door reads it from KV (`firm:{firm}`): the Docket's newest, at most a minute stale. */
export interface Mirror {
  version: number
  /** The document as stored: validated, comments gone. */
  document: Json
  /** The firm's own secrets, sealed with DATA_KEY: name -> base64 of iv and ciphertext. */
  secrets: Record<string, string>
  /** Names of the Worker's own secrets that this firm may use. Left out, as before tokens were: any. */
  lent?: string[]
  /** The firm's `match` key, wrapped by DATA_KEY: base64. Absent in what was written before there was one. */
  match?: string
  /** The firm is older than its `match` key. */
  elder?: boolean
}

/** Bytes of a body that comes in whatever the day has brought, as long as its address may send. */
export const smallBody = 16_384

export interface Claim {
  /** Of a sender who proves nothing: the bytes of the body, and whether files came with it. */
  unproved?: { bytes: number; files: boolean }
  endpoint: string
  /** The configuration version that the request was verified with. */
  version: number
  interactive: boolean
  deliveries: Delivery[]
}

export type ClaimAnswer =
  | { kind: 'receipts'; receipts: Receipt[] }
  /** The Docket's configuration is newer: verify again with this one. */
  | { kind: 'stale'; mirror: Mirror }
  /** As many bytes came in today from senders who prove nothing as may. */
  | { kind: 'full' }
  /** The firm is being erased. */
  | { kind: 'gone' }
  /** Same caller's key, other content (422). */
  | { kind: 'conflict'; run: string }

/** One line of the runs list; times are ISO 8601. */
export interface RunSummary {
  id: string
  state: RunState
  reason: string | null
  /** The same as a stable code. */
  reasonCode: ReasonCode | null
  endpoint: string
  type: string
  subject: string | null
  /** Whom it is about, as far as the event says. */
  person: string | null
  acceptedAt: string
  finishedAt: string | null
}

export interface AttemptView {
  method: string
  path: string
  request: Json
  outcome: 'sending' | 'applied' | 'refused' | 'unknown'
  status: number | null
  message: string | null
  startedAt: string
  endedAt: string | null
  /** The record that the call made or changed. */
  record: string | null
}

export interface StepView {
  /** `rule/step`, or `rule/step[2]` inside `each`. */
  path: string
  state: 'ready' | 'done' | 'skipped'
  /** Of a skipped one: why. */
  why?: string
  /** Of the one that the run stands at: what its expressions came out as. */
  given?: Given[]
  /** Of the one that a run is parked at: records one of which a person says is meant (`choose`). */
  candidates?: readonly Candidate[]
  output: Json
  attempts: AttemptView[]
}

export interface RunView extends RunSummary, Explained {
  version: number
  interactive: boolean
  replayOf: string | null
  undoOf: string | null
  /** The run that takes this one back. */
  undoneBy: string | null
  nextAt: string | null
  /** When what it said was erased; null: it was not. */
  erasedAt: string | null
  /** What keeps it from being purged and erased; null: nothing does. */
  legalHold: { on: 'run' | 'subject'; since: string } | null
  event: InboundEvent | null
  steps: StepView[]
  /** What it would have done when it was held in shadow. */
  shadow?: Shadow
}

/** The event that was caught at an endpoint, as a rule would read it. */
export interface CaughtView {
  catching: Catching | null
  /** null: none was caught yet. */
  run: RunView | null
  fields: FieldView[]
}

/** `erased`: the runs on the same event, which say nothing any more either. */
export interface ErasedRun extends RunSummary {
  erased: string[]
}

/** Whom somebody wants erased: whoever has this address or this number. */
export type PersonAsked = { email: string } | { phone: string }

export interface ErasedPerson {
  /** Ids of the runs that say nothing any more. */
  erased: string[]
  /** Those that could not be erased, and why. */
  refused: { run: string; why: string }[]
  /** How many are left: ask again. */
  left: number
}

export interface RunQuery {
  state?: string
  endpoint?: string
  /** A reason code: parked runs only. */
  code?: string
  type?: string
  /** YYYY-MM-DD, in the firm's timezone. */
  day?: string
  q?: string
  limit?: number
  cursor?: string
}

export interface Stats {
  counts: Record<RunState, number>
  /** Parked runs by their reason code; and `shadow`, those that are held in shadow. */
  reasons: Partial<Record<ReasonCode, number>>
  /** Seconds since the oldest run that is neither final nor parked was accepted; null when there is none. */
  oldestOpenSeconds: number | null
  pace: { requests: number; seconds: number; used: number; pausedUntil: string | null }
  connection: {
    id: string | null
    state: 'ok' | 'held'
    /** Why it is held: `connection-lost`, or what a person has to decide. */
    code: ReasonCode | StillCode | null
    reason: string | null
    since: string | null
    nextProbeAt: string | null
  }
  version: number | null
  mode: 'live' | 'shadow'
  timezone: string
  /** Names of the endpoints of the newest configuration. */
  endpoints: string[]
}

/** What an undo would do. */
export interface UndoOutlook {
  /** Records that are deleted, or changed back, the last first. */
  takes: { resource: string; record: string; how: 'deleted' | 'changed back' }[]
  /** What stays as it is, in words. */
  stays: string[]
}

/** A run that goes on; `kept`: records that earlier steps made of an answer that was corrected now. */
export interface Resumed extends RunSummary {
  kept?: KeptRecord[]
}

export type ManyAct = 'resume' | 'discard' | 'replay'

export interface ManyAsked {
  code: ReasonCode
  version: 'own' | 'mended'
  /** Steps that each of them skips. */
  skip?: string[]
}

export interface Many {
  /** Ids of the runs that it was done to. */
  runs: string[]
  /** Those that it could not be done to, and why. */
  refused: { run: string; why: string }[]
  /** How many parked runs of the code are left: ask again. */
  left: number
}

export interface PreviewCall {
  step: string
  method: string
  path: string
  query?: Json
  body?: Json
  note?: string
}

export interface PreviewWarning {
  /** A step (`rule/step`), or `rules`, `event`, `connection`. */
  path: string
  message: string
  /** Why the run would park, wait or be ignored; left out: only a remark. */
  code?: ReasonCode
}

/** What a run of an event would do. */
export interface EventPreview {
  /** How the run would end, as far as can be known. */
  state: 'done' | 'parked' | 'ignored' | 'spam'
  rules: string[]
  calls: PreviewCall[]
  warnings: PreviewWarning[]
}

/** What a run that is held in shadow would do, as far as anybody can know without doing it. */
export interface Shadow extends EventPreview {
  /** Whom `notify` steps would tell what. */
  tells: { step: string; to: string; text: string }[]
  /** ISO 8601: what it rests on may have changed since. */
  at: string
}

/** As it is kept: later runs of the subject see what this one would leave them. */
export interface KeptShadow extends Shadow {
  /** By a link's name: the id of a record, a name in ‹ › for one that would be made, null for one that would be gone. */
  links: Record<string, string | null>
}

/** Of a delivery that holds several events, all together; each stands in `events`. */
export interface Preview extends EventPreview {
  events: (EventPreview & { event: InboundEvent })[]
}

/** The run of a write that was asked for. */
export interface Asked extends RunSummary {
  /** The key was used before: this is the run of then. */
  duplicate: boolean
}

/** What Clio answered to a read. */
export interface ClioAnswer {
  status: number
  /** Clio's own JSON; of a download `{location}`. */
  answer: Json
}

/** How a firm's document is saved. */
export interface SaveHow {
  /** Names that it writes are looked up in Clio. */
  readonly names?: boolean
  /** The vendor makes a firm anew whose name was erased. */
  readonly anew?: boolean
  /** Entity tags: the versions on which it may follow (RFC 9110 §13.1.1); null: on any. */
  readonly ifMatch?: string | null
}

/** What the Docket does for the Worker. Every method is one RPC call; a refusal is a `Problem`, never an exception. */
export interface DocketRpc {
  claim(claim: Claim): Promise<ClaimAnswer>
  /** The newest configuration, or null when the firm has none (nothing is written then). */
  mirror(): Promise<Mirror | null>
  /** @param version left out: the newest */
  config(version?: number): Promise<{ version: number; text: string } | null>
  /** Newest first. */
  configVersions(): Promise<{ versions: ConfigVersion[] } | Problem>
  /** `text` is JSONC. `dry`: only checks. */
  putConfig(
    firm: string,
    text: string,
    dry: boolean,
    by?: Caller,
    how?: SaveHow,
  ): Promise<{ version: number; warnings: { path: string; message: string }[] } | Problem>
  putSecret(firm: string, name: string, value: string, by?: Caller): Promise<null | Problem>
  /** Names and dates, never a value. */
  secrets(): Promise<{ secrets: SecretView[] } | Problem>
  deleteSecret(firm: string, name: string, by?: Caller): Promise<null | Problem>
  /** @param by who asks from outside: values are masked for them */
  runs(query: RunQuery, by?: Caller): Promise<{ runs: RunSummary[]; cursor: string | null } | Problem>
  /** @param reveal what came in and went out as it is; the audit says who asked */
  run(id: string, by?: Caller, reveal?: boolean): Promise<RunView | Problem>
  /** `version`: 'mended' goes on with the newest configuration, 'own' with the one the run began with. */
  resume(id: string, version: 'own' | 'mended', by?: Caller, mend?: Mend): Promise<Resumed | Problem>
  /** The same for parked runs of one reason code, a few hundred at a time. */
  forReason(act: ManyAct, asked: ManyAsked, by?: Caller): Promise<Many | Problem>
  replay(id: string, by?: Caller): Promise<RunSummary | Problem>
  discard(id: string, by?: Caller): Promise<RunSummary | Problem>
  /** `anyway`: also when part of it cannot be taken back. */
  undo(id: string, anyway: boolean, by?: Caller): Promise<RunSummary | Problem>
  /** What an undo would do; nothing is done. */
  undoOutlook(id: string): Promise<UndoOutlook | Problem>
  eraseRun(id: string, by: Caller): Promise<ErasedRun | Problem>
  erasePerson(asked: PersonAsked, by: Caller): Promise<ErasedPerson | Problem>
  /** @param act `subject`: a legal hold on all runs of the run's subject; `release`: ends what keeps the run */
  legalHold(id: string, act: 'run' | 'subject' | 'release', by: Caller): Promise<RunView | Problem>
  preview(body: Json, by?: Caller): Promise<Preview | Problem>
  /** A write in Clio with no rule. @param key the same key is the same write */
  ask(write: AskedWrite, key: string, by?: Caller): Promise<Asked | Problem>
  stats(by?: Caller): Promise<Stats | Problem>
  /** How the firm's endpoints stand. */
  endpoints(): Promise<{ endpoints: EndpointView[] } | Problem>
  /** The next event of an endpoint is kept, and no rule runs, for so many minutes; 0: no more. */
  catchNext(endpoint: string, minutes: number, by: Caller): Promise<{ catching: Catching | null } | Problem>
  /** There is such an endpoint; `what`: the audit says that it was tested. */
  tested(endpoint: string, what: string | null, by: Caller): Promise<null | Problem>
  /** How it stands with telling each channel. */
  channels(): Promise<{ channels: ChannelView[] } | Problem>
  /** Tells a channel that this is a test, now. */
  testChannel(channel: string, by: Caller): Promise<ChannelTest | Problem>
  /** What was caught last. @param reveal as it is, and not masked; the audit says who asked */
  caught(endpoint: string, by: Caller, reveal: boolean): Promise<CaughtView | Problem>
  /** Who shows this; null: nobody that the firm knows. */
  identify(shown: Shown): Promise<Caller | null>
  tokens(): Promise<{ tokens: TokenView[] } | Problem>
  /** The token itself is in no other answer. */
  addToken(firm: string, seat: NewSeat, by: Caller): Promise<(TokenView & { token?: string }) | Problem>
  removeToken(id: string, by: Caller): Promise<null | Problem>
  /** Newest first; the cursor is the place where the next page begins. */
  audit(
    limit: number,
    cursor: number | null,
    runsOnly: boolean,
  ): Promise<{ entries: AuditEntry[]; cursor: string | null } | Problem>
  refusals(): Promise<{ refusals: RefusalView[] } | Problem>
  /** What the door refused since it told the last time. */
  refused(counts: RefusalCount[]): Promise<void>
  /** One GET on Clio, at the firm's pace. */
  clio(call: Call, by?: Caller): Promise<ClioAnswer | Problem>
  /** Matters that somebody who talks with the docket could mean, as far as they are known here: at once, without a call on Clio. */
  suggest(text: string, endpoint: string, user: string): Promise<Matter[]>
  /** Everything that is kept of the firm goes, here and at providers: begun now, done by alarms. */
  erase(by?: Caller): Promise<Erasing | Problem>
  /** Nothing of the firm goes out until `resumeFirm`; events are accepted. */
  holdFirm(reason: string | null, by?: Caller): Promise<FirmHeld | Problem>
  resumeFirm(by?: Caller): Promise<FirmHeld | Problem>
  /** Lines of JSON, sealed to the passphrase; null: open. */
  exportFirm(passphrase: string | null, by?: Caller): Promise<ReadableStream<Uint8Array> | Problem>
  /** @param connection null: the one that it had, or the only active one */
  importFirm(
    arriving: { body: ReadableStream<Uint8Array>; passphrase: string | null; connection: string | null },
    by?: Caller,
  ): Promise<Imported | Problem>
  /** What another tool made: all of them or none. */
  learnLinks(links: KnownLink[], by?: Caller): Promise<{ links: number } | Problem>
  /** Goes on with open work; called by the sweep. True when there was some. */
  wake(): Promise<boolean>
}
