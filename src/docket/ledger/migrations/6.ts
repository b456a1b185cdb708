/** What a person corrected or chose stands beside the event of a run. Runs are found by their type and their day. */
export const amendments = `
alter table runs add column amended text;
create index runs_type on runs (type, seq);
create index runs_accepted on runs (accepted_at, seq);
`
