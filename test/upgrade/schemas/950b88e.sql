create table if not exists runs (
  seq integer primary key autoincrement,
  id text not null unique,
  endpoint text not null,
  key text,
  content text not null,
  event text,
  type text not null,
  subject text,
  thread text,
  version integer not null,
  interactive integer not null,
  replay_of text,
  state text not null,
  reason text,
  phase text not null,
  ready text,
  attempt integer,
  wake_at integer,
  tries integer not null default 0,
  troubled_at integer,
  behind text,
  behind_kind text,
  resumed_at integer not null default 0,
  accepted_at integer not null,
  finished_at integer
);
create unique index if not exists runs_key on runs (endpoint, key);
create index if not exists runs_content on runs (endpoint, content, accepted_at);
create index if not exists runs_open on runs (state, wake_at) where state in ('accepted', 'running', 'waiting', 'held');
create index if not exists runs_thread on runs (endpoint, thread, seq) where thread is not null;
create index if not exists runs_behind on runs (behind) where behind is not null;
create table if not exists steps (
  run text not null,
  position real not null,
  path text not null,
  rule text not null,
  name text not null,
  item text,
  state text not null,
  output text,
  primary key (run, position)
) without rowid;
create table if not exists attempts (
  id integer primary key autoincrement,
  run text,
  step text,
  method text not null,
  path text not null,
  resource text not null,
  request text not null,
  outcome text not null,
  settled text,
  why text,
  status integer,
  message text,
  answer text,
  record text,
  instance text not null,
  started_at integer not null,
  ended_at integer
);
create index if not exists attempts_run on attempts (run);
create index if not exists attempts_ended on attempts (ended_at);
create index if not exists attempts_open on attempts (path) where outcome = 'sending' or (outcome = 'unknown' and settled is null);
create index if not exists attempts_record on attempts (resource, record) where record is not null;
create table if not exists subjects (endpoint text, subject text, thread text not null, primary key (endpoint, subject)) without rowid;
create table if not exists threads (endpoint text, thread text, carried text not null, primary key (endpoint, thread)) without rowid;
create table if not exists links (
  endpoint text, thread text, name text, resource text not null, record text, run text not null, made integer not null,
  primary key (endpoint, thread, name, record)
) without rowid;
create table if not exists locks (value text primary key, run text not null, step text not null) without rowid;
create table if not exists cache (key text primary key, value text not null, at integer not null) without rowid;
create table if not exists configs (version integer primary key, text text not null, document text not null, at integer not null);
create table if not exists secrets (name text primary key, sealed text not null, at integer not null) without rowid;
create table if not exists notices (
  id text primary key,
  type text not null,
  channel text not null,
  data text not null,
  at integer not null,
  tries integer not null default 0,
  next_at integer
);
create index if not exists notices_open on notices (next_at) where next_at is not null;
create table if not exists meta (key text primary key, value text not null) without rowid;
