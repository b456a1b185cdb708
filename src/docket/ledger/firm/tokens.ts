import type { AgentMay, FirmRole, TokenView } from '../../../model/access.ts'
import type { Row } from '../../../platform/storage.ts'
import { numberIn, type Sql, textIn } from '../sql.ts'

export interface NewToken {
  readonly id: string
  readonly name: string
  readonly role: FirmRole
  readonly agent: AgentMay | null
  /** SHA-256 of the token; null for a seat. */
  readonly hash: string | null
  /** Whose seat it is, in small letters; null for a token. */
  readonly email: string | null
}

/** ms between two notes of when a token was used last: not every call is worth a write. */
const noteEvery = 3_600_000

/** The table `tokens`: what may be asked of this docket, and by whom. Of a token only its hash is kept. */
export class Tokens {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  add({ id, name, role, agent, hash, email }: NewToken, now: number): void {
    this.#sql.rows(
      'insert into tokens (id, name, role, agent, hash, email, created_at) values (?, ?, ?, ?, ?, ?, ?)',
      id,
      name,
      role,
      agent,
      hash,
      email,
      now,
    )
  }

  list(): TokenView[] {
    return this.#sql.rows('select * from tokens order by created_at, id').map(viewOf)
  }

  /** @returns what it was; null: there is none of that id */
  remove(id: string): TokenView | null {
    const row = this.#sql.row('delete from tokens where id = ? returning *', id)
    return row ? viewOf(row) : null
  }

  byHash(hash: string): TokenView | null {
    const row = this.#sql.row('select * from tokens where hash = ?', hash)
    return row ? viewOf(row) : null
  }

  byEmail(email: string): TokenView | null {
    const row = this.#sql.row('select * from tokens where email = ?', email)
    return row ? viewOf(row) : null
  }

  used(id: string, now: number): void {
    this.#sql.rows(
      'update tokens set last_used_at = ? where id = ? and coalesce(last_used_at, 0) < ?',
      now,
      id,
      now - noteEvery,
    )
  }
}

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

function viewOf(row: Row): TokenView {
  const [agent, email] = [textIn(row.agent), textIn(row.email)]
  return {
    id: String(row.id),
    name: String(row.name),
    role: row.role as FirmRole,
    ...(agent !== null && { agent: agent as AgentMay }),
    ...(email !== null && { email }),
    createdAt: iso(Number(row.created_at))!,
    lastUsedAt: iso(numberIn(row.last_used_at)),
  }
}
