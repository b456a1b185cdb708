import * as z from 'zod/mini'
import { canonical, isObject, type Json, type JsonObject, sha256 } from '../lib/json.ts'
import { type Problem, problemResponse } from '../lib/problem.ts'
import type { Inbound } from '../model/endpoint.ts'
import type { Delivery, InboundFile, Person } from '../model/event.ts'
import type { Source } from '../model/source.ts'
import { readJson } from '../reading/body/body.ts'
import { delivery, type Told } from '../reading/delivery.ts'
import { idAt, isoTime, notFrom, textAt } from '../reading/payload.ts'
import { messageOf, personOf } from '../reading/person.ts'
import { insideOf, orByMaton, viaOption } from './maton.ts'
import { objectIn, type Place, textIn } from './places.ts'
import { schemeWords, signedBy, signedOptions, signedUrlOptions } from './proof/proofs.ts'
import type { Scheme } from './proof/schemes.ts'

/** Sources as data: a provider that signs a JSON body and keeps what we need at fixed places is a row. */

export interface Vendor {
  readonly name: string
  readonly provider: string
  /** By the first whose header the request carries. */
  readonly schemes: readonly Scheme[]
  /** True when a trigger of the gateway's may deliver its events. */
  readonly maton?: true
  /** True when one request brings a list of events. */
  readonly list?: true
  /** @default 1 MiB */
  readonly maxBytes?: number
  /** Joined with `:`; all of them must be there. Besides places `@name` for a header, `#` for the hash of the whole event. */
  readonly key: readonly Place[]
  /** As `key`. Joined with `.`, those that are there; none: `{name}.received`. */
  readonly type: readonly Place[]
  readonly subject?: Place
  readonly time?: Place
  /** The object that becomes `fields`. @default the event */
  readonly fields?: Place
  /** Whom it is about. @default by the names of the fields */
  readonly person?: (item: JsonObject) => Person
  /** @default by the names of the fields; none where `person` tells who it is */
  readonly message?: Place
  /** Takes files out of the event that stand in it. */
  readonly taken?: (item: JsonObject) => { item: JsonObject; files: InboundFile[]; contents: Delivery['contents'] }
  /** What no place can tell. */
  readonly more?: (item: JsonObject) => Partial<Told>
  /** As of a source. */
  readonly status?: 200
  /** The status of a refusal for a bad signature. @default 401 */
  readonly unproved?: number
}

type Options = z.infer<typeof signedUrlOptions> & { via?: 'maton' | undefined }

export function sourceOf(vendor: Vendor): Source<Options> {
  const { name, unproved } = vendor
  const signsAddress = vendor.schemes.some(({ signed }) => signed.includes('{uri}'))
  return {
    name,
    verifiedBy: vendor.schemes.map(schemeWords).join('; or '),
    keyedBy: vendor.key.map(inWords).join(', '),
    types: ['*'],
    signed: true,
    options: vendor.maton ? z.extend(signedOptions, viaOption) : signsAddress ? signedUrlOptions : signedOptions,
    ...(vendor.maxBytes !== undefined && { maxBytes: vendor.maxBytes }),
    ...(vendor.status && { status: vendor.status }),
    verify: orByMaton(signedBy(...vendor.schemes)),
    parse: (request, endpoint) => insideOf(request, endpoint.options, one => readAll(vendor, one)),

    ...(unproved && {
      refuse: (_request, _endpoint, problem) =>
        problem.status === 401
          ? problemResponse({ ...problem, status: unproved, headers: { 'retry-after': '900' } })
          : null,
    }),
  }
}

async function readAll(vendor: Vendor, request: Inbound): Promise<Delivery[] | Problem> {
  const read = readJson(request)
  if (!read.ok) return read.problem
  const items = vendor.list ? read.value : [read.value]
  if (!Array.isArray(items) || items.length === 0 || items.length > 100) return notFrom(vendor.provider)
  const made = await Promise.all(items.map(item => eventIn(vendor, item, request)))
  return made.some(one => one === null) ? notFrom(vendor.provider) : (made as Delivery[])
}

async function eventIn(vendor: Vendor, whole: Json, request: Inbound): Promise<Delivery | null> {
  if (!isObject(whole)) return null
  const hash = vendor.key.includes('#') ? await sha256(canonical(whole)) : ''
  const read = (place: Place) => readPlace(place, whole, request, hash)
  const key = vendor.key.map(read)
  if (key.includes(null)) return null
  const { item, files, contents = [] } = vendor.taken?.(whole) ?? { item: whole, files: [] }
  const fields = objectIn(item, vendor.fields) ?? item
  const made = await delivery({
    source: vendor.name,
    type: vendor.type.flatMap(place => read(place) ?? []).join('.') || `${vendor.name}.received`,
    id: key.join(':'),
    subject: vendor.subject === undefined ? null : read(vendor.subject),
    time: vendor.time === undefined ? null : isoTime(textIn(item, vendor.time)),
    data: item,
    fields,
    person: vendor.person?.(item) ?? personOf(fields),
    message: textIn(item, vendor.message) ?? (vendor.person ? null : messageOf(fields)),
    files,
    ...vendor.more?.(item),
  })
  return contents.length > 0 ? { ...made, contents } : made
}

function readPlace(place: Place, item: Json, request: Inbound, hash: string): string | null {
  for (const one of place.split('|')) {
    const header = one.startsWith('@') ? request.headers.get(one.slice(1)) : null
    const found = one === '#' ? hash : one.startsWith('@') ? textAt({ header }, 'header') : idAt(item, one)
    if (found !== null) return found
  }
  return null
}

const inWords = (place: Place) => place.replaceAll('|', ' or ').replaceAll('@', '').replace('#', 'the content')
