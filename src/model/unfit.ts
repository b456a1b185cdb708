import { type Problem, problem } from '../lib/problem.ts'

/**
 * A Docket whose database is not this code's to use. It is left as it is: nothing is read, written or lost. An RPC call cannot carry a
 * class, so the code goes in the error's message.
 */
export const unfit = {
  newer: problem(
    503,
    'ledger-newer',
    'The firm’s docket was written by a newer version',
    'An older version of Docketed was deployed than the one that last wrote this firm’s docket. Nothing was changed or lost: deploy the newer version again, and everything goes on.',
    { headers: { 'retry-after': '300' } },
  ),
  failed: problem(
    503,
    'ledger-not-upgraded',
    'The firm’s docket could not be brought up to this version',
    'The upgrade of the firm’s database was undone as a whole. Nothing was changed or lost: deploy the version before again, and report what the log says.',
    { headers: { 'retry-after': '300' } },
  ),
  locked: problem(
    503,
    'ledger-locked',
    'The firm’s docket does not open with this DATA_KEY',
    'What the docket keeps is sealed, and the Worker’s DATA_KEY is missing, malformed or another one. Nothing was changed or lost: set DATA_KEY to the key of before, or keep that one as DATA_KEY_OLD while it is rotated, and everything goes on.',
    { headers: { 'retry-after': '300' } },
  ),
} as const satisfies Record<string, Problem>

export type Unfit = keyof typeof unfit

/** A firm that is on its way, here or off: its calls wait, or are at their end. */
export const closed = {
  importing: problem(
    503,
    'firm-importing',
    'The firm is just being brought here',
    'It answers as soon as all of its export has come. If the import broke off, send it again from its beginning.',
    { headers: { 'retry-after': '10' } },
  ),
  erasing: problem(
    410,
    'firm-erasing',
    'The firm is being erased',
    'Everything that is kept of this firm is being removed. It takes no events and answers no calls any more.',
  ),
} as const satisfies Record<string, Problem>

/** What a call on a Docket failed for, when its database is not fit for this code, or the firm is closed; null: for something else. */
export function unfitIn(error: unknown): Problem | null {
  const message = error instanceof Error ? error.message : ''
  return [...Object.values(unfit), ...Object.values(closed)].find(({ code }) => message.includes(code)) ?? null
}
