import type { Problem } from '../lib/problem.ts'
import type { ReasonCode } from './reason.ts'
import type { Unfit } from './unfit.ts'

/** The shapes that cross to the registry and back. Plain data only: RPC refuses everything else. Times are ms since the epoch unless said. */

/** How a firm's docket stands. */
export interface FirmCounters {
  /** Runs that go on by themselves, the held ones among them. */
  open: number
  /** Runs that wait for a person. */
  parked: number
  /** Runs that wait for the connection: all that are open, when the firm's queue is held. */
  held: number
  /** When the last event was accepted; null: none yet. */
  lastEventAt: number | null
  /** The gateway's connection that the firm runs on. */
  connection: string | null
  /** Tells which DATA_KEY wraps its keys, and nothing about it; null: none that we have. */
  keys: string | null
  /** Its database is not this code's to use: nothing of it goes on. null: it is. */
  unfit: Unfit | null
  /** For whoever watches over all firms; null: its database cannot be read. */
  figures: Figures | null
}

/** How much there ever was. It only grows, but where a firm was erased or brought in from elsewhere. */
export interface Counts {
  /** Runs on the docket: events, and what was replayed, joined or taken back. */
  accepted: number
  done: number
  ignored: number
  discarded: number
  /** Deliveries of what was accepted before. */
  duplicates: number
  /** Requests that the door sent away. */
  refused: number
  /** Calls that went out to Clio. */
  calls: number
  /** Those of them that Clio answered with 429. */
  limited: number
}

export interface Figures {
  counts: Counts
  /** Parked runs by their reason. */
  reasons: Partial<Record<ReasonCode, number>>
  /** Runs that are held in shadow. */
  shadow: number
  /** When the oldest run was accepted that goes on by itself; null: there is none. */
  oldestOpenAt: number | null
  /** Calls in the current window, and how many may be. */
  pace: { used: number; requests: number }
  /** Channels that a notice waits for which they did not take. */
  deafChannels: number
  /** Why its queue is held, also where no run waits in it: as `Stats` says; null: it is not. Left out by versions before. */
  hold?: string | null
}

/** What a Docket tells of itself after a drain. */
export interface FirmReport extends FirmCounters {
  firm: string
  /** When its alarm is set; null: it has nothing to do. */
  nextWake: number | null
  /** It was woken, and has tidied up. */
  visited: boolean
  /** How many reports it has made: one that knows of fewer than it made was set back. */
  reports?: number
}

/** A line of the list of firms, as old as `asOf` says; what was never told is null. Times are ISO 8601. */
export interface FirmSummary {
  id: string
  open: number | null
  parked: number | null
  held: number | null
  /** Why its queue is held, as a code; null: it is not, or has not said. */
  hold: string | null
  connection: string | null
  lastEventAt: string | null
  /** When the oldest run was accepted that goes on by itself. */
  oldestOpenAt: string | null
  /** Channels that do not take what they are told. */
  deafChannels: number | null
  /** It has said that the DATA_KEY of now wraps its keys. */
  rewrapped: boolean
  asOf: string | null
}

/** A firm as `/metrics` tells it; what was never told is null. Times are ms since the epoch. */
export interface FirmFigures {
  firm: string
  open: number | null
  parked: number | null
  held: number | null
  lastEventAt: number | null
  reportedAt: number | null
  figures: Figures | null
}

/** How all firms stand together. */
export interface Standing {
  firms: number
  /** Firms whose Docket should have woken by now, and has not said so. */
  overdue: number
  /** Firms whose database this code cannot use, as far as they have said. */
  unfit: Record<Unfit, number>
  /** When the sweep last asked whom to wake, ms since the epoch; null: never yet. */
  sweptAt: number | null
  /** Firms that have not said yet that their keys are wrapped by the DATA_KEY of now: until it is none, DATA_KEY_OLD has to stay. */
  keysLeft: number
  /** A firm whose keys DATA_KEY must open; null: there is none. */
  sample: string | null
}

export interface FirmsPage {
  firms: FirmSummary[]
  /** Where the next page begins; null: this was the last. */
  cursor: string | null
  /** Firms that are not rewrapped, of all that there are: as `Standing` says. */
  keysLeft: number
}

/** Which firms are listed. */
export interface FirmsAsked {
  /** Part of the name. */
  readonly q?: string
  readonly rewrapped?: boolean
}

/** That a firm was erased, when and by whom. */
export interface Tombstone {
  firm: string
  at: number
  by: string
}

export interface TombstonesPage {
  erased: Tombstone[]
  cursor: string | null
}

/**
 * What the registry does: which firms there are, whose a connection is, and who is to be woken. No event ever waits for it; saving a
 * configuration does. A refusal is a `Problem`, never an exception.
 */
export interface RegistryRpc {
  /**
   * The connection is the firm's from now on, or refused: checked and taken in one step. Those that the firm had stay its own until
   * `uses`. `dry`: only checks. `anew`: also for a firm of a name that was erased.
   */
  take(firm: string, connection: string, dry: boolean, anew?: boolean): Promise<null | Problem>
  /** The firm's configuration is stored, with this connection: others that it had are free. */
  uses(firm: string, connection: string): Promise<void>
  /** The connection is about to be removed at the gateway: nobody can take it any more. Refused while a firm has it. */
  condemn(connection: string): Promise<null | Problem>
  /** The gateway did not remove it after all. */
  spare(connection: string): Promise<void>
  /** The firm's alarm is set to this moment, though the registry was told of none, or of a later one. @returns how many reports it made */
  expect(firm: string, at: number): Promise<number>
  report(report: FirmReport): Promise<void>
  /** Firms to be woken now, the most overdue first; they are not named again for some minutes. */
  overdue(most: number): Promise<string[]>
  /** By name, from behind `cursor` on. @param part of the name @default all */
  firms(limit: number, cursor: string | null, asked?: FirmsAsked): Promise<FirmsPage>
  /** The firm was erased, and its name with it. Its connections are free. */
  bury(firm: string, by: string): Promise<void>
  tombstone(firm: string): Promise<Tombstone | null>
  standing(): Promise<Standing>
  /**
   * Firms as they told of themselves, by name: `from` (included) to `to` (not included), at most `most`.
   * `left`: how many more there are in that span.
   */
  figures(from: string, to: string | null, most: number): Promise<{ firms: FirmFigures[]; left: number }>
  /** Which firms were erased, by name, from behind `cursor` on. */
  graves(limit: number, cursor: string | null): Promise<TombstonesPage>
}
