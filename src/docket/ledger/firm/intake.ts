import { smallBody } from '../../../model/docket-rpc.ts'
import type { Sql } from '../sql.ts'

const day = 86_400_000

/** What a sender who proves nothing brings: the bytes of the body, and whether files came with it. */
export interface Unproved {
  readonly bytes: number
  readonly files: boolean
}

/**
 * The table `intake`: bytes that came in on a day (UTC) through endpoints that anybody can post to. Small bodies are not counted: they
 * come in whatever the day has brought, so that no flood of large ones silences a firm.
 */
export class Intake {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Files first: what came without any has a quarter more. @param most bytes of a day with files */
  isFull({ bytes, files }: Unproved, most: number, now: number): boolean {
    if (bytes < smallBody) return false
    const before = this.#sql.row('select bytes from intake where day = ?', Math.floor(now / day))?.bytes ?? 0
    return Number(before) + bytes > (files ? most : most * 1.25)
  }

  add({ bytes }: Unproved, now: number): void {
    if (bytes < smallBody) return
    const today = Math.floor(now / day)
    this.#sql.rows('insert into intake values (?, ?) on conflict do update set bytes = bytes + ?', today, bytes, bytes)
    this.#sql.rows('delete from intake where day < ?', today - 7)
  }
}
