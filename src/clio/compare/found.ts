import type { Json } from '../../lib/json.ts'
import type { Candidate } from '../../model/intent.ts'

/** Name of the external property by which a record tells which step made it. */
export const markName = 'docketed'

/** Name of the external property that says what the event was about. */
export const subjectName = 'docketed-subject'

export type Found =
  | { readonly kind: 'adopt'; readonly answer: Json; readonly record: string | null }
  | { readonly kind: 'absent' }
  | { readonly kind: 'doubtful'; readonly reason: string; readonly candidates?: readonly Candidate[] }
