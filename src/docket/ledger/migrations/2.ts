/**
 * What a run is stands in a column of its own; so does the time of its event, and what an undo's step wants. Every standing question has
 * an index (I9), and runs are counted as they end.
 */
export const kinds = `
alter table runs add column kind text not null default 'event';
alter table runs add column event_time integer;
alter table steps add column intent text;
alter table attempts add column etag text;
alter table configs add column format integer not null default 1;

update runs set kind = 'undo' where undo_of is not null;
update runs set kind = 'joining' where type = 'subject.joined' and json_extract(event, '$.source') = 'docketed' and undo_of is null;
update runs set kind = 'spoken' where type in ('slack.command', 'slack.action') and json_extract(event, '$.source') = 'slack' and undo_of is null;
update runs set kind = 'notice' where undo_of is null and type in ('acuity.notified', 'calendar.changed')
  and json_extract(event, '$.source') in ('acuity', 'google-calendar', 'microsoft-graph');
update runs set event_time = cast(round(unixepoch(json_extract(event, '$.time'), 'subsec') * 1000) as integer) where event is not null;
update steps set intent = json_object('verb', 'undo', 'write', json(item)), item = null
  where item is not null and run in (select id from runs where kind = 'undo');
update steps set intent = item, item = null where item is not null and run in (select id from runs where kind = 'joining');
update attempts set etag = json_extract(answer, '$.data.etag') where answer is not null and json_valid(answer)
  and json_type(answer, '$.data') = 'object' and json_type(answer, '$.data.etag') = 'text';

drop index if exists runs_open;
drop index if exists runs_finished;
create index runs_ready on runs (interactive, seq)
  where state in ('accepted', 'running', 'waiting') and behind is null and wake_at is null;
create index runs_wake on runs (interactive, wake_at)
  where state in ('accepted', 'running', 'waiting') and behind is null and wake_at is not null;
create index runs_open on runs (accepted_at) where state in ('accepted', 'running', 'waiting', 'held');
create index runs_held on runs (seq) where state = 'held';
create index runs_unsettled on runs (endpoint, thread, seq) where state in ('accepted', 'running', 'waiting', 'held', 'parked');
create index runs_counted on runs (state) where state in ('accepted', 'running', 'waiting', 'held', 'parked', 'spam');
create index runs_done on runs (endpoint, thread, event_time, seq) where state = 'done' and event is not null;
create index runs_state on runs (state, seq);
create index runs_endpoint on runs (endpoint, seq);
create index runs_given on runs (key) where key is not null;
create index runs_subject on runs (subject) where subject is not null;
create index runs_undo on runs (undo_of) where undo_of is not null;
create index runs_kept on runs (finished_at) where event is not null;
create index runs_finished on runs (finished_at);

drop index if exists attempts_open;
create index attempts_air on attempts (path) where (outcome = 'sending' or (outcome = 'unknown' and settled is null));
create index attempts_doubted on attempts (path)
  where (outcome = 'sending' or (outcome = 'unknown' and (settled is null or settled = 'discarded')));
create index attempts_sending on attempts (id) where outcome = 'sending';
create index attempts_own on attempts (ended_at) where run is null;

create index links_record on links (resource, record);
create index locks_run on locks (run);
create index notices_told on notices (at) where next_at is null;
create index debris_next on debris (next_at);

create table ended (state text primary key, n integer not null) without rowid;
insert into ended select state, count(*) from runs where state in ('done', 'ignored', 'discarded') group by state;
create trigger runs_end after update of state on runs
  when new.state in ('done', 'ignored', 'discarded') and old.state not in ('done', 'ignored', 'discarded') begin
  insert into ended values (new.state, 1) on conflict do update set n = n + 1;
end;
create trigger runs_forgotten after delete on runs when old.state in ('done', 'ignored', 'discarded') begin
  update ended set n = n - 1 where state = old.state;
end;
`
