/**
 * Long events, beside the rows of their runs: SQLite writes a row whole with each change of it. What stood in its row before stays there
 * until retention takes it.
 */
export const longEvents = 'create table events (run text primary key, event blob not null) without rowid;'
