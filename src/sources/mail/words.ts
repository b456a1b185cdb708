import type { JsonObject } from '../../lib/json.ts'
import { messageOf } from '../../reading/person.ts'

/** A mail's text: lines of `Label: value`, what was forwarded, and what somebody wrote. All in linear time, on bounded text. */

export const longestText = 200_000

/** `Name: Jane`, `*E-mail:* jane@…`, `- How can we help?: …`; not a link, a time of day or a whole sentence. */
function labelled(line: string): { label: string; value: string } | null {
  if (line.length > 2000) return null
  const plain = line.replace(/\*/g, '').trim()
  const colon = plain.indexOf(':')
  if (colon < 1 || colon > 60) return null
  const label = plain
    .slice(0, colon)
    .replace(/^[\s>•·–-]+/u, '')
    .trim()
  const value = plain.slice(colon + 1).trim()
  const words = label.split(/\s+/)
  if (!/^\p{L}/u.test(label) || words.length > 8 || /^(?:https?|mailto|tel|ftp)$/i.test(label)) return null
  if (value.startsWith('//') || (/\d$/.test(label) && /^\d/.test(value))) return null
  return { label, value }
}

/**
 * The lines of `Label: value`. A value may stand below its label, and a message goes on until the next label.
 * Labels that come twice keep both values.
 */
export function fieldsIn(text: string): JsonObject {
  const fields = new Map<string, string[]>()
  const lines = text.slice(0, longestText).split('\n').slice(0, 2000)
  let open: { label: string; message: boolean } | null = null
  for (const raw of lines) {
    const line = raw.trim()
    if (line === '--' || /^_{5,}$|^-{5,}$/.test(line)) open = null
    const found = labelled(line)
    if (found && found.label !== '__proto__') {
      const all = fields.get(found.label) ?? []
      fields.set(found.label, found.value === '' ? all : [...all, found.value])
      const message = messageOf({ [found.label]: 'x' }) !== null
      open = message || found.value === '' ? { label: found.label, message } : null
      continue
    }
    if (open === null || (line === '' && !open.message)) continue
    const all = fields.get(open.label) ?? []
    if (open.message) fields.set(open.label, [...all.slice(0, -1), [...all.slice(-1), line].join('\n')])
    else {
      fields.set(open.label, [...all, line])
      open = null
    }
  }
  const told = [...fields].flatMap(([label, values]): [string, string[]][] => {
    const trimmed = values.map(value => value.trim()).filter(value => value !== '')
    return trimmed.length > 0 ? [[label, trimmed]] : []
  })
  return Object.fromEntries(told.map(([label, values]) => [label, values.length === 1 ? values[0]! : values]))
}

export interface Forwarded {
  /** As it stands behind `From:`. */
  readonly from: string
  readonly subject: string | null
  /** What the one who forwarded it has put before it. */
  readonly before: string
  readonly text: string
}

const marker =
  /^\s*(?:[-_]{2,}\s*(?:forwarded (?:message|by)|original message|mensaje reenviado|mensaje original|message transf[eé]r[eé]|message d'origine|weitergeleitete nachricht|urspr[uü]ngliche nachricht|messaggio inoltrato|mensagem encaminhada)\b.{0,80}|begin forwarded message:|_{20,})\s*$/i
const heads: readonly (readonly [key: 'from' | 'subject' | 'other', label: RegExp])[] = [
  ['from', /^(?:from|de|von|da|fr[aå]n|van)$/i],
  ['subject', /^(?:subject|asunto|objet|betreff|oggetto|assunto|[aä]mne|onderwerp)$/i],
  [
    'other',
    /^(?:date|sent|to|cc|reply-to|fecha|enviado(?: el)?|para|envoy[eé]|[aà]|gesendet|datum|an|data|inviato|a|enviada|till|aan|verzonden)$/i,
  ],
]

/** What a mail hands on, by the lines that mail programs put before it; null when it is no forwarded one. */
export function forwardedIn(text: string): Forwarded | null {
  const lines = text.slice(0, longestText).split('\n')
  const at = lines.findIndex(line => line.length < 200 && marker.test(line))
  if (at < 0) return null
  const told: { from?: string; subject?: string } = {}
  let end = at + 1
  for (; end < Math.min(lines.length, at + 20); end++) {
    const line = lines[end]!.trim()
    if (line === '' && told.from === undefined) continue
    const found = labelled(line)
    const key = found && heads.find(([, label]) => label.test(found.label))?.[0]
    if (!key) break
    if (key !== 'other') told[key] ??= found.value
  }
  if (told.from === undefined) return null
  const before = lines.slice(0, at).join('\n').trim()
  return { from: told.from, subject: told.subject ?? null, before, text: lines.slice(end).join('\n').trim() }
}

/** What was written now: without the mail that it answers. */
export function written(text: string): string {
  const lines = text.slice(0, longestText).split('\n')
  const quote = lines.findIndex(
    (line, at) =>
      (line.length < 200 &&
        /^\s*(?:On|El|Le|Am|Il) .{5,150}(?:wrote|escribi[oó]|a [eé]crit|schrieb.{0,60}|ha scritto)\s?:\s*$/i.test(
          line,
        )) ||
      (line.startsWith('>') && lines.slice(at).every(rest => rest.startsWith('>') || rest.trim() === '')),
  )
  return (quote < 0 ? lines : lines.slice(0, quote)).join('\n').trim()
}
