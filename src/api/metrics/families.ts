import type { Counts, FirmFigures, Standing } from '../../model/registry-rpc.ts'

/**
 * What is told of firms, as data: each a family of OpenMetrics, from what a docket last told the registry. What each is in words stands in
 * `src/assets/metrics.json`.
 */

export type Labels = Readonly<Record<string, string>>
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly unit?: 'seconds' | 'ratio'
  /** What a firm adds to it. */
  firm?(one: FirmFigures, now: number): number | null | undefined | (readonly [number, Labels])[]
  /** What it says of all firms together. */
  all?(standing: Standing & { left: number }, now: number): number | null | (readonly [number, Labels])[]
}

const counted = (key: keyof Counts): Family => ({
  name: `docketed_${key}`,
  type: 'counter',
  firm: one => one.figures?.counts[key],
})

const age = (at: number | null | undefined, now: number) => (at == null ? null : Math.max(0, now - at) / 1000)

export const families: readonly Family[] = [
  counted('accepted'),
  counted('done'),
  counted('ignored'),
  counted('discarded'),
  counted('duplicates'),
  counted('refused'),
  counted('calls'),
  counted('limited'),
  {
    name: 'docketed_open',
    type: 'gauge',
    firm: one => one.open,
  },
  { name: 'docketed_held', type: 'gauge', firm: one => one.held },
  { name: 'docketed_shadow', type: 'gauge', firm: one => one.figures?.shadow },
  { name: 'docketed_parked', type: 'gauge', firm: one => one.parked },
  {
    name: 'docketed_parked_by_reason',
    type: 'gauge',
    firm: one => Object.entries(one.figures?.reasons ?? {}).map(([code, n]) => [n, { code }]),
  },
  {
    name: 'docketed_oldest_open_seconds',
    type: 'gauge',
    unit: 'seconds',
    firm: (one, now) => one.figures && (age(one.figures.oldestOpenAt, now) ?? 0),
  },
  {
    name: 'docketed_pace_used_ratio',
    type: 'gauge',
    unit: 'ratio',
    firm: ({ figures }) => figures && figures.pace.used / figures.pace.requests,
  },
  {
    name: 'docketed_alerts_failing',
    type: 'gauge',
    firm: one => one.figures?.deafChannels,
  },
  {
    name: 'docketed_last_event_age_seconds',
    type: 'gauge',
    unit: 'seconds',
    firm: (one, now) => age(one.lastEventAt, now),
  },
  {
    name: 'docketed_report_age_seconds',
    type: 'gauge',
    unit: 'seconds',
    firm: (one, now) => age(one.reportedAt, now),
  },
  { name: 'docketed_firms', type: 'gauge', all: ({ firms }) => firms },
  {
    name: 'docketed_firms_overdue',
    type: 'gauge',
    all: ({ overdue }) => overdue,
  },
  {
    name: 'docketed_firms_unfit',
    type: 'gauge',
    all: ({ unfit }) => Object.entries(unfit).map(([why, n]) => [n, { why }]),
  },
  {
    name: 'docketed_firms_left_out',
    type: 'gauge',
    all: ({ left }) => left,
  },
  {
    name: 'docketed_sweep_age_seconds',
    type: 'gauge',
    unit: 'seconds',
    all: ({ sweptAt }, now) => age(sweptAt, now),
  },
]
