import { type SealedTableName, sealedTables } from '../../../src/docket/ledger/sealing/columns.ts'
import type { World } from '../world.ts'

/**
 * Every value of every table of the ledger, with whatever is sealed opened: what anybody who had the keys could read.
 * @param but tables that are left out
 */
export function everything(world: World, but: readonly string[] = []): string {
  const tables = world.disk.query("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
  return tables
    .filter(({ name }) => !but.includes(String(name)))
    .flatMap(({ name }) => {
      const rows = world.disk.query(`select * from ${name}`)
      const sealed = name as SealedTableName
      return sealed in sealedTables ? rows.map(world.reader.seals.table(sealed).open) : rows
    })
    .flatMap(row => Object.values(row).map(String))
    .join('\n')
}
