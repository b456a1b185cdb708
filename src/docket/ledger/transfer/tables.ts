/**
 * What of a firm's ledger travels with an export, and what stays. A table that is named in neither fails the test: whoever adds one
 * decides it here.
 */

/** In the order in which they are written; runs with what is theirs come by themselves (`dump.ts`). */
export const travels = [
  'configs',
  'meta',
  'subjects',
  'threads',
  'links',
  'source_memory',
  'unfinished_documents',
  'refusals',
  'intake',
  'audit',
  'notices',
  'timers',
  'locks',
  'files',
  'terms',
  'legal_holds',
] as const

/** One run at a time. */
export const withRuns = ['runs', 'events', 'steps', 'attempts'] as const

/** Why each other table stays. */
export const stays: Readonly<Record<string, string>> = {
  secrets: 'secrets are stored again where the firm goes',
  tokens: 'tokens and seats are made again where the firm goes',
  cache: 'Clio is asked again',
  contacts: 'Clio is asked again',
  contact_keys: 'Clio is asked again',
  matters: 'Clio is asked again',
  matter_keys: 'Clio is asked again',
  ended: 'counted again of the runs',
  tallies: 'what monitoring counts begins anew',
}

/** Facts of `meta` that are of this database, or of this place. */
export const metaStays: ReadonlySet<string> = new Set([
  'accountSaidAt',
  'schema',
  'keys',
  'lent',
  'brought',
  'sealing',
  'unpublished',
  'hold',
  'still',
  'ending',
  'reports',
  'elsewhere',
  'pausedUntil',
  'plannedVersion',
  'filesSwept',
  'contacts',
  'matters',
])

/** Rows that stay, as a condition: what makes providers notify names this place, and is made anew; a notice that was told says nothing. */
export const rowsStay: Readonly<Record<string, string>> = {
  timers: "kind in ('poll', 'renewal')",
  notices: 'next_at is null',
}
