import PostalMime, { type Email } from 'postal-mime'
import { type Bytes, binaryOf, fromBinary, fromUtf8, utf8 } from '../../lib/encoding.ts'
import { inOneGo, turn } from '../../lib/pieces.ts'

/** A mail from its bytes, whatever its programs say of their encodings: U+FFFD, which stands for what could not be read, is never made. */

const options = { forceRfc822Attachments: true, maxNestingDepth: 50, maxHeadersSize: 262_144 }
/** A mail of 25 MB has 420,000 when its files stand in lines of 60. */
const mostLines = 450_000
/** Lines that may begin a part. */
const mostParts = 2000
/** Besides its letters, what a line costs, in bytes that cost as much. */
const perLine = 64
const unknown = '\ufffd'
/** Bytes of a mail that are read more than once. */
const mostAgain = 2_000_000

/** Null for what is no mail, or has more lines or parts than any. */
export async function readMail(bytes: Bytes): Promise<Email | null> {
  if (isEndless(bytes)) return null
  const mail = await parsed(bytes)
  if (mail === null || !textsOf(mail).some(text => text.includes(unknown))) return mail
  const others = bytes.length > mostAgain ? [] : await Promise.all([asWindows, byLine].map(make => parsed(make(bytes))))
  return better(
    mail,
    others.filter(one => one !== null),
  )
}

function isEndless(bytes: Bytes): boolean {
  let [lines, parts] = [0, 0]
  for (let at = 0; at >= 0 && lines < mostLines && parts < mostParts; at = bytes.indexOf(0x0a, at) + 1 || -1) {
    lines++
    if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d) parts++
  }
  return lines >= mostLines || parts >= mostParts
}

const parsed = (bytes: Bytes): Promise<Email | null> =>
  inTurns(new PostalMime(options))
    .parse(bytes)
    .catch(() => null)

/** What a reader does with each line, which its types leave out. */
interface ByLine {
  processLine(line: Bytes, last: boolean): Promise<void>
}

/** It reads 25 MB without a pause: here others have their turn between the lines. */
function inTurns(given: PostalMime): PostalMime {
  const reader = given as PostalMime & ByLine
  const next = reader.processLine.bind(reader)
  let read = 0
  reader.processLine = (line, last) => {
    read += line.length + perLine
    if (read < inOneGo) return next(line, last)
    read = 0
    return turn().then(() => next(line, last))
  }
  return reader
}

const textsOf = ({ from, replyTo, subject, text, html }: Email): string[] =>
  [from?.name, replyTo?.[0]?.name, subject, text, html].filter(one => one !== undefined)

/** Each part as the first reading has it that could read it. */
function better(mail: Email, others: readonly Email[]): Email {
  const best = <T>(part: (one: Email) => T): T => {
    const all = [mail, ...others].map(part)
    return all.find(one => !JSON.stringify(one ?? '').includes(unknown)) ?? plain(all[0]!)
  }
  const { from, replyTo, subject, text, html } = mail
  return {
    ...mail,
    ...(from && { from: best(one => one.from ?? from) }),
    ...(replyTo && { replyTo: best(one => one.replyTo ?? replyTo) }),
    ...(subject !== undefined && { subject: best(one => one.subject ?? subject) }),
    ...(text !== undefined && { text: best(one => one.text ?? text) }),
    ...(html !== undefined && { html: best(one => one.html ?? html) }),
  }
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(unknown, '?')) as T

/** What says UTF-8 and is none, as the encoding that Windows has. */
function asWindows(bytes: Bytes): Bytes {
  const said = binaryOf(bytes)
    .replace(/(charset\s*=\s*"?)utf-?8/gi, '$1windows-1252')
    .replace(/=\?utf-?8\?/gi, '=?windows-1252?')
  return fromBinary(said)
}

/** What says nothing: a line that is no UTF-8 is in the encoding that Windows has. */
function byLine(bytes: Bytes): Bytes {
  const lines: Bytes[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at)
    const line = bytes.subarray(at, end < 0 ? bytes.length : end + 1)
    lines.push(fromUtf8(line) === null ? utf8(windows.decode(line)) : line)
    at += line.length
  }
  return new Uint8Array(Buffer.concat(lines))
}

const windows = new TextDecoder('windows-1252')
