import type { Amended } from '../../../model/amended.ts'
import type { KeptShadow, RunState } from '../../../model/docket-rpc.ts'
import type { InboundEvent } from '../../../model/event.ts'
import { reasons } from '../../../model/reason.ts'
import type { Row } from '../../../platform/storage.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import { type Binding, numberIn, type Sql, textIn, toJson } from '../sql.ts'
import { change } from './change.ts'
import { type Events, withEvents } from './events.ts'
import { isFinal, type Run } from './run-state.ts'
import { behindReason, happened, type NewRun, type StoredRun, storedRun, type Waiting } from './stored-run.ts'
import type { Terms } from './terms.ts'

/** Runs that are kept as they were read: as many as are under way at once, and a few that are looked at. */
const readMost = 16

// The conditions of partial indexes, word for word as migration 2 made them: SQLite uses an index only for what it can prove.
const goes = "state in ('accepted', 'running', 'waiting') and behind is null"
export const open = "state in ('accepted', 'running', 'waiting', 'held') and reason_code is not 'shadow'"
export const shadow = "state = 'held' and reason_code = 'shadow'"
/** Whom a person holds up, nobody who is through with something sets going. */
const moves = "(state in ('waiting', 'accepted'))"
export const unsettled = "state in ('accepted', 'running', 'waiting', 'held', 'parked')"

/** All that come behind a run in its subject, and itself. */
const waitingFor = `with recursive one(id) as (
  select ? union select runs.id from runs join one on behind = one.id and behind_kind = 'subject') select id from one`

const nextWake = (kind: 0 | 1) =>
  `iif(exists (select 1 from runs where ${goes} and wake_at is null and interactive = ${kind}), 0,
    (select min(wake_at) from runs where ${goes} and wake_at is not null and interactive = ${kind}))`

/** The table `runs`: every event that was accepted, and where it stands. */
export class Runs {
  readonly #sql: Sql
  readonly #seals: Seals
  readonly #sealed: Sealed
  readonly #terms: Terms
  readonly #events: Events
  /** Runs as they stand, those that were worked on last: nobody else writes them, and an event may be large. */
  readonly #read = new Map<string, StoredRun>()
  /** Runs that others wait for; null: not read yet. */
  #awaited: Set<string> | null = null

  constructor(sql: Sql, seals: Seals, terms: Terms, events: Events) {
    this.#sql = sql
    this.#seals = seals
    this.#terms = terms
    this.#events = events
    this.#sealed = seals.table('runs')
  }

  #stored = (row: Row): StoredRun => storedRun(this.#events.open(row))

  // ---- one run

  get(id: string): StoredRun | null {
    const known = this.#read.get(id)
    if (known) return known
    const row = this.#sql.row(`${withEvents} where runs.id = ?`, id)
    if (!row) return null
    const run = this.#stored(row)
    this.#read.set(id, run)
    const [oldest] = this.#read.keys()
    if (this.#read.size > readMost) this.#read.delete(oldest!)
    return run
  }

  /** A transaction was undone: what was read may never have been. */
  forgetRead(): void {
    this.#read.clear()
    this.#awaited = null
  }

  #awaitedNow(): Set<string> {
    this.#awaited ??= new Set(
      this.#sql.rows('select distinct behind from runs where behind is not null').map(row => String(row.behind)),
    )
    return this.#awaited
  }

  insert(run: NewRun, thread: string | null, before: { id: string; reason: string } | null, now: number): void {
    const { event } = run
    const seals = this.#seals
    const state: RunState = run.spam ? 'spam' : run.caught ? 'parked' : before ? 'waiting' : 'accepted'
    const row: Record<string, Binding> = {
      id: run.id,
      kind: run.kind,
      endpoint: run.endpoint,
      key: run.key === null ? null : seals.hash('key', run.key),
      content: seals.hash('content', run.content),
      event: this.#events.add(run.id, event),
      event_time: happened(event.time, now),
      type: event.type,
      subject: event.subject === null ? null : seals.hash('subject', event.subject),
      thread,
      version: run.version,
      interactive: run.interactive ? 1 : 0,
      replay_of: run.replayOf,
      undo_of: run.undoOf ?? null,
      state,
      reason: this.#sealed.seal(
        'reason',
        [run.id],
        run.spam ?? (run.caught ? `${reasons.caught}.` : before?.reason) ?? null,
      ),
      reason_code: run.spam ? 'spam' : run.caught ? 'caught' : before ? 'behind-subject' : null,
      phase: 'plan',
      behind: before?.id ?? null,
      behind_kind: before ? 'subject' : null,
      accepted_at: now,
      finished_at: run.spam ? now : null,
    }
    if (before) this.#awaitedNow().add(before.id)
    const names = Object.keys(row)
    this.#sql.rows(
      `insert into runs (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
      ...Object.values(row),
    )
    this.#terms.add(run.id, event.person)
  }

  /** Writes the machine's part. A final state is write-once (I4): nothing overwrites it. Who is behind another waits for no moment. */
  save(id: string, run: Run, now: number): void {
    const known = this.#read.get(id)
    const sealed = {
      reason: this.#sealed.seal('reason', [id], run.reason),
      ready: this.#sealed.seal('ready', [id], toJson(run.ready)),
    }
    this.#sql.rows(...change(id, known, run, sealed, now))
    if (known && !isFinal(known.state))
      this.#read.set(id, { ...known, ...run, finishedAt: isFinal(run.state) ? now : null })
  }

  /** What a person typed, as it was read: the event says from now on what it is. In the caller's transaction. */
  setEvent(id: string, event: InboundEvent): void {
    this.#read.delete(id)
    const stands = this.#events.replace(id, event)
    this.#sql.rows('update runs set event = ?, type = ? where id = ?', stands, event.type, id)
    this.#terms.add(id, event.person)
  }

  /** @param anew it is planned once more */
  resumed(id: string, version: number, anew: boolean, now: number): void {
    this.#read.delete(id)
    const set = "update runs set resumed_at = ?, version = ?, phase = iif(?, 'plan', phase) where id = ?"
    this.#sql.rows(set, now, version, anew ? 1 : 0, id)
  }

  amend(id: string, amended: Amended | null): void {
    this.#read.delete(id)
    const sealed = this.#sealed.seal('amended', [id], toJson(amended))
    this.#sql.rows('update runs set amended = ? where id = ?', sealed, id)
  }

  setShadow(id: string, shadow: KeptShadow): void {
    this.#read.delete(id)
    this.#sql.rows('update runs set shadow = ? where id = ?', this.#sealed.seal('shadow', [id], toJson(shadow)), id)
  }

  /** The run that takes another back, unless it was discarded. */
  undoOf(run: string): string | null {
    return textIn(this.#sql.row("select id from runs where undo_of = ? and state <> 'discarded'", run)?.id ?? null)
  }

  // ---- who goes next

  /** Runs that could go on now, as they came: of those that somebody waits for, or of the others. */
  runnable(interactive: boolean, now: number, limit: number): Waiting[] {
    const kind = interactive ? 1 : 0
    return this.#sql
      .rows(
        `select id, seq from (select id, seq from runs where ${goes} and wake_at is null and interactive = ? order by seq limit ?)
          union all
          select id, seq from (select id, seq from runs where ${goes} and wake_at is not null and interactive = ? and wake_at <= ? order by wake_at limit ?)
          order by seq limit ?`,
        kind,
        limit,
        kind,
        now,
        limit,
        limit,
      )
      .map(row => ({ id: String(row.id), seq: Number(row.seq), interactive }))
  }

  /** The next moments at which runs want to go on, 0: now; null when none waits for a moment. */
  nextWakes(): { readonly interactive: number | null; readonly backlog: number | null } {
    const row = this.#sql.row(`select ${nextWake(1)} as interactive, ${nextWake(0)} as backlog`)
    return { interactive: numberIn(row?.interactive ?? null), backlog: numberIn(row?.backlog ?? null) }
  }

  // ---- who waits for whom

  /**
   * The last of a thread that has not ended, among those that came before `seq`; `past`: but those that are held in shadow.
   * @param replay one that has taken another's place, and what waits for it comes behind it; null: of any other
   */
  lastOpen(
    endpoint: string,
    thread: string,
    seq = Number.MAX_SAFE_INTEGER,
    past = false,
    replay: string | null = null,
  ): { id: string; state: string; shadow: boolean } | null {
    const row = this.#sql.row(
      `select id, state, reason_code from runs where endpoint = ? and thread = ? and seq < ? and ${unsettled}
        ${past ? "and reason_code is not 'shadow'" : ''} ${replay ? `and id not in (${waitingFor})` : ''} order by seq desc limit 1`,
      endpoint,
      thread,
      seq,
      ...(replay ? [replay] : []),
    )
    return row ? { id: String(row.id), state: String(row.state), shadow: row.reason_code === 'shadow' } : null
  }

  /** Puts a run behind another of its subject that came before it. */
  queue(id: string, ahead: NonNullable<ReturnType<Runs['lastOpen']>>): void {
    this.#read.delete(id)
    this.#awaitedNow().add(ahead.id)
    this.#sql.rows(
      `update runs set behind = ?, behind_kind = 'subject', state = 'waiting', wake_at = null, reason = ?, reason_code = 'behind-subject'
        where id = ?`,
      ahead.id,
      this.#sealed.seal('reason', [id], behindReason(ahead)),
      id,
    )
  }

  /** A run is replayed that has not ended: the replay comes right behind it, before those that wait for it. */
  letIn(id: string, replay: string): void {
    this.#read.clear()
    this.#awaitedNow().add(replay)
    const followers = "behind = ? and behind_kind = 'subject' and id <> ?"
    this.#sql.rows(`update runs set behind = ? where ${followers}`, replay, id, replay)
    this.tellFollowers(replay, 'waiting')
  }

  /** Lets a run wait for another's step; not for one that has ended its step in the meantime, which nobody would tell it. */
  setBehind(id: string, other: string): void {
    this.#awaitedNow().add(other)
    this.#sql.rows(
      `update runs set behind = ?, behind_kind = 'step' where id = ? and exists (select 1 from runs where id = ?
        and state not in ('done', 'ignored', 'discarded') and not ((state = 'parked' or reason_code is 'shadow') and attempt is null))`,
      other,
      id,
      other,
    )
  }

  /** Frees who waits for a step of this run, and for its turn. */
  freeStep(id: string): void {
    this.#free(id, "behind_kind in ('step', 'turn')")
  }

  /** This run has had its turn, and rests: who waits for no step of it goes on. */
  passTurn(id: string): void {
    this.#free(id, "behind_kind = 'turn'")
  }

  /**
   * Frees the first of a run's followers, one that somebody waits for before the others, who wait for that one's turn now. Were all freed
   * at once, each would be worked out as often as there are others, only to wait again.
   */
  #free(id: string, kind: string): void {
    if (!this.#awaitedNow().has(id)) return
    const followers = `behind = ? and ${kind}`
    const rows = this.#sql.rows(
      `select id from runs where ${followers} and ${moves} order by interactive desc, seq`,
      id,
    )
    const [first = null, ...rest] = rows.map(row => String(row.id))
    this.#sql.rows(
      `update runs set behind = null, behind_kind = null where ${followers} and (id = ? or not ${moves})`,
      id,
      first,
    )
    if (first === null || rest.length === 0) return
    this.#awaitedNow().add(first)
    for (const one of rest) {
      this.#read.delete(one)
      const reason = this.#sealed.seal(
        'reason',
        [one],
        `Waiting for run ${first}, which waited before it for run ${id}.`,
      )
      this.#sql.rows("update runs set behind = ?, behind_kind = 'turn', reason = ? where id = ?", first, reason, one)
    }
  }

  /**
   * Frees who comes after this run in its subject; they move up behind whoever is still open before them.
   * @param past also those that are held in shadow are left behind
   */
  freeSubject(id: string, past = false): void {
    if (!this.#awaitedNow().delete(id)) return
    // Who waits for its step is freed before (`freeStep`).
    const followers = "behind = ? and behind_kind = 'subject'"
    for (const row of this.#sql.rows(`select id, seq, endpoint, thread, replay_of from runs where ${followers}`, id)) {
      const replay = row.replay_of === null ? null : String(row.id)
      const ahead = this.lastOpen(String(row.endpoint), String(row.thread), Number(row.seq), past, replay)
      if (ahead) this.#awaitedNow().add(ahead.id)
      this.#read.delete(String(row.id))
      this.#sql.rows(
        `update runs set behind = ?, behind_kind = ?, state = iif(${moves}, ?, state), reason = iif(${moves}, ?, reason),
          reason_code = iif(${moves}, ?, reason_code) where id = ?`,
        ahead ? ahead.id : null,
        ahead ? 'subject' : null,
        ahead ? 'waiting' : 'accepted',
        this.#sealed.seal('reason', [String(row.id)], ahead ? behindReason(ahead) : null),
        ahead ? 'behind-subject' : null,
        String(row.id),
      )
    }
  }

  /** Tells those behind a run what it is doing now: a parked one needs a person. */
  tellFollowers(id: string, state: RunState): void {
    if (!this.#awaitedNow().has(id)) return
    this.#read.clear()
    const followers = "behind = ? and behind_kind = 'subject' and state = 'waiting'"
    for (const row of this.#sql.rows(`select id from runs where ${followers}`, id)) {
      const reason = this.#sealed.seal('reason', [String(row.id)], behindReason({ id, state }))
      this.#sql.rows('update runs set reason = ? where id = ?', reason, String(row.id))
    }
  }

  /** The number that the next run gets. */
  get next(): number {
    return Number(this.#sql.row('select max(seq) as seq from runs')?.seq ?? 0) + 1
  }

  /** Ids of all that go on by themselves. */
  open(): string[] {
    return this.#sql.rows(`select id from runs where ${open}`).map(row => String(row.id))
  }

  releaseHeld(): void {
    this.#read.clear()
    this.#sql.rows(
      "update runs set state = 'running', reason = null, reason_code = null, wake_at = null where state = 'held' and reason_code is not 'shadow'",
    )
  }

  // ---- threads

  moveThread(endpoint: string, from: string, to: string): void {
    this.#read.clear()
    this.#sql.rows('update runs set thread = ? where endpoint = ? and thread = ?', to, endpoint, from)
  }

  /** Whether a thread is being put right that was two before. */
  joining(endpoint: string, thread: string): boolean {
    const row = this.#sql.row(
      `select 1 from runs where endpoint = ? and thread = ? and kind = 'joining' and ${unsettled} limit 1`,
      endpoint,
      thread,
    )
    return row !== undefined
  }

  // ---- retention

  purge(id: string, now: number): void {
    this.#read.delete(id)
    this.#sql.rows(
      'update runs set event = null, ready = null, reason = null, amended = null, shadow = null, erased_at = ? where id = ?',
      now,
      id,
    )
    this.#events.forget(id)
    this.#terms.forget(id)
  }

  forget(id: string): void {
    this.#read.delete(id)
    this.#terms.forget(id)
    this.#events.forget(id)
    this.#sql.rows('delete from runs where id = ?', id)
  }
}
