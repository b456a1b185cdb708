/**
 * What a run said can be erased, or kept by a legal hold; a parked run bears since when nobody has decided it. Runs are found by terms:
 * short keyed hashes of whom they are about, filled for runs of before from the newest on, a few hundred at a time.
 */
export const keeping = `
alter table runs add column erased_at integer;
alter table runs add column parked_at integer;
alter table runs add column warned_at integer;
update runs set parked_at = max(accepted_at, resumed_at) where state = 'parked';
create index runs_parked on runs (parked_at) where state = 'parked';
create index runs_replay on runs (replay_of) where replay_of is not null;

create table terms (hash integer, seq integer, primary key (hash, seq)) without rowid;
create index terms_seq on terms (seq);
insert into meta select 'termsBelow', max(seq) + 1 from runs having count(*) > 0;

create table legal_holds (run text primary key, subject integer not null, at integer not null) without rowid;

alter table source_memory add column at integer not null default 0;
create index source_memory_at on source_memory (at);
`
