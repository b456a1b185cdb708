/** What is held in shadow waits for a person like what is parked, and bears since when. */
export const undecided = `
drop index runs_parked;
create index runs_undecided on runs (parked_at) where parked_at is not null;
`
