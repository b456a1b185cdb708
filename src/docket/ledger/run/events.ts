import type { InboundEvent } from '../../../model/event.ts'
import type { Row } from '../../../platform/storage.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
import type { Binding, Sql } from '../sql.ts'

/** Letters of an event up to which it stands in its run's row: the page that SQLite writes for the row is written with or without it. */
const shortMost = 2048

/** What of an event everybody sees who sees its run: of a long one, all that stands in its run's row. */
export type Brief = Pick<InboundEvent, 'subject' | 'person'>

/** Runs, each with its long event as `whole`. Which, is the caller's to say. */
export const withEvents = 'select runs.*, events.event as whole from runs left join events on events.run = runs.id'

/**
 * The table `events`: those that are long, each with the run that carries it out. In the run's row, which is written anew with every
 * step, stands a brief; it goes when the event goes. Versions before 10 had long ones in the row, where they are still read.
 */
export class Events {
  readonly #sql: Sql
  readonly #sealed: Sealed
  readonly #runs: Sealed

  constructor(sql: Sql, seals: Seals) {
    this.#sql = sql
    this.#sealed = seals.table('events')
    this.#runs = seals.table('runs')
  }

  /**
   * Writes the event of a run that has none yet, in the transaction in which its row is written.
   * @returns what is to stand in the row
   */
  add(run: string, event: InboundEvent): Binding {
    const text = JSON.stringify(event)
    if (text.length <= shortMost) return this.#runs.seal('event', [run], text)
    this.#sql.rows('insert into events values (?, ?)', run, this.#sealed.seal('event', [run], text))
    const { subject, person } = event
    return this.#runs.seal('event', [run], JSON.stringify({ subject, person } satisfies Brief))
  }

  /** The same for a run that has one, which is no more. */
  replace(run: string, event: InboundEvent): Binding {
    this.forget(run)
    return this.add(run, event)
  }

  forget(run: string): void {
    this.#sql.rows('delete from events where run = ?', run)
  }

  /** A row of `withEvents`, opened, its event whole. @throws SealError */
  open({ whole, ...row }: Row): Row {
    const opened = this.#runs.open(row)
    if (whole === null) return opened
    return { ...opened, event: this.#sealed.open({ run: row.id, event: whole }).event }
  }
}
