import type { Counts, FirmFigures, Standing } from '../../model/registry-rpc.ts'

/** What is told of firms, as data: each a family of OpenMetrics, from what a docket last told the registry. */

export type Labels = Readonly<Record<string, string>>
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly unit?: 'seconds' | 'ratio'
  readonly help: string
  /** What a firm adds to it. */
  firm?(one: FirmFigures, now: number): number | null | undefined | (readonly [number, Labels])[]
  /** What it says of all firms together. */
  all?(standing: Standing & { left: number }, now: number): number | null | (readonly [number, Labels])[]
}

const counted = (key: keyof Counts, help: string): Family => ({
  name: `docketed_${key}`,
  type: 'counter',
  help,
  firm: one => one.figures?.counts[key],
})

const age = (at: number | null | undefined, now: number) => (at == null ? null : Math.max(0, now - at) / 1000)

export const families: readonly Family[] = [
  counted('accepted', 'Runs put on the docket: events, and what was replayed, joined or taken back.'),
  counted('done', 'Runs carried out.'),
  counted('ignored', 'Runs that ended because no rule matched, or there was nothing to do.'),
  counted('discarded', 'Runs that a person discarded.'),
  counted('duplicates', 'Deliveries of what was accepted before.'),
  counted('refused', 'Requests that the door sent away.'),
  counted('calls', 'Calls that went out to Clio.'),
  counted('limited', 'Calls that Clio answered with 429.'),
  {
    name: 'docketed_open',
    type: 'gauge',
    help: 'Runs that go on by themselves, held ones included.',
    firm: one => one.open,
  },
  { name: 'docketed_held', type: 'gauge', help: 'Runs that wait for the connection to Clio.', firm: one => one.held },
  { name: 'docketed_shadow', type: 'gauge', help: 'Runs that are held in shadow.', firm: one => one.figures?.shadow },
  { name: 'docketed_parked', type: 'gauge', help: 'Runs that wait for a person.', firm: one => one.parked },
  {
    name: 'docketed_parked_by_reason',
    type: 'gauge',
    help: 'Runs that wait for a person, by the code of the reason.',
    firm: one => Object.entries(one.figures?.reasons ?? {}).map(([code, n]) => [n, { code }]),
  },
  {
    name: 'docketed_oldest_open_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Age of the oldest run that goes on by itself; 0 when there is none.',
    firm: (one, now) => one.figures && (age(one.figures.oldestOpenAt, now) ?? 0),
  },
  {
    name: 'docketed_pace_used_ratio',
    type: 'gauge',
    unit: 'ratio',
    help: 'Share of the calls in a window that was used when the firm last told of itself.',
    firm: ({ figures }) => figures && figures.pace.used / figures.pace.requests,
  },
  {
    name: 'docketed_alerts_failing',
    type: 'gauge',
    help: 'Channels that have not taken a notice, which is tried again.',
    firm: one => one.figures?.deafChannels,
  },
  {
    name: 'docketed_last_event_age_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Since the last event was accepted.',
    firm: (one, now) => age(one.lastEventAt, now),
  },
  {
    name: 'docketed_report_age_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'How old the other values of the firm are: since its docket last told of itself.',
    firm: (one, now) => age(one.reportedAt, now),
  },
  { name: 'docketed_firms', type: 'gauge', help: 'Firms that the registry knows.', all: ({ firms }) => firms },
  {
    name: 'docketed_firms_overdue',
    type: 'gauge',
    help: 'Firms whose docket should have woken by now, and has not said so.',
    all: ({ overdue }) => overdue,
  },
  {
    name: 'docketed_firms_unfit',
    type: 'gauge',
    help: 'Firms whose database this version cannot use, by why.',
    all: ({ unfit }) => Object.entries(unfit).map(([why, n]) => [n, { why }]),
  },
  {
    name: 'docketed_firms_left_out',
    type: 'gauge',
    help: 'Firms of the span that were asked for which this answer has no room for.',
    all: ({ left }) => left,
  },
  {
    name: 'docketed_sweep_age_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Since the cron last looked for dockets that are overdue.',
    all: ({ sweptAt }, now) => age(sweptAt, now),
  },
]
