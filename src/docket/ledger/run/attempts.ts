import type { Json, JsonObject } from '../../../lib/json.ts'
import type { Call, Outcome } from '../../../model/call.ts'
import type { Doubted, PastCall } from '../../../model/intent.ts'
import { recordOf } from '../../../model/intent.ts'
import type { Row } from '../../../platform/storage.ts'
import type { Accounts } from '../firm/accounts.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import { jsonIn, numberIn, type Sql, textIn, toJson } from '../sql.ts'

/** What a call asked, without its path. Of a file what it is, for people; not where its bytes are. */
export interface Request {
  readonly query?: Call['query']
  readonly body?: JsonObject
  readonly ifMatch?: string
  readonly file?: JsonObject
}

/** One HTTP call, and what became of it. */
export interface StoredAttempt {
  readonly id: number
  readonly run: string | null
  readonly step: string | null
  readonly method: Call['method']
  readonly path: string
  readonly resource: string
  readonly request: Request
  /** What stood under the keys that the call changed. */
  readonly before: JsonObject | null
  readonly outcome: 'sending' | Outcome['kind']
  /** What was found out about an unknown one; `read`: a GET, of which nothing has to be. */
  readonly settled: 'adopted' | 'absent' | 'discarded' | 'read' | null
  readonly status: number | null
  readonly message: string | null
  readonly answer: Json
  readonly record: string | null
  readonly startedAt: number
  readonly endedAt: number | null
}

export interface NewAttempt {
  readonly run: string | null
  readonly step: string | null
  readonly call: Call
  readonly resource: string
  readonly before?: JsonObject
}

/** Whose calls those are that no life of this object sent. */
const elsewhere = 'elsewhere'

/** The condition of the partial index, word for word. */
const inTheAir = "(outcome = 'sending' or (outcome = 'unknown' and settled is null))"
const doubted = "(outcome = 'sending' or (outcome = 'unknown' and (settled is null or settled = 'discarded')))"
const writes = "method <> 'GET'"

/** The table `attempts`: every HTTP call that goes out (I4). */
export class Attempts {
  readonly #sql: Sql
  readonly #accounts: Accounts
  readonly #sealed: Sealed
  /** Whose the calls are that are under way. */
  readonly #begun = new Map<number, readonly [run: string | null, step: string | null]>()

  constructor(sql: Sql, accounts: Accounts, seals: Seals) {
    this.#sql = sql
    this.#accounts = accounts
    this.#sealed = seals.table('attempts')
  }

  #whose(id: number): readonly [run: string | null, step: string | null] {
    const known = this.#begun.get(id)
    if (known) return known
    const row = this.#sql.row('select run, step from attempts where id = ?', id)
    return [textIn(row?.run ?? null), textIn(row?.step ?? null)]
  }

  #stored = (row: Row): StoredAttempt => storedAttempt(this.#sealed.open(row))

  /** The `sending` row, before the call goes. @returns its id */
  begin({ run, step, call, resource, before }: NewAttempt, instance: string, now: number): number {
    const row = this.#sql.row(
      `insert into attempts (run, step, method, path, resource, request, before, outcome, instance, started_at)
        values (?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?) returning id`,
      run,
      step,
      call.method,
      call.path,
      resource,
      this.#sealed.seal('request', [run, step], JSON.stringify(requestOf(call))),
      this.#sealed.seal('before', [run, step], toJson(before)),
      instance,
      now,
    )
    const id = Number(row?.id)
    this.#begun.set(id, [run, step])
    return id
  }

  end(id: number, outcome: Outcome, record: string | null, now: number): void {
    this.#end(id, outcome, record, null, now)
  }

  /** A GET's answer is not kept: the ledger is no second copy of Clio. */
  endRead(id: number, outcome: Outcome, now: number): void {
    const kept: Outcome = outcome.kind === 'applied' ? { ...outcome, answer: null } : outcome
    this.#end(id, kept, null, 'read', now)
  }

  #end(id: number, outcome: Outcome, record: string | null, settled: 'read' | null, now: number): void {
    const { etag } = outcome.kind === 'applied' ? recordOf(outcome.answer) : {}
    const whose = this.#whose(id)
    this.#begun.delete(id)
    const answer = outcome.kind === 'applied' ? JSON.stringify(outcome.answer) : null
    this.#sql.rows(
      `update attempts set outcome = ?, why = ?, status = ?, message = ?, answer = ?, record = ?, etag = ?, settled = ?, ended_at = ?
        where id = ?`,
      outcome.kind,
      outcome.kind === 'refused' ? outcome.why : outcome.kind === 'unknown' && outcome.cut ? 'cut' : null,
      outcome.status,
      this.#sealed.seal('message', whose, outcome.kind === 'applied' ? null : outcome.message),
      this.#sealed.seal('answer', whose, answer),
      record,
      typeof etag === 'string' ? etag : null,
      settled,
      now,
      id,
    )
  }

  /**
   * A call that another life of this docket may have sent. @returns its row, which tells that it was looked for; null: there is one
   * @param at ms, the earliest moment at which it can have gone
   */
  elsewhere(attempt: NewAttempt, at: number): number | null {
    const { run, step, call } = attempt
    const query = 'select 1 from attempts where run = ? and step = ? and method = ? and path = ? and instance = ?'
    if (this.#sql.row(query, run, step, call.method, call.path, elsewhere)) return null
    return this.begin(attempt, elsewhere, at)
  }

  /** What the look-up found out about an unknown call. */
  settle(id: number, settled: 'adopted' | 'absent', answer: Json, record: string | null): void {
    const { etag } = recordOf(answer)
    this.#sql.rows(
      "update attempts set settled = ?, answer = ?, record = ?, etag = ? where id = ? and (settled is null or settled = 'discarded')",
      settled,
      this.#sealed.seal('answer', this.#whose(id), toJson(answer)),
      record,
      typeof etag === 'string' ? etag : null,
      id,
    )
  }

  /** Nobody looks any more for what a discarded run has in the air: nobody may wait for it either. */
  abandon(run: string): void {
    this.#sql.rows(
      "update attempts set settled = 'discarded' where run = ? and outcome = 'unknown' and settled is null",
      run,
    )
  }

  get(id: number): StoredAttempt | null {
    const row = this.#sql.row('select * from attempts where id = ?', id)
    return row ? this.#stored(row) : null
  }

  /** Every call of a run, in order. */
  of(run: string): StoredAttempt[] {
    return this.#sql.rows('select * from attempts where run = ? order by id', run).map(this.#stored)
  }

  /** True while a write of the run is under way. */
  sending(run: string): boolean {
    const query = `select 1 from attempts where run = ? and ${writes} and outcome = 'sending' limit 1`
    return this.#sql.row(query, run) !== undefined
  }

  /** The run's own write of which nobody knows yet what came of it; null: there is none. */
  standing(run: string): number | null {
    const row = this.#sql.row(`select id from attempts where run = ? and ${writes} and ${inTheAir} limit 1`, run)
    return numberIn(row?.id ?? null)
  }

  /** Writes of a run of which nobody found out what they did, oldest first; those that were left alone with it, too. */
  doubted(run: string): StoredAttempt[] {
    const query = `select * from attempts where run = ? and method in ('POST', 'PATCH') and ${doubted} order by id`
    return this.#sql.rows(query, run).map(this.#stored)
  }

  /** When what a run left in the air will have landed, ms since the epoch; 0: it left nothing. */
  landedAt(run: string, settle: number, now: number): number {
    return Math.max(0, ...this.doubted(run).map(one => (one.endedAt ?? now) + settle))
  }

  /** Rows of runs of the Clio account that the firm is in: in another, the same id is a stranger's. */
  #here(rows: Row[]): Row[] {
    if (!this.#accounts.moved) return rows
    return rows.filter(({ run }) => {
      const row = this.#sql.row('select seq from runs where id = ?', textIn(run ?? null))
      return this.#accounts.has(Number(row?.seq ?? 0))
    })
  }

  /** Other runs' writes at a path whose outcome is not known yet. */
  underWay(method: string, path: string, run: string): { run: string; call: Call }[] {
    const query = `select * from attempts where path = ? and method = ? and run <> ? and ${inTheAir}`
    return this.#here(this.#sql.rows(query, path, method, run)).map(row => ({
      run: String(row.run),
      call: callOf(this.#stored(row)),
    }))
  }

  /** Calls of other runs that make records at a path, and of which nobody knows whether they did. */
  inDoubt(path: string, run: string): Doubted[] {
    const query = `select run, step, request, started_at, settled from attempts where path = ? and method = 'POST' and run <> ? and ${doubted}`
    return this.#here(this.#sql.rows(query, path, run))
      .map(this.#sealed.open)
      .map(row => ({
        run: String(row.run),
        body: jsonIn<Request>(row.request)?.body ?? {},
        sentAt: Number(row.started_at),
        discarded: row.settled === 'discarded',
      }))
  }

  /** Another run whose write may be changing a record this moment; null: none. */
  changing(resource: string, record: string, run: string): string | null {
    const query = `select run from attempts where resource = ? and run is not null and run <> ? and ${writes}
      and (path = ? or method = 'POST') and ${inTheAir}`
    const [row] = this.#here(this.#sql.rows(query, resource, run, `${resource}/${record}`))
    return textIn(row?.run ?? null)
  }

  /** Our own writes of a record, the last first. */
  written(resource: string, record: string): { run: string; deletes: boolean; endedAt: number; etag: string | null }[] {
    const query = `select run, method, ended_at, etag from attempts where resource = ? and record = ? and ${writes}
      and (outcome = 'applied' or settled = 'adopted') order by id desc limit 50`
    return this.#here(this.#sql.rows(query, resource, record)).map(row => ({
      run: String(row.run),
      deletes: row.method === 'DELETE',
      endedAt: Number(row.ended_at),
      etag: textIn(row.etag),
    }))
  }

  /** What our own writes of a record said, the last few of them, in order. */
  bodies(resource: string, record: string): { run: string; endedAt: number; body: JsonObject }[] {
    const query = `select * from (select * from attempts where resource = ? and record = ? and method in ('POST', 'PATCH')
      and (outcome = 'applied' or settled = 'adopted') order by id desc limit 20) order by id`
    return this.#here(this.#sql.rows(query, resource, record))
      .map(this.#stored)
      .map(({ run, endedAt, request }) => ({ run: run ?? '', endedAt: endedAt ?? 0, body: request.body ?? {} }))
  }

  /** What a step did so far, in order; refusals only since the last resume. */
  past(run: string, step: string, resumedAt: number): PastCall[] {
    return this.#sql
      .rows(
        `select * from attempts where run = ? and step = ? and ${writes} and (outcome = 'applied' or settled = 'adopted'
          or (outcome = 'refused' and why in ('missing', 'invalid', 'changed') and started_at >= ?)) order by id`,
        run,
        step,
        resumedAt,
      )
      .map(row => {
        const attempt = this.#stored(row)
        return {
          call: callOf(attempt),
          applied: attempt.outcome !== 'refused',
          status: attempt.status ?? 0,
          message: attempt.message ?? '',
          answer: attempt.answer,
          record: attempt.record,
        }
      })
  }

  /** Those of some records that steps made, other than this one: never adopted by another. */
  owned(resource: string, ids: readonly string[], run: string, step: string): Set<string> {
    const query = `select run from attempts where resource = ? and record = ? and method = 'POST' and not (run = ? and step = ?) limit 20`
    return new Set(ids.filter(id => this.#here(this.#sql.rows(query, resource, id, run, step)).length > 0))
  }

  purge(run: string): void {
    this.#sql.rows(
      "update attempts set request = '{}', before = null, answer = null, message = null where run = ?",
      run,
    )
  }

  forget(run: string): void {
    this.#sql.rows('delete from attempts where run = ?', run)
  }

  /** Those that no run made, of before a moment. */
  forgetOwn(before: number): void {
    this.#sql.rows('delete from attempts where run is null and ended_at < ?', before)
  }

  /** Calls that an earlier instance left in the air. */
  cut(instance: string): { id: number; run: string | null; method: string }[] {
    return this.#sql
      .rows("select id, run, method from attempts where outcome = 'sending' and instance <> ?", instance)
      .map(row => ({ id: Number(row.id), run: textIn(row.run), method: String(row.method) }))
  }

  /**
   * Moments of Clio's answers since a moment, oldest first; a PUT is its storage's. A call that a restart cut may reach Clio only later: it counts from when it
   * would have landed.
   */
  answersSince(since: number, settle: number): number[] {
    return this.#sql
      .rows(
        `select ended_at + (case when why = 'cut' then ? else 0 end) as at from attempts
          where ended_at > ? and method <> 'PUT' order by at`,
        settle,
        since,
      )
      .map(row => Number(row.at))
  }
}

/** The call of an attempt, as it went out. */
export function callOf({ method, path, request: { query, body, ifMatch } }: StoredAttempt): Call {
  return { method, path, ...(query && { query }), ...(body && { body }), ...(ifMatch !== undefined && { ifMatch }) }
}

function requestOf({ query, body, upload, ifMatch }: Call): Request {
  const file = upload && { name: upload.file.name, content_type: upload.file.content_type, size: upload.file.size }
  return {
    ...(query && { query }),
    ...(body && { body }),
    ...(ifMatch !== undefined && { ifMatch }),
    ...(file && { file }),
  }
}

function storedAttempt(row: Row): StoredAttempt {
  return {
    id: Number(row.id),
    run: textIn(row.run),
    step: textIn(row.step),
    method: row.method as Call['method'],
    path: String(row.path),
    resource: String(row.resource),
    request: jsonIn<Request>(row.request) ?? {},
    before: jsonIn<JsonObject>(row.before),
    outcome: row.outcome as StoredAttempt['outcome'],
    settled: row.settled as StoredAttempt['settled'],
    status: numberIn(row.status),
    message: textIn(row.message),
    answer: jsonIn<Json & object>(row.answer),
    record: textIn(row.record),
    startedAt: Number(row.started_at),
    endedAt: numberIn(row.ended_at),
  }
}
