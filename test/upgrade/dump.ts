/** A database as text: its tables as they were made, a statement for every row, and behind them its indexes and triggers. */

type Value = string | number | bigint | null | Uint8Array
type Query = (query: string) => Record<string, unknown>[]

/** @param query reads the database */
export function dump(query: Query): string {
  const made = query(
    "select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by type desc, rowid",
  )
  const tables = made.filter(({ type }) => type === 'table').map(({ name }) => String(name))
  const sequences = made.some(({ sql }) => /autoincrement/i.test(String(sql)))
  const rows = [...tables, ...(sequences ? ['sqlite_sequence'] : [])].flatMap(table =>
    query(`select * from ${table}`).map(row => {
      const columns = Object.keys(row)
      const values = Object.values(row).map(value => literal(value as Value))
      return `insert into ${table} (${columns.join(', ')}) values (${values.join(', ')});`
    }),
  )
  // Where an explicit number was inserted, SQLite has begun to count by itself.
  if (sequences)
    rows.splice(
      rows.findIndex(row => row.startsWith('insert into sqlite_sequence')),
      0,
      'delete from sqlite_sequence;',
    )
  const text = (wanted: (type: unknown) => boolean) =>
    made.filter(({ type }) => wanted(type)).map(({ sql }) => `${sql};`)
  return `${[...text(type => type === 'table'), ...rows, ...text(type => type !== 'table')].join('\n')}\n`
}

function literal(value: Value): string {
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}
