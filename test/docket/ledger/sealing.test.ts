import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/docket/ledger/ledger.ts'
import { type SealedTable, sealedTables } from '../../../src/docket/ledger/sealing/columns.ts'
import { Keyring, keyringOf } from '../../../src/platform/sealing.ts'
import { seal, unseal } from '../../../src/platform/secrets.ts'

const now = Date.UTC(2026, 10, 24, 15)
let objects = 0

type Access = ConstructorParameters<typeof Ledger>[0]

/** Runs on a Durable Object's own storage. */
function within<T>(work: (access: Access, rows: (query: string) => Record<string, unknown>[]) => T): Promise<T> {
  const stub = env.DOCKET.get(env.DOCKET.idFromName(`sealed ledger ${++objects}`))
  return runInDurableObject(stub, (_: unknown, { storage }) =>
    work({ sql: storage.sql, transactionSync: run => storage.transactionSync(run) }, query =>
      storage.sql.exec(query).toArray(),
    ),
  )
}

const one = Buffer.alloc(32, 1).toString('base64')
const two = Buffer.alloc(32, 2).toString('base64')
const three = Buffer.alloc(32, 3).toString('base64')
const open = (access: Access, ...keys: string[]) => new Ledger(access, { firm: 'smith', keyring: new Keyring(keys) })

/** Columns that stand in clear, each with why it may. What is not named here or sealed fails the test. */
const clear: Readonly<Record<string, string>> = {
  'legal_holds.subject': 'a flag',
  seq: 'the order in which events came',
  id: 'an id of ours, or of a record in Clio',
  kind: 'a word of ours',
  endpoint: 'the firm’s own name for a door',
  type: 'a word of the source for what happened',
  version: 'a number of ours',
  interactive: 'a flag',
  replay_of: 'an id of ours',
  undo_of: 'an id of ours',
  state: 'a word of ours',
  reason_code: 'a word of ours: people and alarms go by it',
  phase: 'a word of ours',
  attempt: 'an id of ours',
  wake_at: 'a moment',
  tries: 'a number',
  troubled_at: 'a moment',
  behind: 'an id of ours',
  behind_kind: 'a word of ours',
  resumed_at: 'a moment',
  accepted_at: 'a moment',
  finished_at: 'a moment',
  erased_at: 'a moment',
  parked_at: 'a moment',
  warned_at: 'a moment',
  event_time: 'a moment: events are ordered by it',
  run: 'an id of ours',
  position: 'a number',
  path: 'a resource and an id of Clio (`isRecordId`), or names of the configuration',
  rule: 'the firm’s own name for a rule',
  name: 'a name of the configuration, of a provider’s id, or of a person of the firm',
  step: 'names of the configuration',
  method: 'a word of HTTP',
  resource: 'a word of Clio',
  outcome: 'a word of ours',
  settled: 'a word of ours',
  why: 'a word of ours',
  status: 'a number',
  record: 'an id of Clio',
  instance: 'an id of ours',
  started_at: 'a moment',
  ended_at: 'a moment',
  etag: 'Clio’s mark of a record’s edition',
  carried: 'a moment',
  reminders_as_of: 'a moment',
  made: 'a flag',
  at: 'a moment',
  hash: 'a keyed hash',
  seen_at: 'a moment',
  text: 'the firm’s configuration, which names no client',
  document: 'the firm’s configuration, which names no client',
  format: 'a number',
  channel: 'a name of the configuration',
  next_at: 'a moment',
  mark: 'an id of ours and names of the configuration',
  made_for: 'options of the configuration',
  due_at: 'a moment',
  key: 'a name of ours; of files a random one; of kept lists the resource they are of',
  value:
    'single facts of ours: of the connection, the pace, how far something is, that and since when the firm is held; keys wrapped by DATA_KEY',
  role: 'a word of ours',
  agent: 'a word of ours',
  email: 'of a person of the firm, who is let in by it',
  created_at: 'a moment',
  last_used_at: 'a moment',
  actor: 'a person of the firm or of the vendor, who answers for what was done',
  action: 'a word of ours',
  detail: 'names of the configuration, of tokens and seats, and numbers (see Audit)',
  code: 'a word of ours',
  hour: 'a number',
  times: 'a number',
  day: 'a number',
  bytes: 'a number',
  n: 'a number',
  sealed: 'sealed: with DATA_KEY for the door, where it is a secret of the firm',
}

describe('the columns of the ledger', () => {
  it('are each sealed, hashed, or in clear for a reason', () =>
    within((access, rows) => {
      open(access, one).putConfig('{}', {}, now)
      const declared = sealedTables as Readonly<Record<string, SealedTable>>
      const forgotten = rows(
        "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
      )
        .map(({ name }) => String(name))
        .filter(table => !table.startsWith('sqlite'))
        .flatMap(table => {
          const { sealed = [], hashed = {} } = declared[table] ?? {}
          const columns = rows(`select name from pragma_table_info('${table}')`).map(({ name }) => String(name))
          return columns
            .filter(
              column =>
                !sealed.includes(column) &&
                ![hashed, clear].some(of => Object.hasOwn(of, column)) &&
                !Object.hasOwn(clear, `${table}.${column}`),
            )
            .map(column => `${table}.${column}`)
        })
      expect(forgotten).toEqual([])
    }))
})

describe('the firm’s keys', () => {
  const remembered = (ledger: Ledger) => ledger.cache.get('list')?.value
  it('stand wrapped, open with the DATA_KEY of before while it is rotated, and are wrapped anew', () =>
    within((access, rows) => {
      const ledger = open(access, one)
      ledger.putConfig('{}', {}, now)
      ledger.cache.set('list', ['Alvarez'], now)
      const match = ledger.seals.hash('key', 'm1')
      const rotated = open(access, two, one)
      expect(remembered(rotated)).toEqual(['Alvarez'])
      expect(rotated.unpublished).toBe(true)
      const again = open(access, three, two)
      expect(remembered(again)).toEqual(['Alvarez'])
      expect(again.seals.hash('key', 'm1')).toBe(match)
      expect(open(access, three).standing).toBe('ready')
      expect(String(rows('select value from cache')[0]?.value)).not.toContain('Alvarez')
    }))

  it('that no DATA_KEY opens leave the ledger as it is', () =>
    within((access, rows) => {
      open(access, one).putConfig('{}', {}, now)
      const before = JSON.stringify(rows('select * from meta'))
      for (const keyring of [new Keyring([two]), keyringOf({}), keyringOf({ DATA_KEY: 'short' })]) {
        const ledger = new Ledger(access, { firm: 'smith', keyring })
        expect(ledger.standing).toBe('locked')
        expect(ledger.made).toBe(false)
      }
      expect(new Ledger(access, { firm: 'jones', keyring: new Keyring([one]) }).standing).toBe('locked')
      expect(JSON.stringify(rows('select * from meta'))).toBe(before)
      expect(open(access, one).made).toBe(true)
    }))

  it('re-seal the firm’s secrets when DATA_KEY is rotated', () =>
    within(access => {
      const ledger = open(access, one)
      ledger.putConfig('{}', {}, now)
      ledger.configs.putSecret('KEY', seal(one, 'smith', 'KEY', 'hello'), now)
      const { secrets } = open(access, two, one).configs.mirror()!
      expect(unseal(two, 'smith', 'KEY', secrets.KEY!)).toBe('hello')
    }))
})
