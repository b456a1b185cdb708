import type { Configuration } from '../../../configuration/configuration.ts'
import { secretsNamed } from '../../../configuration/secrets-named.ts'
import { isObject, type Json } from '../../../lib/json.ts'
import { type Problem, problem } from '../../../lib/problem.ts'
import { meantPerhaps } from '../../../lib/text/nearest.ts'
import { dateAt, instantAt } from '../../../lib/time/time.ts'
import type { Caller } from '../../../model/access.ts'
import type { CaughtView, RunView } from '../../../model/docket-rpc.ts'
import type { Catching, EndpointView } from '../../../model/view/endpoint.ts'
import { whyRefused } from '../../../reading/refusals.ts'
import { sources } from '../../../sources/index.ts'
import { locate } from '../../../sources/locate.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'
import { whyNot } from '../../timers/subscriptions.ts'
import type { Access } from '../access.ts'
import { maskedView } from '../mask.ts'
import { viewOf } from '../views.ts'
import { Catcher } from './catching.ts'
import { fieldsOf } from './fields.ts'

/** Refusals that are looked through, and causes that are shown of an endpoint. */
const refusalsMost = 500
const causesMost = 8
const minute = 60_000

export interface EndpointsDeps {
  readonly ledger: Ledger
  readonly firm: string
  /** The Worker's bindings, where secrets are looked up by name. */
  readonly env: object
  readonly newest: Configuration
  readonly access: Access
  now(): number
}

const noBucket =
  'Files are not taken: this deployment has no bucket for them (R2). The rest of an event is, and says which were left out.'

const iso = (at: number) => new Date(at).toISOString()

/** How the firm's endpoints stand. */
export async function endpointsOf(deps: EndpointsDeps): Promise<{ endpoints: EndpointView[] }> {
  const { ledger, newest, now } = deps
  const midnight = instantAt(`${dateAt(now(), newest.timezone)}T00:00`, newest.timezone) ?? now()
  const [counts, refusals] = [ledger.arrivals.since(midnight), ledger.refusals.list(refusalsMost)]
  const endpoints: EndpointView[] = []
  for (const [endpoint, { source: sourceName, ...options }] of Object.entries(newest.endpoints)) {
    const source = sources.get(sourceName)
    const last = ledger.arrivals.last(endpoint)
    const refused = new Map<string, EndpointView['refused'][number]>()
    for (const { endpoint: door, code, at, times } of refusals) {
      if (door !== endpoint) continue
      const before = refused.get(code)
      refused.set(code, { at: before?.at ?? at, code, why: whyRefused(code), times: times + (before?.times ?? 0) })
    }
    const catcher = new Catcher(ledger)
    endpoints.push({
      name: endpoint,
      source: sourceName,
      verifiedBy: source?.verifiedBy ?? '',
      keyedBy: source?.keyedBy ?? '',
      types: [...(source?.types ?? [])],
      ...(await secretsOf(endpoint, { source: sourceName, ...options } as Json, deps)),
      lastDelivery: last && { at: iso(last.at), run: last.id, state: last.state, reasonCode: last.reasonCode },
      today: counts.get(endpoint) ?? {},
      refused: [...refused.values()].slice(0, causesMost),
      subscriptions: ledger.timers.of('renewal', endpoint).map(({ name, data, dueAt, tries }) => ({
        name,
        until: data === null || data.expiresAt <= now() ? null : iso(data.expiresAt),
        nextTryAt: dueAt === null ? null : iso(dueAt),
        tries,
        why: tries > 0 ? textIn(ledger.sourceMemory.recall(endpoint, whyNot(name))) : null,
      })),
      catching: catcher.armed(endpoint, now()),
      caught: catcher.last(endpoint),
    })
  }
  return { endpoints }
}

const textIn = (value: Json): string | null => (typeof value === 'string' ? value : null)

/** Which secrets its options name, and what keeps it from working. Names, never values. */
async function secretsOf(name: string, entry: Json, { ledger, firm, env }: EndpointsDeps) {
  const mirror = ledger.configs.mirror()
  const located = mirror === null ? 'unknown' : await locate(mirror, firm, name, env, sources)
  const names = [...new Set(secretsNamed({ endpoints: { [name]: entry } }).map(one => one.name))]
  if (typeof located === 'string') {
    const faults = ['Its configuration does not fit this version of Docketed. Save it again.']
    return { secrets: names.map(one => ({ name: one, state: 'missing' as const })), faults }
  }
  const isSet = (one: string) => located.endpoint.secrets(`$${one}`).length > 0
  const secrets = names.map(one => ({ name: one, state: isSet(one) ? ('set' as const) : ('missing' as const) }))
  const files = isObject(entry) && entry.files !== undefined && !('FILES' in env) ? [noBucket] : []
  return { secrets, faults: [...located.faults, ...files] }
}

/** @param minutes 0: the next one is not to be caught any more */
export function catchNext(
  name: string,
  minutes: number,
  by: Caller,
  deps: EndpointsDeps,
): { catching: Catching | null } | Problem {
  const { ledger, access, now } = deps
  if (!deps.newest.endpoints[name]) return unknownEndpoint(name, deps.newest)
  const catcher = new Catcher(ledger)
  ledger.transaction(() => {
    catcher.arm(name, minutes === 0 ? null : now() + minutes * minute, by)
    access.note(by, { action: minutes === 0 ? 'endpoint.uncaught' : 'endpoint.catching', detail: name })
  })
  return { catching: catcher.armed(name, now()) }
}

/** @param what null: only whether there is such an endpoint */
export function tested(name: string, what: string | null, by: Caller, deps: EndpointsDeps): null | Problem {
  if (!deps.newest.endpoints[name]) return unknownEndpoint(name, deps.newest)
  if (what !== null) deps.access.note(by, { action: 'endpoint.tested', detail: name })
  return null
}

/** What was caught last, as a rule would read it: masked, unless whoever asks wants to see it. */
export function caughtAt(name: string, by: Caller, reveal: boolean, deps: EndpointsDeps): CaughtView | Problem {
  const { ledger, access, now, newest } = deps
  if (!newest.endpoints[name]) return unknownEndpoint(name, newest)
  const catcher = new Catcher(ledger)
  const catching = catcher.armed(name, now())
  const last = catcher.last(name)
  const run: StoredRun | null = last && ledger.runs.get(last.run)
  if (run === null) return { catching, run: null, fields: [] }
  if (reveal) access.note(by, { action: 'run.revealed', run: run.id })
  const whole = viewOf(run, ledger)
  const shown: RunView = reveal ? whole : maskedView(whole)
  return { catching, run: shown, fields: shown.event === null ? [] : fieldsOf(shown.event) }
}

export function unknownEndpoint(name: string, { endpoints }: Pick<Configuration, 'endpoints'>): Problem {
  const known = Object.keys(endpoints)
  const detail = `The firm has no endpoint “${name}”.${meantPerhaps(name, known) || ` There ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}.`}`
  return problem(404, 'unknown-endpoint', 'No such endpoint', detail)
}
