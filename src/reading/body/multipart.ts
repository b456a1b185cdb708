import { type Bytes, utf8 } from '../../lib/encoding.ts'
import { charsetIn, extendedValue, textIn, unencodedWords } from './charset.ts'

/**
 * `multipart/form-data` (RFC 7578) without a copy of its bytes: a part is a view of the body, since a form with files may fill a
 * third of the memory that a Worker has.
 */

export interface Part {
  readonly name: string
  /** Null for an answer that is no file. */
  readonly filename: string | null
  /** Content-Type in lower case, without parameters; empty when the part names none. */
  readonly type: string
  /** What the part says of the encoding of its text. */
  readonly charset: string | null
  /** The part's head as it came. */
  readonly head: Bytes
  readonly bytes: Bytes
}

/**
 * The parts of a body, in order, at most one more than `most` (the caller refuses so many); null when it is none.
 * @param contentType the request's, with its boundary
 */
export function parseMultipart(body: Bytes, contentType: string, most: number): Part[] | null {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s"]{1,70}))/i.exec(contentType)
  if (!boundary) return null
  const delimiter = utf8(`\r\n--${boundary[1] ?? boundary[2]}`)
  // The first one may stand at the very beginning, without its line break.
  let at = startsWith(body, delimiter.subarray(2), 0) ? -2 : find(body, delimiter, 0)
  if (at === -1) return null
  const parts: Part[] = []
  while (parts.length <= most) {
    let start = at + delimiter.length
    if (body[start] === dash && body[start + 1] === dash) return parts
    while (body[start] === space || body[start] === tab) start++
    const head = find(body, blankLine, start)
    if (!startsWith(body, lineBreak, start) || head < 0) return null
    const from = head + blankLine.length
    // An empty part's delimiter begins with the line break that ends its head.
    at = find(body, delimiter, from - lineBreak.length)
    if (at < 0) return null
    const part = partOf(body.subarray(start, head), body.subarray(from, Math.max(from, at)))
    if (!part) return null
    parts.push(part)
  }
  return parts
}

const [space, tab, dash] = [0x20, 0x09, 0x2d]
const lineBreak = utf8('\r\n')
const blankLine = utf8('\r\n\r\n')

/** The text of an answer. @param declared the encoding of the form, where the part names none */
export const textOf = (part: Part, declared: string | null): string => textIn(part.bytes, part.charset ?? declared)

function partOf(head: Bytes, bytes: Bytes): Part | null {
  const headers = new Map<string, string>()
  for (const line of textIn(head, null).split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const disposition = headers.get('content-disposition') ?? ''
  if (!/^form-data\s*(;|$)/i.test(disposition)) return null
  const named = parametersOf(disposition)
  const name = named.get('name')
  if (name === undefined) return null
  const contentType = headers.get('content-type') ?? ''
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  return { name, filename: filenameIn(named, name, type), type, charset: charsetIn(contentType), head, bytes }
}

/** Programs that are no browsers name a file by `filename*` (RFC 8187), by an encoded word of mail, or not at all. */
function filenameIn(named: ReadonlyMap<string, string>, name: string, type: string): string | null {
  const extended = named.get('filename*')
  const told = (extended === undefined ? null : extendedValue(extended)) ?? named.get('filename') ?? extended ?? null
  if (told !== null) return unencodedWords(told)
  const isText = !/^(?:application\/(?!json|x-www-form-urlencoded|xml)|image\/|audio\/|video\/)/.test(type)
  return isText ? null : `${name}.${type.replace('jpeg', 'jpg').split(/[/+]/)[1]}`
}

/** Browsers escape a quote and line breaks as `%22`, `%0D%0A` (HTML, multipart/form-data encoding); other programs write `\"`. */
function parametersOf(disposition: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name = '', quoted, bare] of disposition.matchAll(/;\s*([\w*-]+)=(?:"((?:\\"|[^"])*)"|([^;\s]*))/g)) {
    const value = (quoted ?? bare ?? '').replaceAll('\\"', '"')
    const plain = value.replace(/%(22|0D|0A)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), plain)
  }
  return found
}

function startsWith(body: Bytes, pattern: Bytes, at: number): boolean {
  return at + pattern.length <= body.length && pattern.every((byte, n) => body[at + n] === byte)
}

function find(body: Bytes, pattern: Bytes, from: number): number {
  for (let at = body.indexOf(pattern[0]!, from); at >= 0; at = body.indexOf(pattern[0]!, at + 1)) {
    let same = 1
    while (same < pattern.length && body[at + same] === pattern[same]) same++
    if (same === pattern.length) return at
  }
  return -1
}
