/**
 * Counts that only ever grow, whatever retention removes; and runs that are held in shadow, which go on for nobody but a person: what
 * goes on by itself is found past them.
 */
export const countedAndShadow = `
create table tallies (name text primary key, n integer not null) without rowid;
drop trigger runs_forgotten;
create trigger runs_forgotten after delete on runs when old.state in ('done', 'ignored', 'discarded') begin
  update ended set n = n - 1 where state = old.state;
  insert into tallies values ('forgotten ' || old.state, 1) on conflict do update set n = n + 1;
end;
create trigger attempts_limited after update of outcome on attempts when new.outcome = 'refused' and new.why = 'limit' begin
  insert into tallies values ('limited', 1) on conflict do update set n = n + 1;
end;

alter table runs add column shadow text;
drop index runs_open;
create index runs_open on runs (accepted_at)
  where state in ('accepted', 'running', 'waiting', 'held') and reason_code is not 'shadow';
drop index runs_held;
create index runs_held on runs (seq) where state = 'held' and reason_code is not 'shadow';
create index runs_shadow on runs (seq) where state = 'held' and reason_code = 'shadow';
`
