/**
 * Which columns of the ledger are sealed and which are hashed (I7). The tables, the sealing of what stands in clear from before, and the
 * export read it here; a test holds every column of every table to be declared, those in clear with their reason.
 */

export interface SealedTable {
  /** The primary key, in its order. */
  readonly key: readonly string[]
  /** Columns that name the row in the additional data: what a join or an import changes is none of them. */
  readonly place: readonly string[]
  /** JSON or text that is sealed: a blob. What is text instead stands in clear from before. */
  readonly sealed: readonly string[]
  /** Columns that are looked for, by their use in the hash. */
  readonly hashed?: Readonly<Record<string, HashUse>>
}

export type HashUse = 'entry' | 'key' | 'content' | 'subject' | 'lock' | 'index' | 'term'

export const sealedTables = {
  runs: {
    key: ['seq'],
    place: ['id'],
    sealed: ['event', 'ready', 'reason', 'amended', 'shadow'],
    hashed: { key: 'key', content: 'content', subject: 'subject', thread: 'subject' },
  },
  steps: { key: ['run', 'position'], place: ['run', 'position'], sealed: ['item', 'intent', 'output'] },
  attempts: { key: ['id'], place: ['run', 'step'], sealed: ['request', 'before', 'message', 'answer'] },
  subjects: { key: ['endpoint', 'subject'], place: [], sealed: [], hashed: { subject: 'subject', thread: 'subject' } },
  threads: { key: ['endpoint', 'thread'], place: [], sealed: [], hashed: { thread: 'subject' } },
  links: { key: ['endpoint', 'thread', 'name', 'record'], place: [], sealed: [], hashed: { thread: 'subject' } },
  locks: { key: ['value'], place: [], sealed: [], hashed: { value: 'lock' } },
  cache: { key: ['key'], place: ['key'], sealed: ['value'], hashed: {} },
  notices: { key: ['id'], place: ['id'], sealed: ['data'] },
  contacts: { key: ['id'], place: ['id'], sealed: ['sealed'] },
  matters: { key: ['id'], place: ['id'], sealed: ['sealed'] },
  timers: {
    key: ['kind', 'endpoint', 'name'],
    place: ['kind', 'endpoint', 'name'],
    sealed: ['data'],
    hashed: { thread: 'subject' },
  },
  source_memory: { key: ['endpoint', 'name'], place: ['endpoint', 'name'], sealed: ['value'] },
  events: { key: ['run'], place: ['run'], sealed: ['event'] },
} as const satisfies Readonly<Record<string, SealedTable>>

export type SealedTableName = keyof typeof sealedTables
