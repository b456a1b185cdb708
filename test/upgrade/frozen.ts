import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import type { Snapshot } from '../../src/sandbox/run/snapshot.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Story } from './story.ts'

/** Ledgers as earlier versions wrote them: `ledgers/N.sql` is the database, `ledgers/N.json` what stood around it. */

export interface Around extends Story {
  /** ms since the epoch, when the ledger was frozen. */
  readonly now: number
  /** What stood in Clio. */
  readonly clio: Snapshot
  /** Bytes that were kept for runs, by key, in base64. */
  readonly files: Readonly<Record<string, string>>
  /** How the code that wrote the ledger went on with it: the state of every run in the end, and what then stood in Clio. */
  readonly end: {
    readonly runs: Readonly<Record<string, string>>
    readonly records: Readonly<Record<string, readonly string[]>>
  }
}

export interface Frozen extends Around {
  readonly version: number
  readonly sql: string
}

export const folder = join(import.meta.dirname, 'ledgers')

/** @param from where they stand */
export function ledgers(from = folder): Frozen[] {
  return readdirSync(from)
    .filter(name => name.endsWith('.sql'))
    .map(name => {
      const read = (ending: string) => readFileSync(join(from, name.replace('.sql', ending)), 'utf8')
      return { version: Number(name.replace('.sql', '')), sql: read('.sql'), ...(JSON.parse(read('.json')) as Around) }
    })
    .sort((a, b) => a.version - b.version)
}

/** Every record of the firm's Clio as people would call it, sorted: one that was made twice stands twice. */
export function standing(sandbox: Sandbox): Record<string, string[]> {
  const store = sandbox.account('smith')
  return Object.fromEntries(
    store
      .resources()
      .map(
        resource =>
          [
            resource,
            store
              .all(resource)
              .map(({ data }) => titleOf(data))
              .sort(),
          ] as const,
      )
      .filter(([, titles]) => titles.some(title => title !== '')),
  )
}

function titleOf(data: JsonObject): string {
  const keys = [
    'name',
    'first_name',
    'last_name',
    'display_number',
    'description',
    'summary',
    'subject',
    'note',
    'detail',
    'location',
  ]
  const words = keys
    .map(key => data[key])
    .filter((value: Json | undefined) => typeof value === 'string' && value !== '')
  const versions = Array.isArray(data.document_versions) ? data.document_versions : []
  const whole = versions.map(one => (JSON.stringify(one).includes('"fully_uploaded":true') ? 'whole' : 'half'))
  return [...words, ...whole, ...(typeof data.deleted_at === 'string' ? ['deleted'] : [])].join(', ')
}
