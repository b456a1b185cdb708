import { isObject, type Json } from '../../lib/json.ts'
import { type FirmKeys, type Keyring, newKeys, type WrappedKeys } from '../../platform/sealing.ts'
import { resealed } from '../../platform/secrets.ts'
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
import { Tallies } from './firm/tallies.ts'
import { Timers } from './firm/timers.ts'
import { Tokens } from './firm/tokens.ts'
import { Unfinished } from './firm/unfinished.ts'
import { Cache, Meta } from './firm/values.ts'
import { migrate, type Standing } from './migrations.ts'
import { Arrivals } from './run/arrivals.ts'
import { Attempts } from './run/attempts.ts'
import { Claims } from './run/claims.ts'
import { Events } from './run/events.ts'
import { LegalHolds } from './run/legal-holds.ts'
import { Links } from './run/links.ts'
import { Locks } from './run/locks.ts'
import { OldRuns } from './run/old-runs.ts'
import { Overview } from './run/overview.ts'
import { Runs } from './run/runs.ts'
import { Steps } from './run/steps.ts'
import { Subjects } from './run/subjects.ts'
import { Terms } from './run/terms.ts'
import { Seals } from './sealing/seals.ts'
import { beginning, hashSubjects, type Progress, sealSome } from './sealing/upgrade.ts'
import { Sql } from './sql.ts'
import { Transfer } from './transfer/dump.ts'

/** Whose ledger it is, and what opens its keys. */
export interface Keeping {
  readonly firm: string
  /** null: DATA_KEY is missing or malformed. */
  readonly keyring: Keyring | null
}

/** Rows that are sealed in one transaction. */
const sealedAtOnce = 200

/**
 * The firm's state: one file a table or aggregate, and nobody else writes it. Methods that change more than one row run inside the
 * caller's transaction.
 */
export class Ledger {
  readonly #sql: Sql
  readonly #keeping: Keeping
  #standing: Standing
  #keyMark: string | null = null
  readonly seals = new Seals()

  readonly runs: Runs
  readonly overview: Overview
  readonly terms: Terms
  readonly oldRuns: OldRuns
  readonly legalHolds: LegalHolds
  readonly subjects: Subjects
  readonly claims: Claims
  readonly arrivals: Arrivals
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
  readonly tallies: Tallies
  readonly transfer: Transfer

  /** Never throws: a database that cannot be brought up to this code is left alone, and `standing` says so. */
  constructor(storage: Storage, keeping: Keeping) {
    const sql = new Sql(storage)
    const { seals } = this
    this.#sql = sql
    this.#keeping = keeping
    this.#standing = migrate(sql, false)
    this.meta = new Meta(sql)
    this.accounts = new Accounts(this.meta)
    this.arrivals = new Arrivals(sql)
    this.terms = new Terms(sql, seals, () => this.configs.country())
    const events = new Events(sql, seals)
    this.runs = new Runs(sql, seals, this.terms, events)
    this.overview = new Overview(sql, seals, this.terms, events)
    this.oldRuns = new OldRuns(sql)
    this.legalHolds = new LegalHolds(sql)
    this.links = new Links(sql, this.runs, this.accounts)
    this.timers = new Timers(sql, seals)
    this.subjects = new Subjects(sql, this.runs, this.links, this.timers, seals)
    this.claims = new Claims(sql, this.runs, this.subjects, seals, () => this.inShadow)
    this.steps = new Steps(sql, seals)
    this.attempts = new Attempts(sql, this.accounts, seals)
    this.locks = new Locks(sql, this.accounts, seals)
    this.configs = new Configs(
      sql,
      () => this.made,
      () => this.#hashing(),
    )
    this.cache = new Cache(sql, seals)
    this.notices = new Notices(sql, seals)
    this.files = new Files(sql)
    this.unfinished = new Unfinished(sql, seals)
    this.sourceMemory = new SourceMemory(sql, seals)
    this.tokens = new Tokens(sql)
    this.audit = new Audit(sql)
    this.refusals = new Refusals(sql)
    this.intake = new Intake(sql)
    this.tallies = new Tallies(sql)
    this.transfer = new Transfer(sql, seals)
    this.#unlock()
    this.contacts = new KeptRows(sql, seals, 'contacts')
    this.matters = new KeptRows(sql, seals, 'matters')
  }

  /**
   * Opens the firm's keys, or makes them where there are none yet: the ledger is new, or from before there were any. Keys that an older
   * DATA_KEY wrapped are wrapped anew.
   */
  #unlock(): void {
    if (this.#standing !== 'ready') return
    try {
      const keys = this.#keys()
      if (keys === null) this.#standing = 'locked'
      else this.seals.use(keys, this.meta.get('sealing') === null)
    } catch (error) {
      console.error(`A ledger's keys could not be made: ${error instanceof Error ? error.name : 'fault'}`)
      this.#standing = 'failed'
    }
  }

  #keys(): FirmKeys | null {
    const { firm, keyring } = this.#keeping
    if (keyring === null) return null
    const wrapped = this.meta.get<WrappedKeys & Json>('keys')
    if (wrapped === null) return this.#newKeys(firm, keyring)
    const [seal, match] = [keyring.unwrap(firm, 'seal', wrapped.seal), keyring.unwrap(firm, 'match', wrapped.match)]
    if (seal === null || match === null) return null
    const keys = { seal: seal.key, match: match.key }
    if (!(seal.stale || match.stale)) this.#keyMark = keyring.mark
    else
      try {
        this.#rewrap(firm, keyring, keys)
        this.#keyMark = keyring.mark
      } catch (error) {
        // They are open all the same; the next start tries again, and the older DATA_KEY is needed until then.
        console.error(`A ledger's keys could not be wrapped anew: ${error instanceof Error ? error.name : 'fault'}`)
      }
    return keys
  }

  #hashing(): { match?: string; elder?: boolean } {
    const wrapped = this.meta.get<WrappedKeys & Json>('keys')
    return wrapped === null ? {} : { match: wrapped.match, elder: this.meta.get('elder') === true }
  }

  /** Which DATA_KEY wraps the firm's keys; null: an older one, or they are not open. */
  get keyMark(): string | null {
    return this.#keyMark
  }

  /** The door reads of keys that are wrapped otherwise, or of none: it is to be told. */
  get unpublished(): boolean {
    return this.made && this.meta.get('unpublished') === true
  }

  published(): void {
    if (this.unpublished) this.meta.set('unpublished', null)
  }

  #newKeys(firm: string, keyring: Keyring): FirmKeys {
    const keys = newKeys()
    this.#keyMark = keyring.mark
    this.#sql.transaction(() => {
      this.meta.set('keys', { ...keyring.wrap(firm, keys) })
      this.seals.use(keys, false)
      if (this.configs.version() === null) return
      hashSubjects(this.#sql, this.seals)
      this.meta.set('sealing', beginning as Progress & Json)
      this.meta.set('elder', true)
      this.meta.set('unpublished', true)
    })
    return keys
  }

  #rewrap(firm: string, keyring: Keyring, keys: FirmKeys): void {
    this.#sql.transaction(() => {
      this.meta.set('keys', { ...keyring.wrap(firm, keys) })
      this.meta.set('unpublished', true)
      for (const [name, sealed] of this.configs.secrets()) {
        const anew = resealed(keyring.given, firm, name, sealed)
        if (anew !== null) this.configs.reseal(name, anew)
      }
    })
  }

  /** Something of before stands in clear, or is not found by whom it is about. */
  get unready(): boolean {
    return this.made && (this.meta.get('sealing') !== null || this.meta.get('termsBelow') !== null)
  }

  /** Sees to the next few hundred rows of before: first what stands in clear, then what runs are found by. */
  readySome(): void {
    if (!this.made || this.#sealSome()) return
    const below = this.meta.get<number>('termsBelow')
    if (below !== null) this.transaction(() => this.meta.set('termsBelow', this.terms.fill(below)))
  }

  /** Seals a few hundred rows of what stands in clear from before. @returns whether more is left */
  #sealSome(): boolean {
    const progress = this.meta.get<Progress & Json>('sealing')
    if (progress === null) return false
    const next = this.transaction(() => {
      const left = sealSome(this.#sql, this.seals, progress, sealedAtOnce)
      this.meta.set('sealing', left as (Progress & Json) | null)
      return left
    })
    if (next === null) this.seals.use(this.seals.keys, true)
    return next !== null
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
    if (this.#standing === 'none') {
      this.#standing = migrate(this.#sql, true)
      this.#unlock()
    }
    const shadow = isObject(document) && document.mode === 'shadow'
    if (shadow || this.everInShadow) this.meta.set('shadow', shadow)
    return this.configs.put(text, document, now)
  }

  /** No write goes out: the newest configuration says so. */
  get inShadow(): boolean {
    return this.made && this.meta.get<boolean>('shadow') === true
  }

  /** Runs of a subject may have gone past one that was held in shadow. */
  get everInShadow(): boolean {
    return this.made && this.meta.get<boolean>('shadow') !== null
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
