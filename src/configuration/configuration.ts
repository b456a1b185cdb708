import * as z from 'zod/mini'
import { contract } from '../clio/contract/index.ts'
import type { Resources } from '../clio/contract/shapes/contract.ts'
import { isCountry } from '../clio/people/numbering.ts'
import { isPublicAddress } from '../lib/address.ts'
import { utf8 } from '../lib/encoding.ts'
import { remarksOf, unknown } from '../lib/issues.ts'
import { isObject, type Json } from '../lib/json.ts'
import { once } from '../lib/once.ts'
import { pathOf, type Remark } from '../lib/path.ts'
import { type Problem, problem } from '../lib/problem.ts'
import { didYouMean } from '../lib/text/nearest.ts'
import { agentsEndpoint } from '../model/event.ts'
import { rule } from '../model/rule.ts'
import type { Source } from '../model/source.ts'
import { facts } from '../model/view/channel.ts'
import { secretOption } from '../platform/secrets.ts'
import { check } from '../rules/check/check.ts'
import { sources as registry } from '../sources/index.ts'
import { readJsonc } from './jsonc.ts'

/** The one document of a firm: where events come in, and what becomes of them. */

export type Sources = ReadonlyMap<string, Source<unknown>>

/** Bytes of a document; a Durable Object's row holds 2 MB, a KV value 25 MB. */
const LARGEST = 512 * 1024

const timezone = z.string().check(
  z.superRefine((name, context) => {
    if (isTimezone(name)) return
    const near = didYouMean(name, Intl.supportedValuesOf('timeZone'))
    context.addIssue(`is not a time zone such as America/New_York${near}`)
  }),
)

function isLanguage(text: string): boolean {
  return /^[a-z]{2,3}$/.test(text) && Intl.DateTimeFormat.supportedLocalesOf(text).length > 0
}

const country = z.string().check(
  z.superRefine((code, context) => {
    if (isCountry(code)) return
    const meant = { UK: 'GB', USA: 'US' }[code.toUpperCase()] ?? code.toUpperCase()
    const near = isCountry(meant) ? `; did you mean '${meant}'?` : ''
    context.addIssue(`must be a two-letter country code such as US${near}`)
  }),
)

/** The options of a source besides are its own affair: see `endpointErrors`. */
const endpoint = z.looseObject({ source: z.string() })

/** A webhook of the firm's; what it gets is signed as Standard Webhooks says. */
const webhook = z.strictObject({
  url: z.url().check(z.refine(isPublicAddress, 'must be a public address that begins with https://')),
  secret: secretOption,
})

/** One that is told what happens besides. */
const subscriber = z.extend(webhook, { events: z.optional(z.array(z.enum(facts)).check(z.minLength(1))) })

/** The document's shape. Made when it is first needed: most requests of a Worker read no configuration. */
export const schema = once(() => {
  /** A channel where people are, by the source through which they are talked with: `{ "slack": "#intake" }`. */
  const people = [...registry.values()]
    .filter(({ conversation }) => conversation !== undefined)
    .map(({ name }) => z.strictObject({ [name]: z.string().check(z.minLength(1)) }))

  return z.strictObject({
    $schema: z.optional(z.string()),
    timezone,
    country,
    language: z.optional(
      z
        .string()
        .check(z.refine(isLanguage, 'must be the two small letters of a language, such as en, es or fr (ISO 639)')),
    ),
    connection: z.optional(z.uuid('must be the id of a connection, such as 21fd90f9-5935-43cd-b6c8-bde9d915ca80')),
    mode: z.optional(z.enum(['live', 'shadow'])),
    pace: z.optional(
      z.strictObject({
        requests: z.int().check(z.gte(1), z.lte(10_000)),
        seconds: z.int().check(z.gte(1), z.lte(3600)),
      }),
    ),
    endpoints: z.record(
      z.string().check(
        z.regex(
          /^[a-z0-9][a-z0-9-]{0,62}$/,
          'an endpoint is named in small letters, digits and -: it stands in its address',
        ),
        z.refine(name => name !== agentsEndpoint, `'${agentsEndpoint}' is the name under which agents' writes stand`),
      ),
      endpoint,
    ),
    rules: z.array(rule),
    channels: z.optional(z.record(z.string().check(z.minLength(1)), z.union([subscriber, ...people]))),
    alerts: z.optional(z.union([z.string().check(z.minLength(1)), webhook])),
    retention: z.optional(
      z.strictObject({
        days: z.optional(z.int().check(z.gte(1), z.lte(3650))),
        parkedDays: z.optional(z.int().check(z.gte(8), z.lte(3650))),
      }),
    ),
  })
})

/** Whether a channel is an address of the firm's, rather than a place where people are. */
export function isWebhook(
  channel: NonNullable<Configuration['channels']>[string],
): channel is z.infer<typeof subscriber> {
  return 'url' in channel && 'secret' in channel
}

/** A document that has been checked. */
export type Configuration = z.infer<ReturnType<typeof schema>>

export type Reading =
  | {
      readonly ok: true
      readonly configuration: Configuration
      readonly document: Json
      readonly warnings: readonly Remark[]
    }
  /** `configuration`: where its shape is right, and only what it says is not. */
  | { readonly ok: false; readonly problem: Problem; readonly configuration?: Configuration }

/**
 * Reads a firm's document (JSONC). Everything that is wrong is told at once, each with its JSON path and the nearest right name.
 * @returns the configuration; `document` is the same without comments, to be stored
 */
export function readConfiguration(text: string, sources: Sources = registry, clio: Resources = contract): Reading {
  if (utf8(text).length > LARGEST)
    return {
      ok: false,
      problem: problem(
        413,
        'configuration-too-large',
        'The configuration is too large',
        'A configuration has at most 512 KiB. Send a shorter one.',
      ),
    }
  const read = readJsonc(text)
  if (!read.ok) return refused(read.errors)
  const parsed = schema().safeParse(read.value)
  const errors = [
    ...(parsed.success ? [] : remarksOf(parsed.error, schema(), read.value)),
    ...endpointErrors(read.value, sources),
  ]
  if (!parsed.success) return refused(errors)
  const checked = check(parsed.data, sources, clio)
  const found = [...errors, ...checked.errors, ...channelErrors(parsed.data, sources)]
  if (found.length > 0) return { ...refused(found), configuration: parsed.data }
  return { ok: true, configuration: parsed.data, document: read.value, warnings: checked.warnings }
}

/** Each source checks its own options. */
function endpointErrors(document: Json, sources: Sources): Remark[] {
  if (!isObject(document) || !isObject(document.endpoints)) return []
  return Object.entries(document.endpoints).flatMap(([name, given]) => {
    if (!isObject(given) || typeof given.source !== 'string') return []
    const place = ['endpoints', name]
    const source = sources.get(given.source)
    if (!source) return [{ path: pathOf([...place, 'source']), message: unknown(given.source, [...sources.keys()]) }]
    const { source: _, ...options } = given
    const parsed = source.options.safeParse(options)
    return parsed.success ? [] : remarksOf(parsed.error, source.options, options, place)
  })
}

/** A step or an alarm can only be told where there is somebody. Where people are written to, every name is a channel's of theirs. */
function channelErrors({ rules, channels = {}, alerts, endpoints }: Configuration, sources: Sources): Remark[] {
  const written = Object.values(endpoints).some(({ source, ...options }) =>
    sources.get(source)?.conversation?.writes(options),
  )
  const known = (name: string) => written || Object.hasOwn(channels, name)
  const told: { place: (string | number)[]; name: string }[] = rules.flatMap((one, at) =>
    Object.entries(one.steps).flatMap(([step, { notify }]) =>
      notify === undefined || notify.includes('{{')
        ? []
        : [{ place: ['rules', at, 'steps', step, 'notify'], name: notify }],
    ),
  )
  if (typeof alerts === 'string') told.push({ place: ['alerts'], name: alerts })
  return told
    .filter(({ name }) => !known(name))
    .map(({ place, name }) => ({
      path: pathOf(place),
      message: `'${name}' is not defined under 'channels'${didYouMean(name, Object.keys(channels))}`,
    }))
}

/** An IANA name. `Intl` also takes offsets and abbreviations (`EST`), which know no summer time. */
function isTimezone(name: string): boolean {
  if (!name.includes('/') && name !== 'UTC') return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** A document with faults. */
export function refused(errors: readonly Remark[]): Extract<Reading, { ok: false }> {
  const [first] = errors
  const where = first?.path ? `${first.path}: ` : ''
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const detail = `${where}${first?.message}${more}. Nothing was changed; fix the entries in 'errors', and send the document again.`
  return {
    ok: false,
    problem: problem(422, 'invalid-configuration', 'The configuration is not valid', detail, { errors }),
  }
}
