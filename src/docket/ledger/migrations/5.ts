/**
 * One table of what must happen later, where schedules, reminders, polls and subscriptions had three of their own. A reminder bears its
 * thread, and a thread the time of the event that its reminders rest on, so that none of its runs is asked for.
 */
export const later = `
create table threads_with_reminders (
  endpoint text, thread text, carried text, reminders_as_of integer, primary key (endpoint, thread)
) without rowid;
insert into threads_with_reminders select endpoint, thread, carried, null from threads;
insert into threads_with_reminders
  select runs.endpoint, runs.thread, null, max(timers.as_of) from timers join runs on runs.id = timers.run
  where runs.thread is not null group by 1, 2
  on conflict do update set reminders_as_of = excluded.reminders_as_of;
drop table threads;
alter table threads_with_reminders rename to threads;

alter table timers rename to reminders;
create table timers (
  kind text, endpoint text, name text, thread text, made_for text, due_at integer, tries integer not null default 0, data text,
  primary key (kind, endpoint, name)
) without rowid;
create index timers_due on timers (due_at);
create index timers_thread on timers (endpoint, thread) where thread is not null;
insert into timers (kind, endpoint, name, made_for, due_at, data)
  select 'tick', endpoint, '', json_array(cron, timezone), next_at, json_object('cron', cron, 'timezone', timezone) from clocks;
insert into timers (kind, endpoint, name, thread, due_at, data)
  select 'reminder', runs.endpoint, run || ' ' || reminder, runs.thread, at,
    json_object('reminder', reminder, 'event', json(reminders.event))
  from reminders join runs on runs.id = run join threads on threads.endpoint = runs.endpoint and threads.thread = runs.thread
  where at is not null and as_of = reminders_as_of;
insert into timers (kind, endpoint, name, made_for, due_at, tries, data)
  select iif(name = '(poll)', 'poll', 'renewal'), endpoint, iif(name = '(poll)', '', name), made_for, next_at, tries, held from keeps;
drop table clocks;
drop table reminders;
drop table keeps;
delete from meta where key in ('clocksVersion', 'keepsVersion');

alter table memories rename to source_memory;

create table unfinished_documents (mark text primary key, next_at integer not null) without rowid;
insert into unfinished_documents select mark, next_at from debris;
drop table debris;
create index unfinished_documents_next on unfinished_documents (next_at);
`
