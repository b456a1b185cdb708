import { contentWindow } from '../../../model/event.ts'
import type { Row } from '../../../platform/storage.ts'
import type { Seals } from '../sealing/seals.ts'
import type { Sql } from '../sql.ts'
import { isFinal } from './run-state.ts'
import type { Runs } from './runs.ts'
import { behindReason, type NewRun } from './stored-run.ts'
import type { Subjects } from './subjects.ts'

export type Claimed = {
  readonly kind: 'new' | 'duplicate' | 'conflict'
  readonly run: string
  /** The event told that two subjects, both known before, are one. */
  readonly joined?: boolean
}

/** Who is first is decided here (design, life of an event, step 3). Inside the caller's transaction. */
export class Claims {
  readonly #sql: Sql
  readonly #runs: Runs
  readonly #subjects: Subjects
  readonly #seals: Seals
  readonly #inShadow: () => boolean

  constructor(sql: Sql, runs: Runs, subjects: Subjects, seals: Seals, inShadow: () => boolean) {
    this.#sql = sql
    this.#inShadow = inShadow
    this.#seals = seals
    this.#runs = runs
    this.#subjects = subjects
  }

  claim(run: NewRun, now: number): Claimed {
    const earlier = this.#earlier(run, now)
    if (earlier) {
      const conflict = run.strict && !this.#seals.forms('content', run.content).includes(earlier.content)
      return { kind: conflict ? 'conflict' : 'duplicate', run: earlier.id }
    }
    const { subject, follows } = run.event
    const { thread, joined } =
      subject === null || run.spam
        ? { thread: null, joined: false }
        : this.#subjects.join(run.endpoint, subject, follows)
    const before =
      thread === null ? null : this.#runs.lastOpen(run.endpoint, thread, this.#turnOf(run), this.#inShadow())
    this.#runs.insert(run, thread, before && { id: before.id, reason: behindReason(before) }, now)
    if (before && before.id === run.replayOf) this.#runs.letIn(before.id, run.id)
    return { kind: 'new', run: run.id, joined }
  }

  /** Whoever takes back a run that nobody decided takes its place; a replay of one that has not ended goes right behind it. */
  #turnOf({ undoOf, replayOf }: NewRun): number | undefined {
    const other = this.#runs.get(undoOf ?? replayOf ?? '')
    if (!other || isFinal(other.state)) return undefined
    return undoOf === undefined ? other.seq + 1 : other.seq
  }

  /** `content` as it stands: hashed, or in clear from before. */
  #earlier(run: NewRun, now: number): { id: string; content: string } | null {
    if (run.key === null && (run.replayOf !== null || run.undoOf !== undefined)) return null
    const row = run.key === null ? this.#alike(run, now - contentWindow) : this.#keyed(run.endpoint, run.key)
    return row ? { id: String(row.id), content: String(row.content) } : null
  }

  /** The run of an endpoint with this key. */
  #keyed(endpoint: string, key: string): Row | undefined {
    return this.#sql.row(
      'select id, content from runs where endpoint = ? and key in (?, ?)',
      endpoint,
      ...this.#seals.forms('key', key),
    )
  }

  /** The last run of an endpoint with this content; no replay, no undo. What a robot sent first is no reason to lose what a person sends. */
  #alike({ endpoint, content, spam }: NewRun, since: number): Row | undefined {
    return this.#sql.row(
      `select id, content from runs where endpoint = ? and content in (?, ?) and accepted_at > ? and replay_of is null and undo_of is null
        and (state <> 'spam' or ?) order by accepted_at desc, seq desc limit 1`,
      endpoint,
      ...this.#seals.forms('content', content),
      since,
      spam === null ? 0 : 1,
    )
  }
}
