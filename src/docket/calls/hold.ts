import { backoff } from '../../lib/backoff.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** The firm's queue stands still: the connection is lost, or Clio answers with nothing but errors. */
export interface Hold {
  readonly since: number
  /** For people. */
  readonly reason: string
  readonly probeAt: number
  readonly probes: number
}

/** 30 s, then doubling to ten minutes. */
const probing = { base: 30_000, longest: 10 * 60_000 }

export function holdOf(ledger: Ledger): Hold | null {
  return ledger.made ? (ledger.meta.get('hold') as Hold | null) : null
}

/** Begins to hold, or leaves the hold as it is. True when it began. */
export function hold(ledger: Ledger, reason: string, probeAt: number, now: number): boolean {
  if (holdOf(ledger)) return false
  ledger.meta.set('hold', { since: now, reason, probeAt, probes: 0 })
  return true
}

export const afterLoss = (now: number): number => now + backoff(0, probing)

/** A probe failed. */
export function probed(ledger: Ledger, before: Hold, reason: string, now: number): void {
  const probes = before.probes + 1
  ledger.meta.set('hold', { ...before, reason, probes, probeAt: now + backoff(probes, probing) })
}

/** An operator says that it is mended: the next probe goes at once. */
export function probeNow(ledger: Ledger, now: number): void {
  const before = holdOf(ledger)
  if (before) ledger.meta.set('hold', { ...before, probeAt: now })
}

export function mended(ledger: Ledger): void {
  ledger.meta.set('hold', null)
  ledger.runs.releaseHeld()
}
