import { confusable } from '../../../clio/compare/text.ts'
import { isObject, type Json, type JsonObject } from '../../../lib/json.ts'
import { plainText } from '../../../lib/text/plain-text.ts'
import { dateAt } from '../../../lib/time/time.ts'
import { sources } from '../../../sources/index.ts'
import type { Result } from '../../calls/result.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Beginning } from './own-writes.ts'

/**
 * A calendar that is synchronised with Clio's gets a copy of every entry that a rule makes there, and tells of it as of any other: under an
 * id of its own, with nobody of ours in it. Taken for a booking, the copy makes an entry, which is copied, and so on for ever. A copy
 * says what our entry says, at the same time; each entry has one in a calendar, and what else says the same is somebody's own.
 */

const resource = 'calendar_entries'
/** ms that a copy may take. */
const soon = 24 * 60 * 60_000
/** A shorter piece of a title stands in many. */
const pieceFrom = 10
/** Entries of ours that begin at one moment and are looked at. */
const most = 20

/** Kept values: entries of ours by their start, which record an event is the copy of, and the other way round. They are of one Clio account. */
export const entryKey = 'entry:'

/** A step of ours made or changed an entry, or found it as it should be. In the caller's transaction. @param output the step's */
export function keepEntry(output: Json, timezone: string, { attempts, cache, seals }: Ledger, now: number): void {
  if (!isObject(output) || output.resource !== resource || (output.id ?? null) === null) return
  const id = String(output.id)
  const start = startOf(said(attempts.bodies(resource, id)), timezone)
  if (start === null) return
  const key = placeOf(start, seals)
  const known = kept(cache.get(key)?.value).filter(one => one !== id)
  cache.set(key, [...known.slice(1 - most), id], now)
}

/** What becomes of an event that is a copy of what a run of ours wrote, or may turn out to be one; null: it is somebody's own. */
export function echoOf(run: Beginning, timezone: string, ledger: Ledger): Result | null {
  const { event, endpoint, thread, replayOf } = run
  if (!event?.booking || thread === null || replayOf !== null || !sources.get(event.source)?.copied) return null
  const { cache, seals } = ledger
  const isOf = `${entryKey}of ${endpoint} ${thread}`
  const copied = cache.get(isOf)?.value
  if (event.type === 'booking.canceled') {
    const gone = ledger.attempts.written(resource, String(copied)).find(one => one.deletes)
    return gone && run.acceptedAt - gone.endedAt < soon ? ours(gone.run, String(copied)) : null
  }
  const { start, all_day } = event.booking
  const at = start === null ? Number.NaN : Date.parse(start)
  if (start === null || Number.isNaN(at)) return null
  const place = all_day ? start : minuteOf(at)
  for (const id of kept(cache.get(placeOf(place, seals))?.value)) {
    const hasCopy = `${entryKey}copy ${endpoint} ${id}`
    if ((cache.get(hasCopy)?.value ?? thread) !== thread) continue
    const writes = ledger.attempts.bodies(resource, id)
    const last = writes.at(-1)
    if (!last || run.acceptedAt - last.endedAt > soon || startOf(said(writes), timezone) !== place) continue
    if (!saysTheSame(event, said(writes))) continue
    const runs = writes.map(one => ledger.runs.get(one.run))
    // What it made itself, when it is moved there and back.
    if (runs.some(one => one?.endpoint === endpoint && one.thread === thread)) continue
    const { email } = event.person
    if (email !== null && !runs.some(one => one?.event?.person.email?.toLowerCase() === email.toLowerCase())) continue
    const write = () => {
      cache.set(isOf, id, run.acceptedAt)
      cache.set(hasCopy, thread, run.acceptedAt)
    }
    return { ...ours(last.run, id), write }
  }
  // The synchronisation may be faster than the answer to the call.
  const other = ledger.attempts.underWay('POST', resource, run.id).find(({ call: { body = {} } }) => {
    return startOf(body, timezone) === place && saysTheSame(event, body)
  })
  if (!other) return null
  const write = () => ledger.runs.setBehind(run.id, other.run)
  return { input: { kind: 'behind', run: other.run, what: 'this may be a copy of the entry that it makes.' }, write }
}

const ours = (run: string, id: string): Result => {
  const reason = `Our own entry: run ${run} wrote calendar entry ${id} in Clio, and this is the copy of it that a synchronisation made. Replay it if it is another one.`
  return { input: { kind: 'ignored', code: 'own-write', reason } }
}

const kept = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : [])
const placeOf = (start: string, seals: Ledger['seals']) => `${entryKey}at ${seals.hash('entry', start)}`
const minuteOf = (at: number) => new Date(at).toISOString().slice(0, 16)

/** What writes of a record say, the last word of each key. */
const said = (writes: readonly { readonly body: JsonObject }[]): JsonObject =>
  Object.assign({}, ...writes.map(one => one.body))

/** When an entry begins: the minute in UTC, or the date of one that lasts all day; null: nobody says. */
function startOf({ start_at, all_day }: JsonObject, timezone: string): string | null {
  const at = typeof start_at === 'string' ? Date.parse(start_at) : Number.NaN
  if (Number.isNaN(at)) return null
  return all_day === true ? dateAt(at, timezone) : minuteOf(at)
}

function saysTheSame({ booking }: NonNullable<Beginning['event']>, { summary, end_at, all_day }: JsonObject): boolean {
  const { title, end } = booking!
  if (typeof summary !== 'string' || title === null || !sameTitle(summary, title)) return false
  const [one, other] = [Date.parse(String(end_at)), Date.parse(String(end))]
  return all_day === true || Number.isNaN(one) || Number.isNaN(other) || minuteOf(one) === minuteOf(other)
}

/** A synchronisation may write something before or behind a title. */
function sameTitle(own: string, told: string): boolean {
  if (confusable(own, told)) return true
  const [one, other] = [plainText(own), plainText(told)]
  return one.length >= pieceFrom && other.includes(one)
}
