import type { Address, Email } from 'postal-mime'
import * as z from 'zod/mini'
import { type Bytes, utf8 } from '../../lib/encoding.ts'
import type { Json, JsonObject } from '../../lib/json.ts'
import { problem } from '../../lib/problem.ts'
import type { Inbound } from '../../model/endpoint.ts'
import type { Delivery, Person } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { answersOf, submission } from '../../reading/answers.ts'
import { allowedType } from '../../reading/body/file-types.ts'
import { fileOptions, safeName } from '../../reading/body/uploads.ts'
import { personOf } from '../../reading/person.ts'
import { whyApart } from './automatic.ts'
import { htmlText } from './html.ts'
import { authenticated } from './proof.ts'
import { readMail } from './read.ts'
import { type Forwarded, fieldsIn, forwardedIn, longestText, written } from './words.ts'

/** Mail as events: leads that services send by mail, and whatever people write to an address of the firm's. */

/** Cloudflare's own limit: https://developers.cloudflare.com/email-routing/limits/ */
export const largestMail = 26_214_400

const sender = z.pipe(
  z
    .string()
    .check(
      z.regex(
        /^[^\s@,]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i,
        'must be an address such as "leads@service.example", or "@service.example" for all of a domain',
      ),
    ),
  z.transform(text => text.toLowerCase()),
)

const options = z.strictObject({
  senders: z.optional(z.array(sender).check(z.minLength(1))),
  files: z.optional(fileOptions),
})
type Options = z.infer<typeof options>

const usual: z.infer<typeof fileOptions> = {
  types: [
    'application/pdf',
    'application/msword',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.ms-excel',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.oasis.opendocument.text',
    'application/rtf',
    'text/plain',
    'text/csv',
    'image/*',
    'audio/*',
  ],
  maxBytes: largestMail,
  most: 20,
}

/** How the door knows it. A mail that comes as a web request is none: anybody could write what proves it. */
export const email: Source<Options> = {
  name: 'email',
  verifiedBy:
    'DKIM, SPF or DMARC, as the server that took the mail in has checked them, where the endpoint names senders',
  keyedBy: 'Message-ID; without it sender, subject and text, for ten minutes',
  types: ['mail.received'],
  signed: false,
  anybody: true,
  maxBytes: largestMail,
  options,
  verify: async () => ({ ok: false, problem: onlyByMail, why: 'a web request is no mail' }),
  parse,
}

/** The same for mail that has come as mail. */
export const emailByMail: Source<unknown> = { ...email, verify } as Source<unknown>

const onlyByMail = problem(
  404,
  'only-by-mail',
  'This endpoint takes mail',
  'Send a mail to the address of this endpoint, {firm}.{endpoint} at the domain of this service. Nothing was recorded.',
)

const unproved = problem(
  403,
  'sender',
  'The sender is not one of those whose mail is taken',
  'The address that the mail shows is not among the senders of this endpoint, or neither DKIM nor SPF proves it. Nothing was recorded.',
)

const unreadable = problem(
  400,
  'malformed-body',
  'The mail cannot be read',
  'It is nested too deeply, or is no mail. Nothing was recorded.',
)

/** Each mail is read once, though verified and parsed apart. */
const readings = new WeakMap<Uint8Array, Promise<Email | null>>()

function readingOf({ body }: Inbound): Promise<Email | null> {
  const known = readings.get(body) ?? readMail(body)
  readings.set(body, known)
  return known
}

async function verify(request: Inbound, { options: { senders } }: { readonly options: Options }) {
  if (senders === undefined) return { ok: true } as const
  const mail = await readingOf(request)
  const from = mail && senderOf(mail)
  if (mail && from && isAmong(from.address, senders) && authenticated(mail, from.address).proved)
    return { ok: true } as const
  return { ok: false, problem: unproved, why: 'the sender is not allowed, or not proved' } as const
}

const isAmong = (address: string, senders: readonly string[]): boolean =>
  senders.some(one => (one.startsWith('@') ? address.toLowerCase().endsWith(one) : address.toLowerCase() === one))

interface Correspondent {
  readonly name: string
  readonly address: string
  /** Answers go to them, or the mail itself says that it is from them; otherwise a service may have sent it. */
  readonly sure?: boolean
}

/** The one that the mail shows; null when it shows none or several, which no honest program does. */
function senderOf(mail: Email): Correspondent | null {
  return mail.headers.filter(({ key }) => key === 'from').length === 1 ? single(mail.from) : null
}

const single = (one: Address | undefined): Correspondent | null =>
  one?.address
    ? {
        name: one.name
          .replace(/\svia\s.*$/i, '')
          .replace(/^'(.*)'$/, '$1')
          .trim(),
        address: one.address.trim(),
      }
    : null

async function parse(request: Inbound, { options: given }: { readonly options: Options }) {
  const mail = await readingOf(request)
  if (mail === null || mail.headers.length === 0) return unreadable
  const from = senderOf(mail)
  const own = textOf(mail)
  const handed = await handedOn(mail, own, given.senders)
  const text = handed?.text ?? written(own)
  const attached = mail.attachments.filter(one => one !== handed?.letter)
  const taken = attachmentsOf([...attached, ...(handed?.attachments ?? [])], given.files ?? usual)
  const subject = handed?.subject ?? mail.subject?.trim() ?? null
  const labels = fieldsIn(text)
  const fields: JsonObject = {
    ...(subject && { Subject: subject.slice(0, 1000) }),
    ...labels,
    ...(taken.left.length > 0 && { 'Attachments not taken': taken.left }),
  }
  const proof = authenticated(mail, from?.address ?? null)
  const data: JsonObject = {
    from: from && { ...from },
    reply_to: (mail.replyTo ?? []).flatMap(one => one.address ?? []),
    to: (mail.to ?? []).flatMap(one => one.address ?? []),
    subject: mail.subject ?? null,
    date: mail.date ?? null,
    text: own,
    authentication: { ...proof },
    files: taken.files.map(({ name }) => name),
    left_out: taken.left,
  }
  const id = idOf(mail)
  const apart = whyApart(mail, request.headers.get('x-envelope-from'), given.senders !== undefined)
  const told = await submission({
    source: 'email',
    type: 'mail.received',
    id,
    time: timeOf(mail),
    data,
    answers: answersOf(labels),
    ...(apart !== null && { spam: apart }),
  })
  const whose = handed ? handed.sender : correspondent(mail, given.senders ?? [], labels)
  const person = personIn(told.event.person, whose)
  const said = [handed?.before, text, handed?.after].filter(Boolean).join('\n\n')
  // What stands behind a label is the message of a form; a letter is one as a whole.
  const { first_name, email, phone } = told.event.person
  const form = [first_name, email, phone].some(one => one !== null) || whose?.sure === true
  const message = (form ? told.event.message : null) ?? (said || null)
  const { message: asked, ...recognized } = told.event.recognized ?? {}
  const read = { ...recognized, ...(form && asked !== undefined && { message: asked }) }
  const content = id === null ? { from: from?.address ?? null, subject, text: said } : null
  return [
    {
      ...(content === null ? told : await keyed(told, content)),
      event: { ...told.event, subject: id, fields, person, message, recognized: read, files: taken.files },
      ...(taken.contents.length > 0 && { contents: taken.contents }),
    } satisfies Delivery,
  ]
}

/** Of a mail without an id: what it says is its key, for ten minutes. */
async function keyed(told: Delivery, content: Json): Promise<Delivery> {
  const { key, content: hash } = await submission({
    source: 'email',
    id: null,
    time: null,
    data: null,
    answers: [{ label: 'mail', value: content }],
  })
  return { ...told, key, content: hash }
}

/** RFC 5322 §3.6.4, without its brackets. */
function idOf({ messageId }: Email): string | null {
  const id = messageId?.trim().replace(/^<|>$/g, '') ?? ''
  return id === '' || id.length > 255 ? null : id
}

function timeOf({ date }: Email): string | null {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** Plain text, unless only the HTML says what stands behind which label. */
function textOf({ text = '', html }: Pick<Email, 'text' | 'html'>): string {
  const plain = text
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .slice(0, longestText)
    // Outlook writes behind a link where it leads.
    .replace(/(?<=\d) ?<tel:[^<>\s]{1,60}>/gi, '')
    .trim()
  if (html === undefined) return plain
  const seen = htmlText(html)
  const labels = (given: string) => Object.keys(fieldsIn(given)).length
  const pointed = plain.length < 500 && pointing.test(plain) && seen.length > plain.length
  const more = pointed || (seen.startsWith(plain) && seen.length > 2 * plain.length)
  return plain === '' || more || labels(seen) > labels(plain) + 1 ? seen : plain
}

/** What programs write for those who do not see the HTML. */
const pointing =
  /\b(?:html|browser)\b|e?-?mail (?:client|program|reader)|(?:view|read|see) th(?:is|e) (?:e?-?mail|message)/i

const bytesOf = (content: Email['attachments'][number]['content']): Bytes =>
  typeof content === 'string' ? utf8(content) : new Uint8Array(content as ArrayBuffer)

interface Handed extends Forwarded {
  readonly attachments: Email['attachments']
  /** The attachment that was read. */
  readonly letter?: Email['attachments'][number]
  readonly sender: Correspondent | null
  /** What stands below a letter: of it, only the letter is the writer's. */
  readonly after?: string
}

/** What was forwarded, in the text or as an attached mail. */
async function handedOn(mail: Email, own: string, senders: readonly string[] = []): Promise<Handed | null> {
  for (const letter of mail.attachments.filter(({ mimeType }) => mimeType === 'message/rfc822')) {
    const inner = await readMail(bytesOf(letter.content))
    if (!inner?.from) continue
    const [sender, text] = [correspondent(inner, senders), textOf(inner)]
    const from = `${inner.from.name} <${inner.from.address}>`.trim()
    const found = { from, subject: inner.subject ?? null, before: own, text, sender }
    return { ...ownOf(mail, found, senders), attachments: inner.attachments, letter }
  }
  let found = forwardedIn(own, mail.subject ?? null)
  for (let deeper = found; found && deeper && isColleague(deeper.from, mail, senders); ) {
    deeper = forwardedIn(deeper.text)
    if (deeper) found = { ...deeper, before: [found.before, deeper.before].filter(Boolean).join('\n\n') }
  }
  const sender = found && writtenSender(found.from)
  const known = sender && !isAmong(sender.address, senders) && !services.test(sender.address) ? sender : null
  return found && { ...ownOf(mail, { ...found, sender: known }, senders), attachments: [] }
}

const domainOf = (address = '') => address.slice(address.lastIndexOf('@')).toLowerCase()

function isColleague(from: string, { from: by }: Email, senders: readonly string[]): boolean {
  const address = writtenSender(from)?.address
  if (address === undefined) return false
  const domain = domainOf(address)
  return isAmong(address, senders) || (domain === domainOf(by?.address) && !everybodys.test(domain))
}

/** Where people have their own mailboxes. */
const everybodys =
  /^@(?:(?:g|google|y|hot|proton)mail|aol|att|comcast|cox|gmx|icloud|live|me|msn|outlook|sbcglobal|verizon|web|yahoo)\.[a-z.]{2,6}$/

/** Somebody from such a mailbox who writes a letter above what they forward asks for themselves: what they send is the other side's. */
function ownOf<T extends Forwarded & { readonly sender: Correspondent | null }>(
  mail: Email,
  found: T,
  senders: readonly string[],
): T & { readonly after?: string } {
  const letter = written(found.before)
  const by = correspondent(mail, senders)
  if (by === null || !everybodys.test(domainOf(by.address)) || letter.split(/\s+/).length < 8) return found
  const after = `From: ${found.from}\n\n${found.text}`
  return { ...found, subject: mail.subject ?? null, before: '', text: letter, after, sender: by }
}

/** `Jane Roe <jane@x>`, `Jane Roe [mailto:jane@x]`, `Jane Roe jane@x`, `jane@x`. */
function writtenSender(text: string): Correspondent | null {
  const found = /[^\s<>[\]():,;"]+@[^\s<>[\]():,;"]+/.exec(text.slice(0, 500))
  if (!found)
    return /^[\p{L}][\p{L}\p{M} .,'’-]{0,80}$/u.test(text.trim())
      ? { name: text.trim(), address: '', sure: true }
      : null
  const name = text.slice(0, found.index).replace(/mailto:|["'<>[\]()]/gi, ' ')
  return { name: name.includes('@') ? '' : name.trim(), address: found[0], sure: true }
}

/** Programs and mailboxes that write for others. */
const services =
  /^(?:[^@]{1,60}[._+-])?(?:no[._-]?reply|do[._-]?not[._-]?reply)|^(?:mailer-daemon|postmaster|bounces?|wordpress|www-data|apache|nobody|root|notifications?|alerts?|mailer|system|webmaster|website|forms?|leads?)(?:[@+._-])/i

/** Whom the mail is from: whom it names, whom answers go to, or its sender; neither a service nor the colleague who handed it on. */
function correspondent(mail: Email, senders: readonly string[], labels: JsonObject = {}): Correspondent | null {
  const [answersTo, sender] = [mail.replyTo?.[0], mail.from].map(single)
  const named = typeof labels.From === 'string' ? writtenSender(labels.From) : null
  // Where answers go to the one it is from anyway, nothing more is said of whom it is from.
  const sure = answersTo?.address.toLowerCase() !== sender?.address.toLowerCase()
  // A group writes in the name of whoever wrote to it.
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value ?? ''
  const first = writtenSender(header('x-original-from')) ?? writtenSender(header('x-original-sender'))
  const author = first && { address: first.address, name: first.name || (sender?.name ?? '') }
  const all: Correspondent[] = [
    named?.address ? named : null,
    answersTo && { ...answersTo, sure },
    author,
    sender,
  ].flatMap(one => one ?? [])
  const reached = all.find(({ address }) => !isAmong(address, senders) && !services.test(address)) ?? null
  // Whom the lines name without an address is whoever answers reach, if that is somebody.
  return named?.address === ''
    ? { address: reached?.sure ? reached.address : '', name: named.name, sure: true }
    : reached
}

function personIn(told: Person, whose: Correspondent | null): Person {
  const other = told.email !== null && told.email.toLowerCase() !== whose?.address.toLowerCase()
  if (whose === null || (other && whose.address !== '')) return told
  const { first_name, last_name, email } = personOf({ name: whose.name, email: whose.address })
  const unnamed = told.first_name === null && told.last_name === null
  // Lines that name somebody else than the sender are a service's, whose address is not theirs.
  const names = [told.first_name, told.last_name].flatMap(one => one?.toLowerCase() ?? [])
  const theirs = `${whose.name} ${whose.address.split('@')[0]}`.toLowerCase()
  if (!unnamed && !whose.sure && !names.some(one => theirs.includes(one))) return told
  return { ...told, ...(unnamed && { first_name, last_name }), email: told.email ?? email }
}

/** Bytes below which a picture inside a letter is one of its signature, not a photograph. */
const logo = 20_480

function attachmentsOf(attachments: Email['attachments'], { types, most, maxBytes }: z.infer<typeof fileOptions>) {
  const files: Delivery['event']['files'] = []
  const contents: Uint8Array<ArrayBuffer>[] = []
  const left: string[] = []
  let room = maxBytes
  for (const { filename, mimeType, content, contentId, related, disposition } of attachments) {
    const bytes = bytesOf(content)
    const within = disposition !== 'attachment' && (related || contentId !== undefined)
    if (within && mimeType.startsWith('image/') && bytes.length < logo) continue
    if (bytes.length === 0 && !filename) continue
    const letter = mimeType === 'message/rfc822'
    const extension = letter ? 'eml' : (mimeType.split('/')[1]?.replace(/\W.*$/, '') ?? 'bin')
    const name = safeName(filename ?? `attachment-${files.length + 1}.${extension}`)
    const type = bytes.length === 0 ? null : allowedType(mimeType, name, bytes, types)
    if (type === null || files.length >= most || bytes.length > room) {
      left.push(name)
      continue
    }
    room -= bytes.length
    files.push({ name, content_type: type, size: bytes.length })
    contents.push(bytes)
  }
  return { files, contents, left }
}
