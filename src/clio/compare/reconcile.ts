import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Call } from '../../model/call.ts'
import { type Candidate, type Clio, Refused, recordOf } from '../../model/intent.ts'
import { type Resource, resourceNamed } from '../contract/index.ts'
import { listAll } from '../gateway/paging.ts'
import { candidatesOf, notThis } from '../names/chosen.ts'
import { bodyText, lookupQuery } from '../names/paths.ts'
import { fieldsOf, readable, says } from './compare.ts'
import { type Found, markName } from './found.ts'
import { likeness, sameIn } from './likeness.ts'
import { reconcileVersion, versioned } from './versions.ts'

/** Clio's clock and ours may differ by this much (ms). */
const clockSkew = 2 * 60_000

/**
 * Did the call land whose answer was lost? Looks for its record by the contract's lookup, compares on our side, and leaves out
 * ids that other steps own (I2). Asked only after a late write would have landed.
 * @param sentAt ms, when the call went out
 */
export async function reconcile(call: Call, name: string, sentAt: number, clio: Clio): Promise<Found> {
  const resource = resourceNamed(name)
  if (!resource) return doubtful(call, 'Docketed does not know how to look for it.')
  try {
    if (call.method === 'POST') return await reconcileCreate(call, name, resource, sentAt, clio)
    if (call.method === 'PATCH' && call.body && appends(call.body)) return await reconcileUpdate(call, resource, clio)
  } catch (error) {
    // A record that is gone has nothing to tell; the step finds out when it goes on.
    if (error instanceof Refused && call.method === 'PATCH' && [404, 410].includes(error.status))
      return { kind: 'absent' }
    if (error instanceof Refused) return doubtful(call, `Clio refused to be asked (${error.status}): ${error.message}`)
    throw error
  }
  // A DELETE, a PATCH of plain values and an upload of the same bytes may be repeated.
  return { kind: 'absent' }
}

async function reconcileCreate(
  call: Call,
  name: string,
  resource: Resource,
  sentAt: number,
  clio: Clio,
): Promise<Found> {
  const { lookup } = resource
  if (!lookup || !resource.list) return doubtful(call, 'Clio offers no way to look for such a record.')
  const body = call.body ?? {}
  const document = name === 'documents' ? versioned(body) : null
  if (document !== null) return reconcileVersion(document, call, sentAt - clockSkew, clio)
  const query = lookupQuery(lookup.query, template => fill(template, body, sentAt, clio))
  const wanted = readable(body, resource)
  const records = await listAll(
    { method: 'GET', path: name, query: { ...query, fields: fieldsOf(wanted, resource) } },
    clio,
  )
  const since = sentAt - clockSkew
  const likenessOf = (said: JsonObject, record: JsonObject) => likeness(said, record, resource, clio.country)
  const recent = records.filter(record => !(madeAt(record) < since))
  const owned = clio.owned(
    name,
    recent.map(({ id }) => String(id)),
  )
  const { chosen = [] } = clio
  const free = recent.filter(({ id }) => !owned.has(String(id)) && !chosen.includes(notThis(String(id))))
  const meant = free.find(({ id }) => chosen.includes(String(id)))
  if (meant) return adopted(meant)
  const candidates = free.map(record => ({ record, ...likenessOf(body, record) }))
  const same = candidates.filter(({ kind }) => kind === 'same')
  // What says exactly what another run's lost call was to make is not ours because it is nearly that.
  const others = clio.inDoubt(name).filter(({ discarded, sentAt: at }) => !discarded || at + latest > since)
  const saidBy = (record: JsonObject) => others.find(({ body: said }) => likenessOf(said, record).kind === 'same')
  const near = candidates.filter(({ kind, record }) => kind === 'near' && !saidBy(record))
  const [one] = same
  if (one && same.length === 1) {
    const left = saidBy(one.record)
    if (left?.discarded)
      return doubtful(
        call,
        `Record ${one.record.id} says the same, but may be of run ${left.run}, which was discarded.`,
        candidatesOf(name, [one.record]),
      )
    return adopted(one.record)
  }
  const maybe = same.length > 0 ? same : near
  if (maybe.length === 0) return { kind: 'absent' }
  return doubtful(
    call,
    maybe.length > 1 ? severalOf(maybe) : nearlyOf(maybe[0]!),
    candidatesOf(
      name,
      maybe.map(({ record }) => record),
    ),
  )
}

/** When a record was made (ms); NaN: it does not say, or not in which timezone. */
const madeAt = ({ created_at: at }: JsonObject): number =>
  /T[^T]*(?:Z|[+-]\d\d:?\d\d)$/.test(String(at)) ? Date.parse(String(at)) : Number.NaN

const adopted = (record: JsonObject): Found => ({ kind: 'adopt', answer: { data: record }, record: String(record.id) })

/** ms after which a call whose answer was lost makes no record any more. */
const latest = 60 * 60_000

type Likely = { readonly record: JsonObject; readonly differs?: readonly string[] }

const severalOf = (candidates: readonly Likely[]): string =>
  `Several records in Clio could be the one (${candidates.map(({ record }) => record.id).join(', ')}).`

const nearlyOf = ({ record, differs = [] }: Likely): string =>
  `Record ${record.id} in Clio looks like the one, but says something else in places (${differs.join(', ')}).`

function fill(template: string, body: JsonObject, sentAt: number, clio: Clio): string | null {
  switch (template) {
    case '@since':
      return new Date(sentAt - clockSkew).toISOString()
    case '@mark.name':
      return markName
    case '@mark.value':
      return clio.mark
    default:
      return bodyText(body, template)
  }
}

/** A PATCH that adds items to an array is no plain repeat: sent twice, it adds them twice. */
export function appends(body: JsonObject): boolean {
  return Object.values(body).some(value => Array.isArray(value) && value.some(isAdded))
}

const isAdded = (item: Json) => isObject(item) && item.id === undefined

async function reconcileUpdate(call: Call, resource: Resource, clio: Clio): Promise<Found> {
  // Of a custom field's value an answer does not tell the field; sent twice, Clio refuses it, and the step looks before it sends.
  const { custom_field_values: _, ...body } = call.body ?? {}
  if (!appends(body)) return { kind: 'absent' }
  const wanted = readable(body, resource)
  const unseen = Object.keys(body).find(key => {
    const [sent, seen] = [body[key], wanted[key]]
    return Array.isArray(sent) && sent.some(isAdded) && !(Array.isArray(seen) && seen.length === sent.length)
  })
  if (unseen !== undefined) return doubtful(call, `Clio does not tell what stands in ${unseen}.`)
  const record = recordOf(
    await clio.read({ method: 'GET', path: call.path, query: { fields: fieldsOf(wanted, resource) } }),
  )
  // Not there in full: the step works out anew what is missing, so that nothing is added twice.
  return says(wanted, record, sameIn(resource, clio.country))
    ? { kind: 'adopt', answer: { data: record }, record: String(record.id) }
    : { kind: 'absent' }
}

function doubtful(call: Call, why: string, candidates: readonly Candidate[] = []): Found {
  const then =
    candidates.length > 0
      ? 'Look in Clio whether it is what this call made.'
      : 'See in Clio whether it was done: if it was and should stay, discard this run; if not, resume it.'
  return { kind: 'doubtful', reason: `The answer to ${call.method} ${call.path} was lost. ${why} ${then}`, candidates }
}
