import type { Context } from 'hono'
import { lookup } from '../kv/keys.ts'
import { readMirror } from '../kv/mirror.ts'
import { isName } from '../kv/names.ts'
import { utf8 } from '../lib/encoding.ts'
import { Hono } from '../lib/hono.ts'
import { isProblem, type Problem, problemResponse } from '../lib/problem.ts'
import type { ClaimAnswer, Mirror } from '../model/docket-rpc.ts'
import type { Inbound, Receipt } from '../model/endpoint.ts'
import type { Delivery } from '../model/event.ts'
import type { Desk, DoorDocket, Source } from '../model/source.ts'
import { unfitIn } from '../model/unfit.ts'
import type { Keeping } from '../platform/file-store.ts'
import { settingsOf } from '../platform/settings.ts'
import { receiptResponse } from '../reading/receipt.ts'
import * as refusals from '../reading/refusals.ts'
import { sources as registry } from '../sources/index.ts'
import type { Located } from '../sources/locate.ts'
import { refusedPage, wantsPage } from '../sources/own-form/form.ts'
import { Brakes, type Limits } from './brakes.ts'
import { Kept, Unkept } from './keep-bytes.ts'
import { type Place, Places, placeIn } from './places.ts'
import { isForm, type ReadBody, streamForm, wholeBody } from './read-request.ts'
import { Spacing } from './spacing.ts'

/**
 * The door: `/in/{firm}/{endpoint}` and, for providers that can set no header, `/in/{firm}/{endpoint}/{token}`.
 * Verify, make events, look the keys up, claim; only what the Docket has written is acknowledged.
 */

export interface Door extends Limits {
  /** The firm's Docket. */
  docket(firm: string): DoorDocket
  readonly kv: Pick<KVNamespace, 'get'>
  /** Where the bytes of files are kept; null: nowhere, and events come without theirs. */
  readonly files: Keeping | null
  /** The Worker's bindings, where secrets are looked up by name. */
  readonly env: object
  /** How a source reaches its provider. @default the platform's own */
  readonly fetch?: typeof fetch
  /** ms since the epoch. */
  now(): number
}

const oneMiB = 1_048_576
const methods = 'POST, GET, OPTIONS'

/** @param sources by name; @default every source there is */
export function inboundRoutes(door: Door, sources: ReadonlyMap<string, Source<unknown>> = registry): Hono {
  const app = new Hono()
  const places = new Places()
  const brakes = new Brakes(door)
  const spacing = new Spacing()
  app.all('/in/:firm/:endpoint/:token?', c => receive(visitOf({ door, sources, places, brakes, spacing }, c)))
  app.onError((error, c) => {
    console.error(`The door failed: ${error.name} ${frameOf(error)}`)
    return refusal(c.req.raw, refusals.failed)
  })
  return app
}

/** One request and what has been learned of it so far. */
interface Visit {
  readonly door: Door
  readonly sources: ReadonlyMap<string, Source<unknown>>
  readonly places: Places
  readonly brakes: Brakes
  readonly spacing: Spacing
  readonly request: Request
  readonly firm: string
  readonly name: string
  readonly token: string | null
  readonly now: number
  /** Goes on behind the answer. */
  later(work: Promise<void>): void
  /** Whether it was let in before its body was read; null: nobody has looked yet. */
  braked?: Problem | null
  /** Its moment among the long bodies has come. */
  spaced?: true
  /** There is an endpoint of that name. */
  known?: boolean
  /** No, as its source says it. */
  refuse?: (refused: Problem) => Response
  /** Why it was refused, or `duplicate`; counted for the firm, so many times. */
  code?: string
  times?: number
  /** What it brought into the store. */
  readonly kept: Kept
  /** The body, once it was read. */
  body?: ReadBody
}

/**
 * - `answer`: said and done.
 * - `refused`: unless the Docket knows a newer configuration.
 * - `stale`: the Docket does, and here it is.
 */
type Outcome =
  | { readonly kind: 'answer'; readonly response: Response }
  | { readonly kind: 'refused'; readonly response: Response; readonly log?: string }
  | { readonly kind: 'stale'; readonly mirror: Mirror }

const answer = (response: Response): Outcome => ({ kind: 'answer', response })

function visitOf(known: Pick<Visit, 'door' | 'sources' | 'places' | 'brakes' | 'spacing'>, c: Context): Visit {
  const { firm = '', endpoint = '', token = null } = c.req.param() as Record<string, string | undefined>
  const later = (work: Promise<void>) => {
    try {
      c.executionCtx.waitUntil(work)
    } catch {
      // Outside of the Worker there is none: it goes on by itself.
      void work
    }
  }
  const kept = new Kept(known.door.files, firm)
  return { ...known, request: c.req.raw, firm, name: endpoint, token, now: known.door.now(), later, kept }
}

async function receive(visit: Visit): Promise<Response> {
  const no = (refused: Problem) => visit.refuse?.(refused) ?? refusal(visit.request, refused)
  if (!methods.split(', ').includes(visit.request.method)) return problemResponse(refusals.method(methods))
  if (visit.brakes.silences(visit.request.headers, visit.now)) return no(refusals.tooMany)
  if (!isName(visit.firm) || !isName(visit.name)) return no(refusals.notFound)
  try {
    // KV may be a minute behind, misses included: nobody is refused before the Docket was asked, once.
    let outcome = await attempt(visit, await placeKnown(visit))
    if (outcome.kind === 'refused')
      outcome = await attempt(visit, await placeOf(visit, await ask(visit, docket => docket.mirror())))
    if (outcome.kind === 'stale') outcome = await attempt(visit, await placeOf(visit, outcome.mirror))
    if (outcome.kind === 'stale') return no(refusals.changing)
    if (outcome.kind === 'refused' && outcome.log) {
      // 503 is for the operator to mend; a forged request is not.
      console[outcome.response.status >= 500 ? 'error' : 'warn'](outcome.log)
    }
    await settle(visit, outcome)
    return outcome.response
  } catch (error) {
    if (error instanceof Unkept) {
      console.error(
        `Endpoint ${visit.firm}/${visit.name}: the files of a form could not be stored; the sender is told to retry.`,
      )
      return no(refusals.unkept)
    }
    if (!(error instanceof Unreachable)) throw error
    console.error(`The Docket of firm ${visit.firm} cannot be reached (${error.message}); the sender is told to retry.`)
    const { headers } = unfitIn(error.cause) ?? refusals.unreachable
    return no({ ...refusals.unreachable, ...(headers && { headers }) })
  } finally {
    await visit.kept.drop()
  }
}

/** No, where no source says it: a browser that sent a form itself gets a page all the same. */
const refusal = (request: Request, refused: Problem): Response =>
  request.method === 'POST' && wantsPage(request) ? refusedPage(request.headers, refused) : problemResponse(refused)

/** What was refused counts: for the sender's address, and for the firm to see. */
async function settle(visit: Visit, { kind, response }: Exclude<Outcome, { kind: 'stale' }>): Promise<void> {
  const { brakes, request, firm, name, now, code, times } = visit
  if (kind === 'refused' && response.status < 500) await brakes.refused(request.headers, now)
  // Names of endpoints that there are not are the sender's words.
  if (code !== undefined && visit.known)
    visit.later(brakes.count(firm, name, code, now, counts => visit.door.docket(firm).refused(counts), times))
}

/** Thrown when a call to the Docket fails; the message is the error's class, never its text, which may quote data. */
class Unreachable extends Error {}

async function ask<T>(visit: Visit, call: (docket: DoorDocket) => Promise<T>): Promise<T> {
  try {
    return await call(visit.door.docket(visit.firm))
  } catch (error) {
    const name = unfitIn(error)?.code ?? (error instanceof Error ? error.name : typeof error)
    throw new Unreachable(name, { cause: error })
  }
}

/** The endpoint as it was a moment ago, or as KV has it. */
async function placeKnown(visit: Visit): Promise<Place> {
  const { door, places, firm, name, now } = visit
  return places.get(firm, name, now) ?? placeOf(visit, await readMirror(door.kv, firm))
}

async function placeOf({ door, places, sources, firm, name, now }: Visit, mirror: Mirror | null): Promise<Place> {
  const place = await placeIn(mirror, firm, name, door.env, sources)
  places.put(firm, name, place, now)
  return place
}

/** The way of a request under one version of the configuration. */
async function attempt(visit: Visit, place: Place): Promise<Outcome> {
  const { located } = place
  const { firm, name, request, brakes, now } = visit
  if (located === 'unknown') return { kind: 'refused', response: refusal(request, refusals.notFound) }
  if (located === 'unusable') {
    const log = `Endpoint ${firm}/${name}: its configuration does not fit this version of the Worker; save it again.`
    return { kind: 'refused', response: refusal(request, refusals.unusable), log }
  }

  const { source, endpoint } = located
  const maxBytes = source.bodyLimit?.(endpoint.options) ?? source.maxBytes ?? oneMiB
  visit.known = true
  visit.refuse = refused => {
    visit.code = refused.code
    return source.refuse?.(inboundOf(visit), endpoint, refused) ?? problemResponse(refused)
  }
  const { refuse } = visit
  if (!source.signed && request.method === 'POST') {
    visit.braked ??= await brakes.before(request, firm, name, now)
    if (visit.braked) return answer(refuse(visit.braked))
  }
  // A form with files is proved by its head, so that nothing is stored of one that is not.
  const takes = isForm(request) ? source.takes?.(endpoint.options) : undefined
  if (!takes) visit.body ??= await wholeBody(request, maxBytes)
  const unread = () => (typeof visit.body === 'string' ? refusals.unread(visit.body, maxBytes) : null)
  const refused = unread()
  if (refused) return answer(refuse(refused))
  let inbound = inboundOf(visit)
  if (!takes && inbound.parts !== undefined) return answer(refuse(refusals.changing))

  const handshake = await source.handshake?.(inbound, endpoint)
  if (handshake) return answer(handshake)
  if (inbound.method === 'OPTIONS') return answer(new Response(null, { status: 204, headers: { allow: 'POST' } }))
  if (inbound.method !== 'POST') return { kind: 'refused', response: refuse(refusals.method('POST')) }

  const verdict = await source.verify(inbound, endpoint)
  if (!verdict.ok) {
    return { kind: 'refused', response: refuse(verdict.problem), log: refusedLine(visit, located, verdict) }
  }
  if (takes) {
    visit.body ??= await streamForm(request, takes, maxBytes, visit.kept)
    const refused = unread()
    if (refused) return answer(refuse(refused))
    inbound = inboundOf(visit)
  }
  if (!(await spaced(visit))) return answer(refuse(refusals.tooMuchAtOnce))
  const said = await source.answer?.(inbound, endpoint, deskOf(visit))
  if (said) return answer(isProblem(said) ? refuse(said) : said)
  const deliveries = await source.parse(inbound, endpoint)
  if (isProblem(deliveries)) return answer(refuse(deliveries))
  if (textOf(visit) * timesMost > refusals.storedMost && deliveries.some(isTooMuch))
    return answer(refuse(refusals.tooMuch))

  const claimed = await claim(visit, place, source, deliveries)
  if (claimed.kind === 'stale') return claimed
  if (claimed.kind === 'conflict') return answer(refuse(refusals.conflict(claimed.run)))
  if (claimed.kind === 'gone') return answer(refuse(refusals.gone))
  if (claimed.kind === 'full') {
    brakes.full(firm, now)
    return answer(refuse(refusals.dayFull(now)))
  }
  const { receipts } = claimed
  return answer(source.respond?.(inbound, endpoint, receipts) ?? receiptResponse(firm, receipts, {}, source.status))
}

/** Waits for the moment of a long body; false: too many do. */
async function spaced(visit: Visit): Promise<boolean> {
  if (visit.spaced) return true
  const ms = visit.spacing.wait(textOf(visit), visit.door.now())
  if (ms === null) return false
  if (ms > 0) await new Promise(resolve => setTimeout(resolve, ms))
  visit.spaced = true
  return true
}

function deskOf(visit: Visit): Desk {
  const { env, fetch: outside = fetch } = visit.door
  return { settings: settingsOf(env), fetch: (...call) => outside(...call), ask: call => ask(visit, call) }
}

function inboundOf(visit: Visit): Inbound {
  const { request, body, token, now } = visit
  const { bytes = new Uint8Array(), parts } = typeof body === 'object' ? body : {}
  const { method, url, headers } = request
  return { method, url: new URL(url), headers, body: bytes, ...(parts !== undefined && { parts }), token, now }
}

/** Bytes of a body that become an event. */
const textOf = ({ body }: Visit): number => (typeof body === 'object' ? body.text : 0)

/** A byte of a body becomes no more of an event: read twice, and six characters for one that JSON escapes. */
const timesMost = 12

/** Accepted, it could not be written down, however often it was sent. */
const isTooMuch = ({ contents: _, ...delivery }: Delivery): boolean =>
  utf8(JSON.stringify(delivery.event)).length > refusals.storedMost

/** The keys in KV first; then the Docket, which alone decides who is first. */
async function claim(visit: Visit, { version, hashing }: Place, source: Source<unknown>, deliveries: Delivery[]) {
  const { door, firm, name } = visit
  const bytes = typeof visit.body === 'object' ? visit.body.size : 0
  const known = await Promise.all(deliveries.map(delivery => lookup(door.kv, firm, name, delivery, hashing)))
  const conflict = known.find(entry => entry?.kind === 'conflict')
  if (conflict) return { kind: 'conflict' as const, run: conflict.run }
  const found = known.filter(entry => entry !== null)
  if (found.length === deliveries.length) {
    visit.code = 'duplicate'
    visit.times = found.length
    const receipts = found.map(({ run }): Receipt => ({ run, status: 'accepted', duplicate: true }))
    return { kind: 'receipts' as const, receipts }
  }
  const kept = await visit.kept.store(deliveries)
  visit.kept.given(kept)
  const claimed = await ask(visit, docket =>
    docket.claim({
      endpoint: name,
      version,
      interactive: source.interactive ?? false,
      deliveries: kept,
      ...(!source.signed && { unproved: { bytes, files: kept.some(({ event }) => event.seals) } }),
    }),
  )
  visit.kept.returned(kept.filter((_, at) => !isNew(claimed, at)))
  return claimed
}

const isNew = (claimed: ClaimAnswer, at: number): boolean =>
  claimed.kind === 'receipts' && claimed.receipts[at]?.duplicate === false

/** One line for the operator: endpoint, reason, and what is wrong with its secrets (names, never values). */
function refusedLine(visit: Visit, located: Located, verdict: { readonly problem: Problem; readonly why?: string }) {
  const reasons = [verdict.why ?? verdict.problem.code, ...located.faults].join('; ')
  return `Endpoint ${visit.firm}/${visit.name} refused a request: ${reasons}`
}

/** The innermost frame of a stack: where it failed, without the message, which may quote data. */
const frameOf = (error: Error) =>
  (error.stack ?? '')
    .split('\n')
    .find(line => /^\s{1,8}at /.test(line))
    ?.trim() ?? ''
