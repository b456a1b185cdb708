/** What is held in shadow waits for a person like what is parked, and bears since when. A run's replays are found with it, to be erased. */
export const undecided = `
drop index runs_parked;
create index runs_undecided on runs (parked_at) where parked_at is not null;
create index runs_replays on runs (replay_of) where replay_of is not null;
`
