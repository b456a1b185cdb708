/** How it stands with telling a channel. Codes and times only: nothing that was told. */
export interface ChannelView {
  name: string
  /** `webhook`, or the source through which people are written to (`slack`); null: nobody is behind the name. */
  kind: string | null
  /** The host of a webhook, or the channel's name where people are. */
  to: string | null
  /** Alarms go here. */
  alerts: boolean
  lastSuccessAt: string | null
  /** The last time that nobody took what was told. */
  lastError: { at: string; code: string; why: string } | null
  /** In a row, up to now. */
  failures: number
  /** Notices that are told again, until somebody takes them. */
  waiting: number
}

/** What came of a test message. */
export interface ChannelTest {
  taken: boolean
  code: string | null
  /** What the channel answered, in words. */
  said: string
}

/** What a webhook of the firm may ask to be told, each once: what became of a run, and how it stands with Clio. */
export const facts = [
  'run.done',
  'run.ignored',
  'run.parked',
  'run.discarded',
  'run.undone',
  'connection.lost',
  'connection.mended',
] as const
