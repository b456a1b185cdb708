import { type Bytes, fromUtf8, utf8 } from '../../lib/encoding.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import type { Inbound } from '../../model/endpoint.ts'
import type { FileLimits, Part } from '../../model/event.ts'
import { type KeyedParts, keyedAnswers, keyedPairs, keyedParts } from '../keys.ts'
import { charsetIn, textIn } from './charset.ts'
import { parseMultipart, textOf } from './multipart.ts'
import { type Received, receive, safeName } from './uploads.ts'

/** From verified bytes to data: whatever a stranger sends becomes data or a refusal, never an exception or a polluted prototype. */

const maxDepth = 64
export const maxFields = 1000

/** Data, or why there is none. Tagged: a sender may well write an object that looks like a `Problem`. */
export type Read<T> = { readonly ok: true; readonly value: T } | Refused

interface Refused {
  readonly ok: false
  readonly problem: Problem
}

const refuse = (problem: Problem): Refused => ({ ok: false, problem })

const malformed = (what: string) =>
  refuse(
    problem(
      400,
      'malformed-body',
      'The body cannot be read',
      `${what} Nothing was recorded; mend it and send it again.`,
    ),
  )

/** The media type of the request in lower case, without parameters; empty when it names none. */
export function mediaType(request: Pick<Inbound, 'headers'>): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
}

export const isJsonType = (type: string): boolean => type === 'application/json' || /^application\/.+\+json$/.test(type)

/** JSON text as data; undefined when it is none. Whole numbers beyond 2^53 keep their digits, as text: they are ids. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text)
    return isPlain(value, 0) ? value : undefined
  } catch {
    const whole = escapedInside(text)
    return whole === text ? undefined : parseJson(whole)
  }
}

/** JSON into which a template put what people wrote, line breaks and all. */
function escapedInside(text: string): string {
  let [whole, inside] = ['', false]
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!
    if (sign === '"') inside = !inside
    if (inside && sign === '\\') whole += sign + (text[++at] ?? '')
    else whole += inside && sign < ' ' ? JSON.stringify(sign).slice(1, -1) : sign
  }
  return whole
}

function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const rounded = typeof value === 'number' && !Number.isSafeInteger(value)
  return rounded && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value
}

/** Not nested beyond what anybody means, and without the one key that assigns a prototype where data is copied carelessly. */
function isPlain(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth >= maxDepth || Object.hasOwn(value, '__proto__')) return false
  return Object.values(value).every(inner => isPlain(inner, depth + 1))
}

/** The body as JSON, whatever it is called; the door has verified it already. */
export function readJson(request: Inbound): Read<Json> {
  const value = parseJson(textIn(request.body, charsetIn(request.headers.get('content-type'))))
  return value === undefined
    ? malformed(`The body is not JSON, or is nested deeper than ${maxDepth} levels, or has a key "__proto__".`)
    : { ok: true, value }
}

/**
 * Names and values of `application/x-www-form-urlencoded`, in order, at most one more than a form may have (the caller refuses so many).
 * https://url.spec.whatwg.org/#urlencoded-parsing: a `%` that encodes nothing is one; `%u00e9` of old scripts is read too.
 * @param declared the encoding that the request names; the field `_charset_`, which browsers fill, comes first
 */
export function parseUrlencoded(body: Bytes, declared: string | null = null): [string, string][] {
  const pairs: [Bytes, Bytes][] = []
  for (let from = 0; from < body.length && pairs.length <= maxFields; ) {
    const next = body.indexOf(sign.and, from)
    const end = next < 0 ? body.length : next
    const equals = body.subarray(from, end).indexOf(sign.equals)
    const middle = equals < 0 ? end : from + equals
    const name = unescapeForm(body.subarray(from, middle))
    const value = unescapeForm(body.subarray(middle + 1, end))
    if (end > from) pairs.push([name, value])
    from = end + 1
  }
  const said = pairs.find(([name]) => fromUtf8(name) === '_charset_')
  const charset = (said && fromUtf8(said[1])) || declared
  return pairs.map(([name, value]) => [textIn(name, charset), textIn(value, charset)])
}

const sign = { and: 0x26, equals: 0x3d, percent: 0x25, plus: 0x2b, blank: 0x20, u: 0x75 } as const

function unescapeForm(bytes: Bytes): Bytes {
  const plain = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte !== sign.percent) plain[length++] = byte === sign.plus ? sign.blank : byte
    else {
      const value = digit(bytes[at + 1]) * 16 + digit(bytes[at + 2])
      const code = bytes[at + 1] === sign.u ? fromUtf8(bytes.slice(at + 2, at + 6)) : null
      if (code !== null && /^[\da-f]{4}$/i.test(code)) {
        const read = utf8(String.fromCharCode(Number.parseInt(code, 16)))
        plain.set(read, length)
        length += read.length
        at += 5
      } else {
        plain[length++] = Number.isNaN(value) ? byte : value
        if (!Number.isNaN(value)) at += 2
      }
    }
  }
  return plain.subarray(0, length)
}

/** What a byte is as a hexadecimal digit; NaN for none. */
const digits = Array.from({ length: 256 }, (_, byte) => Number.parseInt(String.fromCharCode(byte), 16))
const digit = (byte: number | undefined): number => digits[byte ?? 0]!

/** What came with a form: its answers by name, and its files. */
export interface Form {
  readonly answers: JsonObject
  readonly files: readonly Received[]
  /** Names of files that somebody chose and that hold nothing. */
  readonly empty: string[]
  /** What its key is hashed from (`keys.ts`). */
  readonly keyed: KeyedParts
}

/** As `readAnswers`, with the files of a multipart form when `files` allows some. */
export async function readForm(request: Inbound, files: FileLimits | undefined): Promise<Read<Form>> {
  if (files && mediaType(request) === 'multipart/form-data') return fromMultipart(request, files)
  const read = await readAnswers(request)
  if (!read.ok) return read
  return { ok: true, value: { answers: read.value, files: [], empty: [], keyed: { answers: read.keyed, files: [] } } }
}

/** Answers, and what a key is hashed from where they make one: `keys.ts`. */
type ReadAnswers = { readonly ok: true; readonly value: JsonObject; readonly keyed: JsonObject } | Refused

/**
 * The answers of a form by name: URL-encoded, multipart (without files) or a JSON object. Repeated names and `name[]`
 * become lists, text is trimmed and its line breaks are `\n`, an empty answer stays ''.
 */
export async function readAnswers(request: Inbound): Promise<ReadAnswers> {
  const type = formType(request)
  if (type === 'json') {
    const read = fromObject(readJson(request))
    return read.ok ? { ...read, keyed: read.value } : read
  }
  if (type === 'urlencoded') {
    const pairs = parseUrlencoded(request.body, charsetIn(request.headers.get('content-type')))
    const read = collect(pairs)
    if (!read.ok) return read
    // Scripts that name no type send JSON under this one. Its key is made as ever.
    const json = /^\s*\{/.test(pairs[0]?.[0] ?? '') ? fromObject(readJson(request)) : null
    const keyed = keyedAnswers(keyedPairs(request.body) ?? pairs) ?? read.value
    return { ...(json?.ok ? json : read), keyed }
  }
  if (type === 'lines') {
    const read = collect(linesIn(textIn(request.body, charsetIn(request.headers.get('content-type')))))
    return read.ok ? { ...read, keyed: read.value } : read
  }
  if (type === 'multipart') {
    const read = await fromMultipart(request, null)
    return read.ok ? { ok: true, value: read.value.answers, keyed: read.value.keyed.answers } : read
  }
  return typeRefused
}

/**
 * How the body of a form is written. Text without a word of how (`sendBeacon`, scripts that set no header) is what it looks like: JSON,
 * URL-encoded, or the lines of `enctype="text/plain"`.
 */
function formType(request: Inbound): 'json' | 'urlencoded' | 'multipart' | 'lines' | null {
  const type = mediaType(request)
  const small = request.body.length <= longestPairs || type === '' || type === 'text/plain'
  const text = small ? textIn(request.body, charsetIn(request.headers.get('content-type'))).trim() : ''
  const isPairs = /^[\w.%+[\]*-]{1,200}=[^\s=]*(?:&[\w.%+[\]*-]{1,200}=[^\s=]*)*$/.test(text)
  if (isJsonType(type) || type === 'text/json') return isPairs ? 'urlencoded' : 'json'
  if (type === 'application/x-www-form-urlencoded') return 'urlencoded'
  if (type === 'multipart/form-data') return 'multipart'
  const plain = type === '' || type === 'text/plain'
  if (!plain && !/^text\/|octet-stream$|javascript$/.test(type)) return null
  if (/^["{[]/.test(text)) return parseJson(text) === undefined ? null : 'json'
  if (isPairs) return 'urlencoded'
  return plain && text !== '' && linesIn(text).length > 0 ? 'lines' : null
}

/** Bytes of a form that is sent under a wrong name; what is longer is what it is called. */
const longestPairs = 65_536

/** Names and values of `enctype="text/plain"`: `name=value`, a line each; a line without a name goes on with the value before. */
function linesIn(text: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^([^=\n]{1,200})=(.*)$/.exec(line) ?? []
    const last = pairs.at(-1)
    if (name !== undefined) pairs.push([name, value])
    else if (last) last[1] += `\n${line}`
    else return []
  }
  return pairs
}

const formTypes = 'application/x-www-form-urlencoded, multipart/form-data, application/json'

const typeRefused = refuse(
  problem(
    415,
    'content-type',
    'The kind of body is not supported',
    `A form is sent as one of ${formTypes}; say which in Content-Type.`,
    { headers: { 'accept-post': formTypes } },
  ),
)

/** @param options null: no file is taken */
async function fromMultipart(request: Inbound, options: FileLimits | null): Promise<Read<Form>> {
  const { parts = await parseMultipart(request.body, request.headers.get('content-type') ?? '', maxFields) } = request
  if (!parts) return malformed('The body is not multipart/form-data with the boundary that Content-Type names.')
  if (parts.length > maxFields) return tooMany
  const said = parts.find(part => part.name === '_charset_' && part.filename === null)
  const charset = said === undefined ? null : textOf(said, null).trim()
  const answers = collect(parts.filter(part => !isFile(part)).map(part => [part.name, textOf(part, charset)]))
  if (!answers.ok) return answers
  const files = parts.filter(isFile)
  if (!options && files.some(part => part.size > 0)) return filesRefused
  const received = options ? receive(files, options) : []
  if (isProblem(received)) return refuse(received)
  const keyed = keyedParts(parts) ?? { answers: answers.value, files: [] }
  const empty = files.filter(({ size }) => size === 0).map(({ filename }) => safeName(filename ?? ''))
  return { ok: true, value: { answers: answers.value, files: received, empty, keyed } }
}

/** A file field that was left empty is an empty answer. */
const isFile = (part: Part): boolean => part.filename !== null && (part.filename !== '' || part.size > 0)

const filesRefused = refuse(
  problem(
    415,
    'files-not-accepted',
    'This form takes no files',
    'A file came with the form, and this endpoint does not take files. Send the form without it and hand the file over another way; nothing was recorded.',
  ),
)

function fromObject(given: Read<Json>): Read<JsonObject> {
  if (!given.ok) return given
  // JSON that was made text twice.
  const inner = typeof given.value === 'string' ? parseJson(given.value) : undefined
  const read = inner === undefined ? given : { ok: true as const, value: inner }
  if (!isObject(read.value)) return malformed('The body is JSON, but not an object of names and answers.')
  return countValues(read.value) > maxFields ? tooMany : { ok: true, value: tidyObject(read.value) }
}

/** Everything inside a value, at every depth. */
function countValues(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, inner) => sum + 1 + countValues(inner), 0)
}

const tooMany = refuse(
  problem(
    400,
    'too-many-fields',
    'The form has too many fields',
    `A form may have ${maxFields} answers. Nothing was recorded; send fewer.`,
  ),
)

function collect(pairs: readonly [string, string][]): Read<JsonObject> {
  if (pairs.length > maxFields) return tooMany
  const answers = new Map<string, string | string[]>()
  for (const [raw, text] of pairs) {
    const list = raw.endsWith('[]') && raw.length > 2
    // `&amp;` between the pairs is a page's that was escaped once too often.
    const name = (list ? raw.slice(0, -2) : raw).replace(/^amp;/, '')
    if (name === '__proto__') return malformed('A field is named "__proto__".')
    const value = tidyText(text)
    const before = answers.get(name)
    if (before === undefined) answers.set(name, list ? [value] : value)
    else answers.set(name, [before, value].flat())
  }
  // All of it may be the JSON text of one field: `data={"name": …}`.
  const [only] = answers.values()
  const whole = answers.size === 1 && typeof only === 'string' && /^\{/.test(only) ? parseJson(only) : undefined
  return isObject(whole) ? fromObject({ ok: true, value: whole }) : { ok: true, value: Object.fromEntries(answers) }
}

const tidyText = (text: string): string => text.replace(/\r\n?/g, '\n').trim()

function tidy(value: Json): Json {
  if (typeof value === 'string') return tidyText(value)
  if (Array.isArray(value)) return value.map(tidy)
  return isObject(value) ? tidyObject(value) : value
}

function tidyObject(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tidy(inner)]))
}
