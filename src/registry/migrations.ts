import type { Storage } from '../platform/storage.ts'

/**
 * The registry's tables, as numbered migrations: append-only. The database carries its version in `meta`. Times are ms since the epoch.
 * See docs/storage.md.
 */
export const migrations: readonly string[] = [
  `create table firms (
    firm text primary key,
    since integer not null,
    open integer,
    parked integer,
    held integer,
    connection text,
    last_event_at integer,
    reported_at integer,
    next_wake integer,
    wake_by integer,
    visit_by integer not null
  ) without rowid;
  create index firms_wake on firms (wake_by) where wake_by is not null;
  create index firms_visit on firms (visit_by);
  create table connections (connection text primary key, firm text, taken_at integer not null) without rowid;
  create index connections_firm on connections (firm);
  create table tombstones (firm text primary key, at integer not null, by text not null) without rowid;`,
  `alter table firms add column unfit integer not null default 0;
  create index firms_unfit on firms (firm) where unfit = 1;`,
  `drop index firms_unfit;
  alter table firms add column ledger text;
  update firms set ledger = 'failed' where unfit = 1;
  alter table firms drop column unfit;
  create index firms_unfit on firms (ledger) where ledger is not null;
  alter table firms add column figures text;`,
  'alter table firms add column reports integer not null default 0',
  // Which DATA_KEY the firm's keys are wrapped by, as it said: a mark of it.
  'alter table firms add column keys text',
]

/** Brings the database to the newest version, in one transaction. One that is newer than the code is left alone. */
export function migrate(storage: Storage): void {
  storage.transactionSync(() => {
    storage.sql.exec('create table if not exists meta (key text primary key, value text not null) without rowid')
    const [row] = storage.sql.exec("select value from meta where key = 'version'").toArray()
    const version = row ? Number(row.value) : 0
    if (version >= migrations.length) return
    for (const migration of migrations.slice(version)) storage.sql.exec(migration)
    storage.sql.exec("insert or replace into meta values ('version', ?)", String(migrations.length))
  })
}
