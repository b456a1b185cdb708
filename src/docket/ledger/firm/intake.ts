import type { Sql } from '../sql.ts'

const day = 86_400_000

/** The table `intake`: bytes that came in on a day (UTC) through endpoints that anybody can post to. */
export class Intake {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** @returns the day's bytes before these */
  bytes(now: number): number {
    return Number(this.#sql.row('select bytes from intake where day = ?', Math.floor(now / day))?.bytes ?? 0)
  }

  add(bytes: number, now: number): void {
    const today = Math.floor(now / day)
    this.#sql.rows('insert into intake values (?, ?) on conflict do update set bytes = bytes + ?', today, bytes, bytes)
    this.#sql.rows('delete from intake where day < ?', today - 7)
  }
}
