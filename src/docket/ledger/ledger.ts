import type { Json, JsonObject } from '../../lib/json.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { Mirror, RunState } from '../../model/docket-rpc.ts'
import type { InboundEvent } from '../../model/event.ts'
import { contentWindow, joinedType } from '../../model/event.ts'
import type { Doubted, PastCall } from '../../model/intent.ts'
import type { Row, Storage } from '../../platform/storage.ts'
import type { Notice } from '../notices/notices.ts'
import { accepted, isFinal, type ReadyCall, type Run } from './run-state.ts'
import { schema } from './schema.ts'

export type { Row, Storage }

/** A run as it stands in the ledger: the machine's part, and what was settled when it was claimed. */
export interface StoredRun extends Run {
  readonly seq: number
  readonly id: string
  readonly endpoint: string
  readonly key: string | null
  readonly content: string
  readonly event: InboundEvent | null
  readonly type: string
  readonly subject: string | null
  readonly thread: string | null
  readonly version: number
  readonly interactive: boolean
  readonly replayOf: string | null
  /** The run that this one takes back. */
  readonly undoOf: string | null
  readonly resumedAt: number
  readonly acceptedAt: number
  readonly finishedAt: number | null
}

export interface StoredStep {
  readonly position: number
  readonly path: string
  readonly rule: string
  readonly name: string
  readonly item: Json | undefined
  readonly state: 'ready' | 'done' | 'skipped'
  readonly output: Json
}

/** A run about to be claimed. `key` null: only the content within the window makes a duplicate. */
export interface NewRun {
  readonly id: string
  readonly endpoint: string
  readonly key: string | null
  readonly content: string
  readonly event: InboundEvent
  readonly version: number
  readonly interactive: boolean
  readonly strict: boolean
  readonly spam: string | null
  readonly replayOf: string | null
  readonly undoOf?: string
}

export type Claimed = {
  readonly kind: 'new' | 'duplicate' | 'conflict'
  readonly run: string
  /** The event told that two subjects, both known before, are one. */
  readonly joined?: boolean
}

/** A record that a run keeps for later ones of its subject. */
export interface LinkedRecord {
  readonly name: string
  readonly resource: string
  readonly record: string
  /** A step of ours made it, rather than found it. */
  readonly made: boolean
  /** Another record has the same name, of a later event: the two were made before their subjects were known to be one. */
  readonly stale: boolean
}

/** Every SQL statement of the Docket. Methods that change more than one row run inside the caller's transaction. */
export class Ledger {
  readonly #storage: Storage
  #made: boolean
  /** The newest version of the configuration, once it was read: every claim and every call asks for it. */
  #version: number | null = null

  constructor(storage: Storage) {
    this.#storage = storage
    this.#made = this.#rows("select 1 from sqlite_master where name = 'meta'").length > 0
  }

  /** False until the first configuration is stored. */
  get made(): boolean {
    return this.#made
  }

  transaction<T>(work: () => T): T {
    return this.#storage.transactionSync(work)
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Row[] {
    return this.#storage.sql.exec(query, ...bindings).toArray()
  }

  // ---- configuration, secrets, meta

  putConfig(text: string, document: Json, now: number): number {
    if (!this.#made) {
      this.#rows(schema)
      this.#made = true
    }
    const version = (this.configVersion() ?? 0) + 1
    this.#rows('insert into configs values (?, ?, ?, ?)', version, text, JSON.stringify(document), now)
    // Read again when the caller's transaction is through, one way or the other.
    this.#version = null
    return version
  }

  configVersion(): number | null {
    if (!this.#made) return null
    this.#version ??= (this.#rows('select max(version) as version from configs')[0]?.version as number | null) ?? null
    return this.#version
  }

  config(version: number): { text: string; document: Json } | null {
    const row = this.#rows('select text, document from configs where version = ?', version)[0]
    return row ? { text: String(row.text), document: JSON.parse(String(row.document)) as Json } : null
  }

  mirror(): Mirror | null {
    const version = this.configVersion()
    const config = version === null ? null : this.config(version)
    if (version === null || !config) return null
    const secrets = Object.fromEntries(
      this.#rows('select name, sealed from secrets').map(row => [row.name, String(row.sealed)]),
    )
    return { version, document: config.document, secrets }
  }

  putSecret(name: string, sealed: string, now: number): void {
    this.#rows('insert or replace into secrets values (?, ?, ?)', name, sealed, now)
  }

  deleteSecret(name: string): boolean {
    return this.#rows('delete from secrets where name = ? returning name', name).length > 0
  }

  meta<T extends Json>(key: string): T | null {
    const row = this.#rows('select value from meta where key = ?', key)[0]
    return row ? (JSON.parse(String(row.value)) as T) : null
  }

  setMeta(key: string, value: Json): void {
    if (value === null) this.#rows('delete from meta where key = ?', key)
    else this.#rows('insert or replace into meta values (?, ?)', key, JSON.stringify(value))
  }

  cached(key: string): { value: Json; at: number } | null {
    const row = this.#rows('select value, at from cache where key = ?', key)[0]
    return row ? { value: JSON.parse(String(row.value)) as Json, at: Number(row.at) } : null
  }

  setCached(key: string, value: Json, now: number): void {
    this.#rows('insert or replace into cache values (?, ?, ?)', key, JSON.stringify(value), now)
  }

  /** Every kept value whose key begins with the prefix. */
  forgetCached(prefix: string): void {
    this.#rows('delete from cache where substr(key, 1, length(?)) = ?', prefix, prefix)
  }

  // ---- claiming

  /** Who is first is decided here (design, life of an event, step 3). */
  claim(run: NewRun, now: number): Claimed {
    const earlier = run.key !== null ? this.#keyed(run.endpoint, run.key) : this.#alike(run, now)
    if (earlier) {
      const conflict = run.strict && earlier.content !== run.content
      return { kind: conflict ? 'conflict' : 'duplicate', run: String(earlier.id) }
    }
    const { event } = run
    const { thread, joined } =
      event.subject === null || run.spam
        ? { thread: null, joined: false }
        : this.#join(run.endpoint, event.subject, event.follows)
    const before = thread === null ? null : this.#lastOpen(run.endpoint, thread)
    const state: RunState = run.spam ? 'spam' : before ? 'waiting' : 'accepted'
    const reason = run.spam ?? (before ? behindReason(before) : null)
    this.#rows(
      `insert into runs (id, endpoint, key, content, event, type, subject, thread, version, interactive, replay_of, undo_of,
        state, reason, phase, behind, behind_kind, accepted_at, finished_at) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
      run.id,
      run.endpoint,
      run.key,
      run.content,
      JSON.stringify(event),
      event.type,
      event.subject,
      thread,
      run.version,
      run.interactive ? 1 : 0,
      run.replayOf,
      run.undoOf ?? null,
      state,
      reason,
      accepted.phase,
      before ? before.id : null,
      before ? 'subject' : null,
      now,
      run.spam ? now : null,
    ) // biome-format keeps one binding a column unreadable
    return { kind: 'new', run: run.id, joined }
  }

  #keyed(endpoint: string, key: string): Row | undefined {
    return this.#rows('select id, content from runs where endpoint = ? and key = ?', endpoint, key)[0]
  }

  #alike(run: NewRun, now: number): Row | undefined {
    if (run.replayOf !== null || run.undoOf !== undefined) return undefined
    return this.#rows(
      `select id, content from runs where endpoint = ? and content = ? and accepted_at > ? and replay_of is null and undo_of is null
        and (state <> 'spam' or ?) order by seq desc limit 1`,
      run.endpoint,
      run.content,
      now - contentWindow,
      // What a robot sent first is no reason to lose what a person sends.
      run.spam ? 1 : 0,
    )[0]
  }

  /** The thread that a subject belongs to; a subject that follows another joins its thread, runs and links included. */
  #join(endpoint: string, subject: string, follows: string | null): { thread: string; joined: boolean } {
    const own = this.#threadOf(endpoint, subject)
    const known = follows === null ? null : this.#threadOf(endpoint, follows)
    const other = known ?? follows
    const thread = other ?? own ?? subject
    if (own !== thread) this.#rows('insert or replace into subjects values (?, ?, ?)', endpoint, subject, thread)
    if (own !== null && own !== thread) {
      for (const table of ['subjects', 'runs']) {
        this.#rows(`update ${table} set thread = ? where endpoint = ? and thread = ?`, thread, endpoint, own)
      }
      this.#rows('update or replace links set thread = ? where endpoint = ? and thread = ?', thread, endpoint, own)
      const carried = this.carried(endpoint, own)
      if (carried !== null) this.setCarried(endpoint, thread, carried)
    }
    if (follows !== null) this.#rows('insert or ignore into subjects values (?, ?, ?)', endpoint, follows, thread)
    return { thread, joined: known !== null && own !== null && own !== thread }
  }

  #threadOf(endpoint: string, subject: string): string | null {
    const row = this.#rows('select thread from subjects where endpoint = ? and subject = ?', endpoint, subject)[0]
    return row ? String(row.thread) : null
  }

  /** The last of a thread that has not ended, among those that came before `seq`. */
  #lastOpen(endpoint: string, thread: string, seq = Number.MAX_SAFE_INTEGER): { id: string; state: string } | null {
    const row = this.#rows(
      `select id, state from runs where endpoint = ? and thread = ? and seq < ?
        and state in ('accepted','running','waiting','held','parked') order by seq desc limit 1`,
      endpoint,
      thread,
      seq,
    )[0]
    return row ? { id: String(row.id), state: String(row.state) } : null
  }

  // ---- runs

  run(id: string): StoredRun | null {
    const row = this.#rows('select * from runs where id = ?', id)[0]
    return row ? storedRun(row) : null
  }

  /** Newest first, from `before` (a seq) on; one more than asked tells that there are more. */
  list(
    filter: { states?: readonly string[]; endpoint?: string; q?: string; before?: number },
    limit: number,
  ): StoredRun[] {
    const { states, endpoint, q, before } = filter
    const where: string[] = []
    const bindings: (string | number)[] = []
    const add = (condition: string, ...values: (string | number)[]) => {
      where.push(condition)
      bindings.push(...values)
    }
    if (states) add(`state in (${states.map(() => '?').join(',')})`, ...states)
    if (endpoint !== undefined) add('endpoint = ?', endpoint)
    if (q !== undefined) add('(instr(id, ?) > 0 or instr(coalesce(subject, ?), ?) > 0 or key = ?)', q, '', q, q)
    if (before !== undefined) add('seq < ?', before)
    const condition = where.length > 0 ? `where ${where.join(' and ')}` : ''
    return this.#rows(`select * from runs ${condition} order by seq desc limit ?`, ...bindings, limit).map(storedRun)
  }

  counts(): Record<string, number> {
    const rows = this.#rows('select state, count(*) as n from runs group by state')
    return Object.fromEntries(rows.map(row => [row.state, Number(row.n)]))
  }

  /** When the oldest run was accepted that goes on by itself; null when there is none. */
  oldestOpen(): number | null {
    const row = this.#rows(
      "select min(accepted_at) as at from runs where state in ('accepted', 'running', 'waiting', 'held')",
    )[0]
    return (row?.at as number | null) ?? null
  }

  /** Every call of a run, in order; what it asked and what came of it. */
  attempts(run: string): Row[] {
    return this.#rows('select * from attempts where run = ? order by id', run)
  }

  /** Runs that could go on now, oldest first. */
  runnable(now: number, limit: number): { id: string; seq: number; interactive: boolean; subject: string }[] {
    return this.#rows(
      `select id, seq, interactive, coalesce(thread, id) as subject from runs
        where state in ('accepted', 'running', 'waiting') and behind is null and (wake_at is null or wake_at <= ?)
        order by interactive desc, seq limit ?`,
      now,
      limit,
    ).map(row => ({
      id: String(row.id),
      seq: Number(row.seq),
      interactive: row.interactive === 1,
      subject: String(row.subject),
    }))
  }

  /** The next moment at which a run (one that somebody waits for, or another) wants to go on; null when none waits for a moment. */
  nextWake(interactive: boolean): number | null {
    const row = this.#rows(
      `select min(coalesce(wake_at, 0)) as at from runs where state in ('accepted', 'running', 'waiting') and behind is null
        and interactive = ?`,
      interactive ? 1 : 0,
    )[0]
    return (row?.at as number | null) ?? null
  }

  /** Writes the machine's part. A final state is write-once (I4): nothing overwrites it. Who is behind another waits for no moment. */
  save(id: string, run: Run, now: number): void {
    const final = isFinal(run.state)
    this.#rows(
      `update runs set state = ?, reason = ?, phase = ?, ready = ?, attempt = ?, tries = ?, troubled_at = ?, finished_at = ?,
        wake_at = iif(behind is null, ?, null), behind = iif(?, null, behind) where id = ? and state not in ('done', 'ignored', 'discarded')`,
      run.state,
      run.reason,
      run.phase,
      run.ready ? JSON.stringify(run.ready) : null,
      run.attempt,
      run.tries,
      run.troubledAt,
      final ? now : null,
      run.wakeAt,
      final ? 1 : 0,
      id,
    )
  }

  /** What a person typed, as it was read: the event says from now on what it is. */
  setEvent(id: string, event: InboundEvent): void {
    this.#rows('update runs set event = ?, type = ? where id = ?', JSON.stringify(event), event.type, id)
  }

  resumed(id: string, version: number, now: number): void {
    this.#rows('update runs set resumed_at = ?, version = ? where id = ?', now, version, id)
  }

  /** Lets a run wait for another's step; not for one that has ended its step in the meantime, which nobody would tell it. */
  setBehind(id: string, other: string): void {
    this.#rows(
      `update runs set behind = ?, behind_kind = 'step' where id = ? and exists (select 1 from runs where id = ?
        and state not in ('done', 'ignored', 'discarded') and not (state = 'parked' and attempt is null))`,
      other,
      id,
      other,
    )
  }

  /** Frees who waits for a step of this run. */
  freeStep(id: string): void {
    this.#rows("update runs set behind = null, behind_kind = null where behind = ? and behind_kind = 'step'", id)
  }

  /** Frees who comes after this run in its subject; they move up behind whoever is still open before them. */
  freeSubject(id: string): void {
    const followers = "behind = ? and behind_kind = 'subject' and state = 'waiting'"
    for (const row of this.#rows(`select id, seq, endpoint, thread from runs where ${followers}`, id)) {
      const ahead = this.#lastOpen(String(row.endpoint), String(row.thread), Number(row.seq))
      this.#rows(
        'update runs set behind = ?, behind_kind = ?, state = ?, reason = ? where id = ?',
        ahead ? ahead.id : null,
        ahead ? 'subject' : null,
        ahead ? 'waiting' : 'accepted',
        ahead ? behindReason(ahead) : null,
        String(row.id),
      )
    }
  }

  /** Tells those behind a run what it is doing now: a parked one needs a person. */
  tellFollowers(id: string, state: RunState): void {
    this.#rows(
      "update runs set reason = ? where behind = ? and behind_kind = 'subject' and state = 'waiting'",
      behindReason({ id, state }),
      id,
    )
  }

  releaseHeld(): void {
    this.#rows("update runs set state = 'running', reason = null, wake_at = null where state = 'held'")
  }

  carried(endpoint: string, thread: string): string | null {
    const row = this.#rows('select carried from threads where endpoint = ? and thread = ?', endpoint, thread)[0]
    return row ? String(row.carried) : null
  }

  setCarried(endpoint: string, thread: string, time: string): void {
    this.#rows(
      'insert into threads values (?, ?, ?) on conflict do update set carried = max(carried, excluded.carried)',
      endpoint,
      thread,
      time,
    )
  }

  // ---- steps

  addSteps(
    run: string,
    steps: readonly { position: number; path: string; rule: string; name: string; item?: Json }[],
  ): void {
    for (const step of steps) {
      const item = step.item === undefined ? null : JSON.stringify(step.item)
      this.#rows(
        "insert or ignore into steps values (?, ?, ?, ?, ?, ?, 'ready', null)",
        run,
        step.position,
        step.path,
        step.rule,
        step.name,
        item,
      )
    }
  }

  steps(run: string): StoredStep[] {
    return this.#rows('select * from steps where run = ? order by position', run).map(row => ({
      position: Number(row.position),
      path: String(row.path),
      rule: String(row.rule),
      name: String(row.name),
      item: row.item === null ? undefined : (JSON.parse(String(row.item)) as Json),
      state: row.state as StoredStep['state'],
      output: row.output === null ? null : (JSON.parse(String(row.output)) as Json),
    }))
  }

  endStep(run: string, position: number, state: 'done' | 'skipped', output: Json): void {
    this.#rows(
      "update steps set state = ?, output = ? where run = ? and position = ? and state = 'ready'",
      state,
      JSON.stringify(output),
      run,
      position,
    )
  }

  /** The step is done anew: what it found is gone. */
  reopenStep(run: string, position: number): void {
    this.#rows("update steps set state = 'ready', output = null where run = ? and position = ?", run, position)
  }

  /** What a step of an undo remembers of the record that a person is asked about. */
  setItem(run: string, position: number, item: Json): void {
    this.#rows('update steps set item = ? where run = ? and position = ?', JSON.stringify(item), run, position)
  }

  /** The run that takes another back, unless it was discarded. */
  undoOf(run: string): string | null {
    const row = this.#rows("select id from runs where undo_of = ? and state <> 'discarded'", run)[0]
    return row ? String(row.id) : null
  }

  // ---- attempts

  /** The `sending` row, before the call goes. */
  begin(
    attempt: { run: string | null; step: string | null; call: Call; resource: string; before?: JsonObject },
    instance: string,
    now: number,
  ): number {
    const { query, body, upload, ...call } = attempt.call
    // Of a file what it is, for people; not where its bytes are.
    const file = upload && { name: upload.file.name, content_type: upload.file.content_type, size: upload.file.size }
    const { ifMatch, ...sent } = call
    const request = JSON.stringify({
      ...(query && { query }),
      ...(body && { body }),
      ...(ifMatch !== undefined && { ifMatch }),
      ...(file && { file }),
    })
    const row = this.#rows(
      `insert into attempts (run, step, method, path, resource, request, before, outcome, instance, started_at)
        values (?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?) returning id`,
      attempt.run,
      attempt.step,
      sent.method,
      sent.path,
      attempt.resource,
      request,
      attempt.before ? JSON.stringify(attempt.before) : null,
      instance,
      now,
    )[0]
    return Number(row?.id)
  }

  /** Other runs' writes at a path whose outcome is not known yet. */
  underWay(method: string, path: string, run: string): { run: string; call: Call }[] {
    return this.#rows(
      `select * from attempts where path = ? and method = ? and run <> ?
        and (outcome = 'sending' or (outcome = 'unknown' and settled is null))`,
      path,
      method,
      run,
    ).map(row => ({ run: String(row.run), call: callOf(row) }))
  }

  /** Calls of other runs that make records at a path, and of which nobody knows whether they did. */
  inDoubt(path: string, run: string): Doubted[] {
    return this.#rows(
      `select run, request, started_at, settled from attempts where path = ? and method = 'POST' and run <> ?
        and (outcome = 'sending' or (outcome = 'unknown' and (settled is null or settled = 'discarded')))`,
      path,
      run,
    ).map(row => ({
      run: String(row.run),
      body: (JSON.parse(String(row.request)) as { body?: JsonObject }).body ?? {},
      sentAt: Number(row.started_at),
      discarded: row.settled === 'discarded',
    }))
  }

  endAttempt(id: number, outcome: Outcome, record: string | null, now: number): void {
    const refused = outcome.kind === 'refused'
    this.#rows(
      `update attempts set outcome = ?, why = ?, status = ?, message = ?, answer = ?, record = ?, ended_at = ? where id = ?`,
      outcome.kind,
      refused ? outcome.why : outcome.kind === 'unknown' && outcome.cut ? 'cut' : null,
      outcome.status,
      outcome.kind === 'applied' ? null : outcome.message,
      outcome.kind === 'applied' ? JSON.stringify(outcome.answer) : null,
      record,
      now,
      id,
    )
  }

  /** A GET's answer is not kept: the ledger is no second copy of Clio. */
  endRead(id: number, outcome: Outcome, now: number): void {
    const kept: Outcome = outcome.kind === 'applied' ? { ...outcome, answer: null } : outcome
    this.endAttempt(id, kept, null, now)
    this.#rows("update attempts set settled = 'read' where id = ?", id)
  }

  /** What the look-up found out about an unknown call. */
  settle(id: number, settled: 'adopted' | 'absent', answer: Json, record: string | null): void {
    this.#rows(
      'update attempts set settled = ?, answer = ?, record = ? where id = ? and settled is null',
      settled,
      answer === null ? null : JSON.stringify(answer),
      record,
      id,
    )
  }

  /** Nobody looks any more for what a discarded run has in the air: nobody may wait for it either. */
  abandon(run: string): void {
    this.#rows(
      "update attempts set settled = 'discarded' where run = ? and outcome = 'unknown' and settled is null",
      run,
    )
  }

  /** True while a call of the run is under way. */
  sending(run: string): boolean {
    return this.#rows("select 1 from attempts where run = ? and outcome = 'sending' limit 1", run).length > 0
  }

  attempt(id: number): { call: Call; resource: string; startedAt: number; endedAt: number; step: string } | null {
    const row = this.#rows('select * from attempts where id = ?', id)[0]
    if (!row) return null
    return {
      call: callOf(row),
      resource: String(row.resource),
      startedAt: Number(row.started_at),
      endedAt: Number(row.ended_at),
      step: String(row.step),
    }
  }

  /** What a step did so far, in order; refusals only since the last resume. */
  past(run: string, step: string, resumedAt: number): PastCall[] {
    return this.#rows(
      `select * from attempts where run = ? and step = ? and method <> 'GET' and (outcome = 'applied' or settled = 'adopted'
        or (outcome = 'refused' and why in ('missing', 'invalid', 'changed') and started_at >= ?)) order by id`,
      run,
      step,
      resumedAt,
    ).map(row => ({
      call: callOf(row),
      applied: row.outcome !== 'refused',
      status: Number(row.status ?? 0),
      message: String(row.message ?? ''),
      answer: row.answer === null ? null : (JSON.parse(String(row.answer)) as Json),
      record: row.record === null ? null : String(row.record),
    }))
  }

  /** Ids of a resource that steps made, other than this one: never adopted by another. */
  owned(resource: string, run: string, step: string): Set<string> {
    const rows = this.#rows(
      `select distinct record from attempts where resource = ? and record is not null and method = 'POST' and not (run = ? and step = ?)`,
      resource,
      run,
      step,
    )
    return new Set(rows.map(row => String(row.record)))
  }

  /** Calls that an earlier instance left in the air. */
  cut(instance: string): { id: number; run: string | null; method: string }[] {
    return this.#rows("select id, run, method from attempts where outcome = 'sending' and instance <> ?", instance).map(
      row => ({
        id: Number(row.id),
        run: row.run === null ? null : String(row.run),
        method: String(row.method),
      }),
    )
  }

  /**
   * Moments of Clio's answers since a moment, oldest first; a PUT is its storage's. A call that a restart cut may reach Clio only later: it counts from when it
   * would have landed.
   */
  answersSince(since: number, settle: number): number[] {
    return this.#rows(
      `select ended_at + (case when why = 'cut' then ? else 0 end) as at from attempts
        where ended_at > ? and method <> 'PUT' order by at`,
      settle,
      since,
    ).map(row => Number(row.at))
  }

  // ---- notices

  addNotice(notice: Omit<Notice, 'tries'>): void {
    this.#rows(
      'insert or ignore into notices (id, type, channel, data, at, next_at) values (?, ?, ?, ?, ?, ?)',
      notice.id,
      notice.type,
      notice.channel,
      JSON.stringify(notice.data),
      notice.at,
      notice.at,
    )
  }

  dueNotices(now: number, limit: number): Notice[] {
    return this.#rows('select * from notices where next_at <= ? order by next_at limit ?', now, limit).map(row => ({
      id: String(row.id),
      type: String(row.type),
      channel: String(row.channel),
      data: JSON.parse(String(row.data)) as Json,
      at: Number(row.at),
      tries: Number(row.tries),
    }))
  }

  /** `nextAt` null: it was taken, or nobody ever will. What it said is not kept. */
  tried(id: string, nextAt: number | null): void {
    this.#rows(
      'update notices set tries = tries + 1, next_at = ?, data = iif(? is null, ?, data) where id = ?',
      nextAt,
      nextAt,
      '{}',
      id,
    )
  }

  nextNotice(): number | null {
    return (this.#rows('select min(next_at) as at from notices')[0]?.at as number | null) ?? null
  }

  // ---- retention

  /** Removes what events, calls and outputs said of runs that ended before a moment; who, when and which record stay. */
  purge(before: number): void {
    const ended = `select id from runs where finished_at < ? and event is not null`
    this.#rows(`update attempts set request = '{}', answer = null, message = null where run in (${ended})`, before)
    this.#rows(`update steps set item = null, output = null where run in (${ended})`, before)
    this.#rows(
      'update runs set event = null, ready = null, reason = null where finished_at < ? and event is not null',
      before,
    )
    this.#rows('delete from notices where next_at is null and at < ?', before)
    this.#rows('delete from cache where at < ?', before)
  }

  /** Forgets runs altogether that ended before a moment, and with them their keys (I6). */
  forget(before: number): void {
    const ended = `select id from runs where finished_at < ?`
    this.#rows(`delete from attempts where run in (${ended})`, before)
    this.#rows(`delete from steps where run in (${ended})`, before)
    this.#rows('delete from runs where finished_at < ?', before)
    this.#rows('delete from attempts where run is null and ended_at < ?', before)
  }

  // ---- links and locks

  /** Under each name one record: the other of two is stale. */
  links(endpoint: string, thread: string): Record<string, string> {
    const current = this.linkedRecords(endpoint, thread).filter(one => !one.stale)
    return Object.fromEntries(current.map(({ name, record }) => [name, record]))
  }

  linkedRecords(endpoint: string, thread: string): LinkedRecord[] {
    const rows = this.#rows(
      `select links.*, runs.seq, json_extract(runs.event, '$.time') as time from links left join runs on runs.id = links.run
        where links.endpoint = ? and links.thread = ?`,
      endpoint,
      thread,
    )
    const when = (row: Row) => Date.parse(String(row.time)) || 0
    rows.sort((a, b) => when(b) - when(a) || Number(b.seq) - Number(a.seq))
    return rows.map((row, at) => ({
      name: String(row.name),
      resource: String(row.resource),
      record: String(row.record),
      made: row.made === 1,
      stale: rows.slice(0, at).some(other => other.name === row.name),
    }))
  }

  /** Takes the place of what stood under the name; beside it while two threads are being joined, for the older one to be put right. */
  link(
    endpoint: string,
    thread: string,
    name: string,
    resource: string,
    record: string,
    run: string,
    made = false,
  ): void {
    this.#rows(
      `delete from links where endpoint = ? and thread = ? and name = ? and not exists (select 1 from runs
        where runs.endpoint = links.endpoint and runs.thread = links.thread and type = ?
        and state in ('accepted', 'running', 'waiting', 'held', 'parked'))`,
      endpoint,
      thread,
      name,
      joinedType,
    )
    this.#rows(
      'insert or replace into links values (?, ?, ?, ?, ?, ?, ?)',
      endpoint,
      thread,
      name,
      resource,
      record,
      run,
      made ? 1 : 0,
    )
  }

  /** Of a thread's events that were carried out, the newest by its time. */
  newestDone(endpoint: string, thread: string): StoredRun | null {
    const row = this.#rows(
      `select * from runs where endpoint = ? and thread = ? and state = 'done' and event is not null
        and type <> ? and undo_of is null order by unixepoch(json_extract(event, '$.time'), 'subsec') desc, seq desc limit 1`,
      endpoint,
      thread,
      joinedType,
    )[0]
    return row ? storedRun(row) : null
  }

  unlink(resource: string, record: string): void {
    this.#rows('delete from links where resource = ? and record = ?', resource, record)
  }

  /** Takes all values or none; the run that holds one of them, when somebody else does. */
  lock(values: readonly string[], run: string, step: string): string | null {
    for (const value of values) {
      const holder = this.#rows('select run, step from locks where value = ?', value)[0]
      if (holder && !(holder.run === run && holder.step === step)) return String(holder.run)
    }
    for (const value of values) this.#rows('insert or replace into locks values (?, ?, ?)', value, run, step)
    return null
  }

  unlock(run: string): void {
    this.#rows('delete from locks where run = ?', run)
  }
}

function behindReason(run: { id: string; state: string }): string {
  return run.state === 'parked'
    ? `Waiting for run ${run.id} about the same subject, which is parked: resume or discard that one.`
    : `Waiting for run ${run.id} about the same subject.`
}

function callOf(row: Row): Call {
  const request = JSON.parse(String(row.request)) as Pick<Call, 'query' | 'body' | 'ifMatch'>
  return { method: row.method as Call['method'], path: String(row.path), ...request }
}

function storedRun(row: Row): StoredRun {
  const text = (value: unknown) => (value === null ? null : String(value))
  const number = (value: unknown) => (value === null ? null : Number(value))
  return {
    seq: Number(row.seq),
    id: String(row.id),
    endpoint: String(row.endpoint),
    key: text(row.key),
    content: String(row.content),
    event: row.event === null ? null : (JSON.parse(String(row.event)) as InboundEvent),
    type: String(row.type),
    subject: text(row.subject),
    thread: text(row.thread),
    version: Number(row.version),
    interactive: row.interactive === 1,
    replayOf: text(row.replay_of),
    undoOf: text(row.undo_of),
    resumedAt: Number(row.resumed_at),
    acceptedAt: Number(row.accepted_at),
    finishedAt: number(row.finished_at),
    state: row.state as RunState,
    reason: text(row.reason),
    phase: row.phase as Run['phase'],
    ready: row.ready === null ? null : (JSON.parse(String(row.ready)) as ReadyCall),
    attempt: number(row.attempt),
    wakeAt: number(row.wake_at),
    tries: Number(row.tries),
    troubledAt: number(row.troubled_at),
  }
}
