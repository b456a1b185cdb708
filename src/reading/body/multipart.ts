import { type Bytes, binaryOf, concat, fromBase64, fromBinary, utf8 } from '../../lib/encoding.ts'
import type { Part, PartHead } from '../../model/event.ts'
import { charsetIn, extendedValue, textIn, unencodedWords } from './charset.ts'

/**
 * `multipart/form-data` (RFC 7578), piece by piece as it comes: a form with files may be larger than what a Worker can hold of all that
 * it does at once. (Libraries such as `@remix-run/multipart-parser` hold each part whole.)
 */

/** What takes the bytes of one part. They stand only until `write` is through. */
export interface Taker {
  write(bytes: Bytes): unknown
  end(): Part | Promise<Part>
}

/** Bytes that the head of a part may have. */
const headMost = 16_384

export class MultipartReader {
  /** In order, at most one more than `most` (the caller refuses so many). */
  readonly parts: Part[] = []
  /** `wrong`: it is no such body. `over`: the last part was read; what comes behind is nobody's. */
  state: 'start' | 'preamble' | 'head' | 'body' | 'over' | 'wrong' = 'start'
  #delimiter: Bytes
  /** Programs that are no browsers end their lines with a line feed alone (RFC 2046 wants both). */
  #lineBreak = lineBreak
  readonly #most: number
  readonly #open: (head: PartHead) => Taker
  #taker!: Taker
  /** Bytes in front that are none of the part's: the line break that ends its head may begin the next delimiter. */
  #skip = 0

  /** @param contentType the request's, with its boundary */
  constructor(contentType: string, most: number, open: (head: PartHead) => Taker) {
    const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s"]{1,70}))/i.exec(contentType)
    if (!boundary) this.state = 'wrong'
    this.#delimiter = utf8(`\r\n--${boundary?.[1] ?? boundary?.[2]}`)
    this.#most = most
    this.#open = open
  }

  /** @returns how many of the bytes it is through with: the others are to come again, with more behind them */
  async take(bytes: Bytes): Promise<number> {
    let at = 0
    for (;;) {
      const before: string = this.state
      if (before === 'over' || before === 'wrong') return bytes.length
      at =
        before === 'body' ? await this.#body(bytes, at) : before === 'head' ? this.#head(bytes, at) : this.#find(bytes)
      // Nothing has ended: more is wanted.
      if (this.state === before) return at
    }
  }

  /** The first delimiter, which may stand at the very beginning, without its line break. */
  #find(bytes: Bytes): number {
    const { length } = this.#delimiter
    if (this.state === 'start') {
      if (bytes.length < length - 2) return 0
      const first = startsWith(bytes, this.#delimiter.subarray(2), 0)
      this.state = first ? 'head' : 'preamble'
      return first ? length - 2 : 0
    }
    const found = find(bytes, this.#delimiter, 0)
    if (found < 0) return Math.max(0, bytes.length - length + 1)
    this.state = 'head'
    return found + length
  }

  /** Behind a delimiter. */
  #head(bytes: Bytes, at: number): number {
    if (bytes[at] === dash && bytes[at + 1] === dash) {
      this.state = 'over'
      return at
    }
    let start = at
    while (bytes[start] === space || bytes[start] === tab) start++
    if (bytes[start] === feed && this.#lineBreak === lineBreak) {
      this.#lineBreak = lineBreak.subarray(1)
      this.#delimiter = this.#delimiter.subarray(1)
    }
    const { length } = this.#lineBreak
    const end = find(bytes, concat(this.#lineBreak, this.#lineBreak), start)
    if (end < 0 && bytes.length - at < headMost) return at
    const head = end >= 0 && startsWith(bytes, this.#lineBreak, start) ? headOf(bytes.slice(start, end)) : null
    this.state = head ? 'body' : 'wrong'
    if (head) this.#taker = this.#open(head)
    this.#skip = length
    return end + length
  }

  async #body(bytes: Bytes, at: number): Promise<number> {
    const found = find(bytes, this.#delimiter, at)
    // What may be the beginning of a delimiter waits for what comes behind it.
    const end = found < 0 ? bytes.length - this.#delimiter.length + 1 : found
    const from = at + this.#skip
    if (end > from) {
      await this.#taker.write(bytes.subarray(from, end))
      this.#skip = 0
    }
    if (found < 0) return end > from ? end : at
    this.parts.push(await this.#taker.end())
    this.state = this.parts.length > this.#most ? 'over' : 'head'
    return found + this.#delimiter.length
  }
}

/**
 * The parts of a body that is held anyway; null when it is none. A part of it is a view.
 * @param contentType the request's, with its boundary
 */
export async function parseMultipart(body: Bytes, contentType: string, most: number): Promise<Part[] | null> {
  const reader = new MultipartReader(contentType, most, head => {
    let bytes: Bytes = new Uint8Array()
    return {
      write: more => {
        bytes = bytes.length === 0 ? more : concat(bytes, more)
      },
      end: () => ({ ...head, bytes, size: bytes.length }),
    }
  })
  await reader.take(body)
  return reader.state === 'over' ? reader.parts : null
}

const [space, tab, feed, dash] = [0x20, 0x09, 0x0a, 0x2d]
const lineBreak = utf8('\r\n')

/** The text of an answer. @param declared the encoding of the form, where the part names none */
export const textOf = (part: Part, declared: string | null): string => textIn(plain(part), part.charset ?? declared)

/** Programs that make forms as they make mails say how a part is written, which browsers never do (RFC 7578 §4.7). */
function plain({ head, bytes }: Part): Bytes {
  const way = /^content-transfer-encoding:\s*(base64|quoted-printable)\s*$/im.exec(textIn(head, null))?.[1]
  if (way === undefined) return bytes
  const text = binaryOf(bytes)
  if (/^b/i.test(way)) return fromBase64(text.replace(/\s/g, '')) ?? bytes
  const joined = text.replace(/=[ \t]*\r?\n/g, '')
  return fromBinary(
    joined.replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  )
}

function headOf(given: Bytes): PartHead | null {
  const headers = new Map<string, string>()
  const text = textIn(given, null)
  const head = text.includes('\r\n') ? given : utf8(text.replaceAll('\n', '\r\n'))
  for (const line of text.split(/\r?\n/)) {
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
  return { name, filename: filenameIn(named, name, type), type, charset: charsetIn(contentType), head }
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
