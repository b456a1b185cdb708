/**
 * Why a run stands where it stands, as a code in clear; who may ask the docket what, and who did; what the door refused, and how many
 * bytes came in on a day from people who prove nothing.
 */
export const access = `
alter table runs add column reason_code text;
create index runs_reason on runs (reason_code, seq) where state = 'parked';

create table tokens (
  id text primary key,
  name text not null,
  role text not null,
  agent text,
  hash text unique,
  email text unique,
  created_at integer not null,
  last_used_at integer
) without rowid;

create table audit (
  id integer primary key autoincrement,
  at integer not null,
  actor text not null,
  action text not null,
  run text,
  detail text
);
create index audit_at on audit (at);
create trigger audit_stays before update on audit begin
  select raise(abort, 'the audit is not changed');
end;

create table refusals (
  endpoint text not null,
  code text not null,
  hour integer not null,
  at integer not null,
  times integer not null,
  primary key (endpoint, code, hour)
) without rowid;
create index refusals_at on refusals (at);

create table intake (day integer primary key, bytes integer not null) without rowid;
`
