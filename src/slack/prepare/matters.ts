import { wordsOf } from '../../lib/text/words.ts'
import type { Matter } from '../../model/matter.ts'
import type { Wanted } from '../speech/matter-name.ts'

/** Which of the firm's matters a command means. Pure; the search gives more than fits, here it is decided. */

/** Matters that a text could mean; more than fit may come. */
export type Search = (text: string) => Promise<readonly Matter[]>

export type Meant =
  | { readonly kind: 'one'; readonly matter: Matter; readonly name: string }
  | { readonly kind: 'several'; readonly matters: readonly Matter[]; readonly name: string }
  | { readonly kind: 'none' }

export async function matterMeant(wanted: Wanted, search: Search): Promise<Meant> {
  for (const name of wanted.names) {
    const found = fitting(await search(name), name, wanted.certain)
    if (found.length === 1 && found[0]!.status !== 'Closed') return { kind: 'one', matter: found[0]!, name }
    if (found.length > 0) return { kind: 'several', matters: found, name }
  }
  return { kind: 'none' }
}

/** The best kind of agreement decides; closed matters only when no other one fits. */
function fitting(matters: readonly Matter[], name: string, certain: boolean): Matter[] {
  const ranked = matters.map(matter => ({ matter, rank: rankOf(matter, name, certain) }))
  for (const rank of [0, 1, 2]) {
    const found = ranked.filter(one => one.rank === rank).map(one => one.matter)
    const open = found.filter(one => one.status !== 'Closed')
    if (found.length > 0) return open.length > 0 ? open : found
  }
  return []
}

/** 0: its number. 1: its number without the zeros or the client's name that Clio puts around it. 2: the client's name. */
function rankOf(matter: Matter, name: string, certain: boolean): 0 | 1 | 2 | null {
  const wanted = name.trim().toLowerCase()
  if (matter.number.toLowerCase() === wanted) return 0
  if (/^\d+$/.test(wanted)) {
    const numbers = matter.number.match(/\d+/g) ?? []
    return numbers.some(one => Number(one) === Number(wanted)) ? 1 : null
  }
  const words = wordsOf(matter.client)
  const typed = wordsOf(wanted)
  if (typed.length === 0) return null
  const fits = certain
    ? (word: string) => words.some(one => one.startsWith(word))
    : (word: string) => words.includes(word)
  return typed.every(fits) ? 2 : null
}

/** A note without the client's name that only said which matter it is for: `Alvarez call with counsel`, `reviewing statements for Alvarez`. */
export function withoutName(note: string, name: string, { client }: Matter): string {
  if (/^\d+$/.test(name) && note.startsWith(name)) return note.slice(name.length).replace(/^[-:,;.]*(?:\s+|$)/, '')
  const words = new Set(wordsOf(client))
  const of = (word: string) => wordsOf(word).length > 0 && wordsOf(word).every(one => words.has(one.replace(/'s$/, '')))
  const parts = note.split(' ')
  const lead = /^(?:for|on|re:?)$/i
  let at = lead.test(parts[0] ?? '') && of(parts[1] ?? '') ? 1 : 0
  while (at < parts.length && of(parts[at]!)) at++
  if (at > 0)
    return parts
      .slice(at)
      .join(' ')
      .replace(/^[-:,;]+\s*/, '')
  let end = parts.length
  while (end > 0 && of(parts[end - 1]!)) end--
  const trailing = end < parts.length && lead.test(parts[end - 1] ?? '')
  if (trailing) return parts.slice(0, end - 1).join(' ')
  return note === name ? '' : note
}

export const titleOf = ({ number, client }: Matter): string => (client === '' ? number : `${number} (${client})`)
