import { isObject, type Json } from '../../../lib/json.ts'
import type { Mirror } from '../../../model/docket-rpc.ts'
import type { ConfigVersion } from '../../../model/tenancy/firm.ts'
import { type Sql, textIn } from '../sql.ts'

export interface StoredConfig {
  /** As it was sent, comments and all. */
  readonly text: string
  /** The same, read: validated by the code that stored it. */
  readonly document: Json
}

/** The tables `configs` and `secrets`: every version of the firm's document, and the firm's own secrets, sealed. */
export class Configs {
  readonly #sql: Sql
  readonly #made: () => boolean
  readonly #hashing: () => Pick<Mirror, 'match' | 'elder'>
  /** The newest version, once it was read: every claim and every call asks for it. */
  #version: number | null = null
  #mirror: Mirror | null = null
  #country: string | null = null

  /**
   * @param made false: there are no tables yet
   * @param hashing what the door hashes keys with
   */
  constructor(sql: Sql, made: () => boolean, hashing: () => Pick<Mirror, 'match' | 'elder'>) {
    this.#hashing = hashing
    this.#sql = sql
    this.#made = made
  }

  /** @returns the new version */
  put(text: string, document: Json, now: number): number {
    const version = (this.version() ?? 0) + 1
    const row = [version, text, JSON.stringify(document), now, format] as const
    this.#sql.rows('insert into configs (version, text, document, at, format) values (?, ?, ?, ?, ?)', ...row)
    this.forgetRead()
    return version
  }

  /** What was read is read again: the caller's transaction may end one way or the other. */
  forgetRead(): void {
    this.#version = null
    this.#mirror = null
    this.#country = null
  }

  /** null: the firm has none. */
  version(): number | null {
    if (!this.#made()) return null
    this.#version ??= (this.#sql.row('select max(version) as version from configs')?.version as number | null) ?? null
    return this.#version
  }

  get(version: number): StoredConfig | null {
    const row = this.#sql.row('select text, document from configs where version = ?', version)
    return row ? { text: String(row.text), document: JSON.parse(String(row.document)) as Json } : null
  }

  /** Of the firm: telephone numbers are read as they are written there. */
  country(): string {
    if (this.#country !== null) return this.#country
    const document = this.get(this.version() ?? 0)?.document
    this.#country = isObject(document) ? String(document.country ?? '') : ''
    return this.#country
  }

  /** The newest first; who saved each is in the audit as long as that is kept. */
  versions(): ConfigVersion[] {
    return this.#sql
      .rows(
        `select version, at, (select actor from audit where audit.at between configs.at and configs.at + ?
            and action = 'config.saved' and detail = 'version ' || version) as actor
          from configs order by version desc limit ?`,
        noted,
        versionsMost,
      )
      .map(row => ({
        version: Number(row.version),
        at: new Date(Number(row.at)).toISOString(),
        actor: textIn(row.actor),
      }))
  }

  /** What the door reads: the newest version, and the sealed secrets. */
  mirror(): Mirror | null {
    if (this.#mirror) return this.#mirror
    const version = this.version()
    const config = version === null ? null : this.get(version)
    if (version === null || !config) return null
    const secrets = Object.fromEntries(this.secrets())
    const lent = this.lent()
    this.#mirror = { version, document: config.document, secrets, ...(lent && { lent: [...lent] }), ...this.#hashing() }
    return this.#mirror
  }

  /** Names of the Worker's secrets that the vendor handed to the firm, by naming them in its configuration; null: all of them. */
  lent(): ReadonlySet<string> | null {
    if (!this.#made()) return new Set()
    const row = this.#sql.row("select value from meta where key = 'lent'")
    return row ? new Set(JSON.parse(String(row.value)) as string[]) : null
  }

  lend(names: readonly string[]): void {
    this.#sql.rows("insert or replace into meta values ('lent', ?)", JSON.stringify([...new Set(names)]))
    this.#mirror = null
  }

  /** Names of the secrets that the firm has stored. */
  owns(): ReadonlySet<string> {
    return new Set(this.#made() ? this.#sql.rows('select name from secrets').map(row => String(row.name)) : [])
  }

  /** When each of them was stored, ms since the epoch. */
  datesOfSecrets(): Map<string, number> {
    return new Map(this.#sql.rows('select name, at from secrets').map(row => [String(row.name), Number(row.at)]))
  }

  putSecret(name: string, sealed: string, now: number): void {
    this.#sql.rows('insert or replace into secrets values (?, ?, ?)', name, sealed, now)
    this.#mirror = null
  }

  /** Each of the firm's own, as it stands. */
  secrets(): [name: string, sealed: string][] {
    return this.#sql.rows('select name, sealed from secrets').map(row => [String(row.name), String(row.sealed)])
  }

  /** The same value, sealed with the DATA_KEY of now. */
  reseal(name: string, sealed: string): void {
    this.#sql.rows('update secrets set sealed = ? where name = ?', sealed, name)
    this.#mirror = null
  }

  /** @returns whether there was one */
  deleteSecret(name: string): boolean {
    this.#mirror = null
    return this.#sql.rows('delete from secrets where name = ? returning name', name).length > 0
  }
}

/** ms behind a version within which the audit's note of it stands. */
const noted = 1000
/** Versions that are listed. */
const versionsMost = 500
/** Of the stored documents: it counts up when a document of before means something else than it did. */
const format = 1
