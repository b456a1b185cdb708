import * as names from '../kv/names.ts'
import type { Storage } from '../platform/storage.ts'
import type { Connections } from './connections.ts'
import type { Firms } from './firms.ts'

/**
 * The registry's first knowledge: before there was one, KV said which firms there are and whose a connection is.
 * Read once, page by page; how far it is stands in `meta`.
 */

/** KV calls in one go: an invocation has 50 subrequests on the Free plan. */
const callsMost = 40
/** Names in a page of firms, and as many as KV reads in one call. */
const pageOf = { [names.firms]: 1000, [names.connections]: 100 } as const

type Prefix = keyof typeof pageOf
type Place = { readonly prefix: Prefix; readonly cursor: string | null } | 'done'

export interface Seeding {
  readonly storage: Storage
  readonly firms: Firms
  readonly connections: Connections
  readonly kv: KVNamespace
  now(): number
  log(message: string): void
}

/** Reads on. True when everything is read. */
export async function seed(seeding: Seeding): Promise<boolean> {
  let place = placeOf(seeding.storage)
  for (let calls = 0; place !== 'done'; ) {
    const { prefix, cursor }: Exclude<Place, 'done'> = place
    if (calls + 2 > callsMost) return false
    const page: KVNamespaceListResult<unknown> = await seeding.kv.list({ prefix, cursor, limit: pageOf[prefix] })
    const found = page.keys.map(({ name }) => name)
    const owners = prefix === names.connections && found.length > 0 ? await seeding.kv.get(found) : null
    calls += owners ? 2 : 1
    place = page.list_complete ? after[prefix] : { prefix, cursor: page.cursor }
    write(seeding, prefix, found, owners, place)
  }
  return true
}

const after: Record<Prefix, Place> = {
  [names.firms]: { prefix: names.connections, cursor: null },
  [names.connections]: 'done',
}

function placeOf(storage: Storage): Place {
  const [row] = storage.sql.exec("select value from meta where key = 'seed'").toArray()
  return row ? (JSON.parse(String(row.value)) as Place) : { prefix: names.firms, cursor: null }
}

/** A page, and where the next one begins: both or neither. */
function write(
  { storage, firms, connections, now, log }: Seeding,
  prefix: Prefix,
  found: readonly string[],
  owners: ReadonlyMap<string, string | null> | null,
  next: Place,
): void {
  storage.transactionSync(() => {
    for (const name of found) {
      const id = name.slice(prefix.length)
      const firm = owners ? owners.get(name) : id
      if (!firm) continue
      firms.found(firm, now())
      if (!owners) continue
      const owner = connections.found(firm, id, now())
      if (owner !== firm) log(`Firms ${owner} and ${firm} use the same connection ${id}: give one of them its own.`)
    }
    storage.sql.exec("insert or replace into meta values ('seed', ?)", JSON.stringify(next))
  })
}
