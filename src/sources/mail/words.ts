import type { JsonObject } from '../../lib/json.ts'
import { emailIn } from '../../reading/addresses.ts'
import { readPath } from '../../reading/labels.ts'
import { messageOf } from '../../reading/person.ts'

/** A mail's text: lines of `Label: value`, what was forwarded, and what somebody wrote. All in linear time, on bounded text. */

export const longestText = 200_000

/** `Name: Jane`, `*E-mail:* jane@…`, `- How can we help?: …`; not a link, a time of day or a whole sentence. */
function labelled(line: string): { label: string; value: string } | null {
  if (line.length > 2000) return null
  // WPForms writes its labels between dashes, and spreadsheets put a tab behind them.
  const ruled = /^-{3}\s(\S.{0,58}?)\s-{3}$/.exec(line.trim())
  if (ruled) return { label: ruled[1]!.replace(/:$/, ''), value: '' }
  const [cell = '', other, ...more] = line.split('\t')
  if (other !== undefined && more.length === 0 && !cell.includes(':'))
    return labelled(`${cell.trim()}: ${other.trim()}`)
  const plain = line.replace(/\*/g, '').trim()
  const colon = plain.indexOf(':')
  // `Name - Jane Roe`, where the word asks for something.
  const [, asked = '', told = ''] = /^(\p{L}[^-–=:]{0,58}?)\s[-–=]\s(\S.*)$/u.exec(plain) ?? []
  if (asked !== '' && (colon < 0 || colon > asked.length) && readPath([asked])) return { label: asked, value: told }
  if (colon < 1 || colon > 60) return null
  const label = plain
    .slice(0, colon)
    .replace(/^[\s>•·–-]+/u, '')
    .replace(/^\d{1,3}[.)]\s+/, '')
    .trim()
  const value = plain.slice(colon + 1).trim()
  const words = label.split(/\s+/)
  if (!/^\p{L}/u.test(label) || words.length > 8 || /^(?:https?|mailto|ftp)$/i.test(label)) return null
  if (value.startsWith('//') || (/\d$/.test(label) && /^\d/.test(value))) return null
  return { label, value }
}

/**
 * The lines of `Label: value`. A value may stand below its label, and a message goes on until the next label.
 * Labels that come twice keep both values.
 */
export function fieldsIn(text: string): JsonObject {
  const fields = new Map<string, string[]>()
  const lines = withColons(text.slice(0, longestText).split('\n').slice(0, 2000))
  let open: { label: string; message: boolean } | null = null
  for (const raw of lines) {
    const line = raw.trim()
    if (line === '--' || /^_{5,}$|^-{3,}$/.test(line)) open = null
    const found = labelled(line)
    const goesOn =
      open?.message && found && (spoken.test(found.label) || (small.test(found.label) && !small.test(open.label)))
    if (found && found.label !== '__proto__' && !goesOn) {
      const all = fields.get(found.label) ?? []
      if (found.value !== '') all.push(found.value)
      fields.set(found.label, all)
      const message = messageOf({ [found.label]: 'x' }) !== null
      open = message || found.value === '' ? { label: found.label, message } : null
      continue
    }
    if (open === null || (line === '' && !open.message)) continue
    const all = fields.get(open.label) ?? []
    const before = open.message ? all.pop() : undefined
    all.push(before === undefined ? line : `${before}\n${line}`)
    fields.set(open.label, all)
    if (!open.message) open = null
  }
  const told = [...fields].flatMap(([label, values]): [string, string[]][] => {
    const trimmed = values.map(value => value.trim()).filter(value => value !== '')
    return trimmed.length > 0 ? [[label, trimmed]] : []
  })
  return Object.fromEntries(told.map(([label, values]) => [label, values.length === 1 ? values[0]! : values]))
}

/**
 * Labels on lines of their own, as pages write them: `Email`, and below it the address. Without such an address nothing is taken for a label.
 */
function withColons(lines: readonly string[]): readonly string[] {
  const below = (at: number) => (lines[at + 1]?.trim() || lines[at + 2]?.trim()) ?? ''
  const roleOf = (line: string) => (line.length > 60 || /[:@]/.test(line) ? undefined : readPath([line.trim()])?.role)
  const asks = (line: string, at: number) => emailIn(below(at)) === below(at) && roleOf(line) === 'email'
  if (!lines.some(asks)) return lines
  return lines.map((line, at) => (below(at) !== '' && roleOf(line) && !roleOf(below(at)) ? `${line.trim()}:` : line))
}

/** How no label of a form begins, but a sentence of a message does that goes on behind a colon; one in small letters, where labels are not. */
const spoken = /^(?:I|He|She|It|They|We|My|Our|His|Her|Their|This|That|Please|So|And|But|Then|When) /
const small = /^\p{Ll}/u

export interface Forwarded {
  /** As it stands behind `From:`. */
  readonly from: string
  readonly subject: string | null
  /** What the one who forwarded it has put before it. */
  readonly before: string
  readonly text: string
}

/** What programs write above a mail that they forward, and what they write above one that is forwarded or answered. */
const forwards =
  /^\s*(?:[-_]{2,}\s*(?:forwarded (?:message|by)|mensaje reenviado|message transf[eé]r[eé]|weitergeleitete nachricht|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht)\b.{0,80}|begin forwarded message:)\s*$/i
const either =
  /^\s*(?:[-_]{2,}\s*(?:original message|mensaje original|mensagem original|message d'origine|urspr[uü]ngliche nachricht|messaggio originale|oorspronkelijk bericht)\b.{0,80}|_{20,})\s*$/i

/** What answers begin their subject with. */
const answers = /^\s*(?:re|aw|antw|sv|rif|odp|res|回复|答复)\s*(?:\[\d{1,3}\])?\s*[:：]/i
const isAnswer = (subject: string | null): boolean => subject !== null && answers.test(subject)

/** The lines `From:`, `Sent:`, `To:`, `Subject:` of Outlook, with a rule above them or without. */
function headAt(lines: readonly string[]): number {
  return lines.findIndex((line, at) => {
    const keys = line.length < 300 && keyOf(line) === 'from' ? lines.slice(at + 1, at + 6).map(keyOf) : []
    return keys.includes('sent') && keys.includes('subject')
  })
}

function keyOf(line: string) {
  const found = labelled(line.trim())
  const key = found && heads.find(([, label]) => label.test(found.label))?.[0]
  return key === 'other' &&
    /^(?:sent|date|enviado|fecha|envoy|gesendet|datum|inviato|data|enviada|verzonden)/i.test(found!.label)
    ? 'sent'
    : key
}

const heads: readonly (readonly [key: 'from' | 'subject' | 'other', label: RegExp])[] = [
  ['from', /^(?:from|de|von|da|fr[aå]n|van)$/i],
  ['subject', /^(?:subject|asunto|objet|betreff|oggetto|assunto|[aä]mne|onderwerp)$/i],
  [
    'other',
    /^(?:date|sent|to|cc|reply-to|fecha|enviado(?: el)?|para|envoy[eé]|[aà]|gesendet|datum|an|data|inviato|a|enviada|till|aan|verzonden)$/i,
  ],
]

/** Where the head of another mail stands, and what belongs to it begins. */
function otherMail(lines: readonly string[], subject: string | null): { at: number; head: number } | null {
  const marked = (one: RegExp) => lines.findIndex(line => line.length < 200 && one.test(line))
  const surely = marked(forwards)
  if (surely >= 0) return { at: surely, head: surely + 1 }
  const at = isAnswer(subject) ? -1 : marked(either)
  if (at >= 0) return { at, head: at + 1 }
  const head = isAnswer(subject) ? -1 : headAt(lines)
  return head < 0 ? null : { at: head, head }
}

/**
 * What a mail hands on, by the lines that mail programs put before it; null when it is no forwarded one.
 * @param subject of the mail: an answer quotes with some of the same lines
 */
export function forwardedIn(text: string, subject: string | null = null): Forwarded | null {
  const lines = text.slice(0, longestText).split('\n')
  const other = otherMail(lines, subject)
  if (other === null) return null
  const { at, head } = other
  const told: { from?: string; subject?: string } = {}
  let end = head
  for (; end < Math.min(lines.length, head + 20); end++) {
    const line = lines[end]!.trim()
    if (line === '' && told.from === undefined) continue
    const found = labelled(line)
    const key = found && heads.find(([, label]) => label.test(found.label))?.[0]
    if (!key) break
    if (key !== 'other') told[key] ??= found.value
  }
  if (told.from === undefined) return null
  const before = lines.slice(0, at).join('\n').trim()
  const below = lines.slice(end)
  // Some programs quote what they forward.
  const quoted = lines[end - 1]!.startsWith('>')
  const handed = (quoted ? below.map(line => line.replace(/^>\s?/, '')) : below).join('\n').trim()
  return { from: told.from, subject: told.subject ?? null, before, text: handed }
}

/** What was written now: without the mail that it answers. */
export function written(text: string): string {
  const lines = text.slice(0, longestText).split('\n')
  const own = lines.findLastIndex(line => !line.startsWith('>') && line.trim() !== '')
  const quote = lines.findIndex(
    (line, at) =>
      // Programs break the line where it is long.
      [line, `${line} ${lines[at + 1] ?? ''}`].some(one => one.length < 250 && quotes.test(one)) ||
      (line.length < 200 && either.test(line) && [1, 2].some(next => keyOf(lines[at + next] ?? '') === 'from')) ||
      (line.startsWith('>') && at > own),
  )
  const end = [quote, headAt(lines)].filter(at => at >= 0)
  return (end.length === 0 ? lines : lines.slice(0, Math.min(...end))).join('\n').trim()
}

/** With a time or an address: `On Monday he wrote:` is somebody's own sentence. */
const quotes =
  /^\s*(?=.{0,250}[\d@<])(?:(?:On|El|Le|Am|Il|Em|Op|Den|W dniu) .{5,200}(?:wrote|escribi[oó]|escreveu|a [eé]crit|schrieb.{0,60}|ha scritto|schreef.{0,60}|skrev.{0,60}|napisał.{0,10})\s?:|.{5,200}[(<][^\s<>()@]{1,120}@[^\s<>()@]{1,120}[)>] (?:wrote|escribió):)\s*$/i
