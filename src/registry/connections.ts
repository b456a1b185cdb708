import { type Problem, problem } from '../lib/problem.ts'
import type { Row, Storage } from '../platform/storage.ts'

/** ms in which a firm may have taken a connection and not yet have stored it; what it does not use afterwards is let go. */
const settled = 10 * 60_000

/**
 * The table `connections`: whose a connection is, by its id in small letters. A row without a firm is a connection that is being removed
 * or was: it is nobody's. Each method is one step of the registry's single thread.
 */
export class Connections {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  #rows(query: string, ...bindings: (string | number | null)[]): Row[] {
    return this.#storage.sql.exec(query, ...bindings).toArray()
  }

  /** Whose it is: a firm's, `null`: nobody's for ever, `undefined`: free. */
  #owner(id: string): string | null | undefined {
    const [row] = this.#rows('select firm from connections where connection = ?', id)
    return row && (row.firm === null ? null : String(row.firm))
  }

  take(firm: string, connection: string, dry: boolean, now: number): null | Problem {
    const id = connection.toLowerCase()
    const owner = this.#owner(id)
    if (owner === null) return removed(id)
    if (owner !== undefined && owner !== firm) return taken(id, owner)
    if (!dry) this.#rows('insert or replace into connections values (?, ?, ?)', id, firm, now)
    return null
  }

  /** Takes it if it is free; the firm that has it otherwise. */
  found(firm: string, connection: string, now: number): string {
    const id = connection.toLowerCase()
    this.#rows('insert or ignore into connections values (?, ?, ?)', id, firm, now)
    return this.#owner(id) ?? ''
  }

  /** The firm runs on this one: others that it had are free. */
  uses(firm: string, connection: string): void {
    this.#rows('delete from connections where firm = ? and connection <> ?', firm, connection.toLowerCase())
  }

  /** What a firm says that it runs on is its own unless another has it. What it took and does not use is let go. */
  reported(firm: string, connection: string, now: number): void {
    const id = connection.toLowerCase()
    this.#rows('insert or ignore into connections values (?, ?, ?)', id, firm, now)
    this.#rows('delete from connections where firm = ? and connection <> ? and taken_at < ?', firm, id, now - settled)
  }

  condemn(connection: string, now: number): null | Problem {
    const id = connection.toLowerCase()
    const owner = this.#owner(id)
    if (owner) return inUse(id, owner)
    this.#rows('insert or replace into connections values (?, null, ?)', id, now)
    return null
  }

  spare(connection: string): void {
    this.#rows('delete from connections where connection = ? and firm is null', connection.toLowerCase())
  }

  releaseAll(firm: string): void {
    this.#rows('delete from connections where firm = ?', firm)
  }
}

const taken = (id: string, firm: string) =>
  problem(
    422,
    'connection-taken',
    'Another firm uses this connection',
    `Connection ${id} belongs to firm ${firm}. Every firm has its own: make one with “docketed connect”.`,
    { errors: [{ path: 'connection', message: `belongs to firm ${firm}` }] },
  )

const removed = (id: string) =>
  problem(
    422,
    'connection-removed',
    'This connection is removed',
    `Connection ${id} was removed, or is just being removed. Make another with “docketed connect”.`,
    { errors: [{ path: 'connection', message: 'was removed' }] },
  )

const inUse = (id: string, firm: string) =>
  problem(
    409,
    'connection-in-use',
    'A firm uses this connection',
    `Connection ${id} belongs to firm ${firm}, whose records would go nowhere. Give the firm another connection first; then this one can be removed.`,
  )
