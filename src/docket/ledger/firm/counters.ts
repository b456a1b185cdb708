import type { Storage } from '../../../platform/storage.ts'

/** What the registry keeps of the firm's runs. */
export interface Counters {
  /** Runs that go on by themselves. */
  readonly open: number
  readonly parked: number
  /** ms since the epoch; null: no event yet. */
  readonly lastEventAt: number | null
}

/** Of a Docket that has a configuration. Ended runs are not looked at. */
export function countersOf({ sql }: Storage): Counters {
  const count = (states: string) =>
    Number(sql.exec(`select count(*) as n from runs where state in (${states})`).toArray()[0]?.n)
  const [last] = sql.exec('select accepted_at from runs order by seq desc limit 1').toArray()
  return {
    open: count("'accepted', 'running', 'waiting', 'held'"),
    parked: count("'parked'"),
    lastEventAt: last ? Number(last.accepted_at) : null,
  }
}
