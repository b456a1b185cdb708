import PostalMime, { type Email } from 'postal-mime'
import { type Bytes, binaryOf, concat, fromBinary, fromUtf8, utf8 } from '../../lib/encoding.ts'

/** A mail from its bytes, whatever its programs say of their encodings: U+FFFD, which stands for what could not be read, is never made. */

const options = { forceRfc822Attachments: true, maxNestingDepth: 50 }
const unknown = '\ufffd'
/** Bytes of a mail that are read more than once. */
const mostAgain = 4_000_000

/** Null for what is no mail. */
export async function readMail(bytes: Bytes): Promise<Email | null> {
  const mail = await parsed(bytes)
  if (mail === null || !textsOf(mail).some(text => text.includes(unknown))) return mail
  const others = bytes.length > mostAgain ? [] : await Promise.all([asWindows, byLine].map(make => parsed(make(bytes))))
  return better(
    mail,
    others.filter(one => one !== null),
  )
}

const parsed = (bytes: Bytes): Promise<Email | null> => PostalMime.parse(bytes, options).catch(() => null)

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
    lines.push(fromUtf8(line) === null ? utf8(new TextDecoder('windows-1252').decode(line)) : line)
    at += line.length
  }
  return concat(...lines)
}
