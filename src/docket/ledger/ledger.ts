import type { Json } from '../../lib/json.ts'
import type { Storage } from '../../platform/storage.ts'
import { Accounts } from './firm/accounts.ts'
import { Audit } from './firm/audit.ts'
import { Configs } from './firm/configs.ts'
import { Files } from './firm/files.ts'
import { Intake } from './firm/intake.ts'
import { KeptRows } from './firm/kept-lists.ts'
import { Notices } from './firm/notices.ts'
import { Refusals } from './firm/refusals.ts'
import { SourceMemory } from './firm/source-memory.ts'
import { Timers } from './firm/timers.ts'
import { Tokens } from './firm/tokens.ts'
import { Unfinished } from './firm/unfinished.ts'
import { Cache, Meta } from './firm/values.ts'
import { migrate, type Standing } from './migrations.ts'
import { Attempts } from './run/attempts.ts'
import { Claims } from './run/claims.ts'
import { Links } from './run/links.ts'
import { Locks } from './run/locks.ts'
import { Runs } from './run/runs.ts'
import { Steps } from './run/steps.ts'
import { Subjects } from './run/subjects.ts'
import { Sql } from './sql.ts'

/**
 * The firm's state: one file a table or aggregate, and nobody else writes it. Methods that change more than one row run inside the
 * caller's transaction.
 */
export class Ledger {
  readonly #sql: Sql
  #standing: Standing

  readonly runs: Runs
  readonly subjects: Subjects
  readonly claims: Claims
  readonly steps: Steps
  readonly attempts: Attempts
  readonly links: Links
  readonly locks: Locks

  readonly configs: Configs
  readonly meta: Meta
  readonly accounts: Accounts
  readonly cache: Cache
  readonly notices: Notices
  readonly files: Files
  readonly unfinished: Unfinished
  readonly timers: Timers
  readonly sourceMemory: SourceMemory
  readonly contacts: KeptRows
  readonly matters: KeptRows

  readonly tokens: Tokens
  readonly audit: Audit
  readonly refusals: Refusals
  readonly intake: Intake

  /** Never throws: a database that cannot be brought up to this code is left alone, and `standing` says so. */
  constructor(storage: Storage) {
    const sql = new Sql(storage)
    this.#sql = sql
    this.#standing = migrate(sql, false)
    this.meta = new Meta(sql)
    this.accounts = new Accounts(this.meta)
    this.runs = new Runs(sql)
    this.links = new Links(sql, this.runs, this.accounts)
    this.timers = new Timers(sql)
    this.subjects = new Subjects(sql, this.runs, this.links, this.timers)
    this.claims = new Claims(this.runs, this.subjects)
    this.steps = new Steps(sql)
    this.attempts = new Attempts(sql, this.accounts)
    this.locks = new Locks(sql)
    this.configs = new Configs(sql, () => this.made)
    this.cache = new Cache(sql)
    this.notices = new Notices(sql)
    this.files = new Files(sql)
    this.unfinished = new Unfinished(sql)
    this.sourceMemory = new SourceMemory(sql)
    this.tokens = new Tokens(sql)
    this.audit = new Audit(sql)
    this.refusals = new Refusals(sql)
    this.intake = new Intake(sql)
    this.contacts = new KeptRows(sql, 'contacts')
    this.matters = new KeptRows(sql, 'matters')
  }

  get standing(): Standing {
    return this.#standing
  }

  /** False until the first configuration is stored, and where the database is not this code's to use. */
  get made(): boolean {
    return this.#standing === 'ready'
  }

  /** Stores a version of the firm's configuration; the first one makes the tables. @returns the version */
  putConfig(text: string, document: Json, now: number): number {
    if (this.#standing === 'none') this.#standing = migrate(this.#sql, true)
    return this.configs.put(text, document, now)
  }

  /** The newest version of the configuration; null: there is none that can be read. */
  get version(): number | null {
    return this.configs.version()
  }

  transaction<T>(work: () => T): T {
    try {
      return this.#sql.transaction(work)
    } catch (error) {
      this.meta.forgetRead()
      this.configs.forgetRead()
      this.runs.forgetRead()
      this.steps.forgetRead()
      this.locks.forgetRead()
      throw error
    }
  }
}
