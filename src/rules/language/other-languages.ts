import type { ParseError } from '@marcbachmann/cel-js'
import { hasTakes } from './reading.ts'

/** What people write who know another language, before and behind the place where the reading stopped, and what is written here. */
const otherwise: readonly [before: RegExp | null, behind: RegExp | null, way: string][] = [
  [/\bnot\s+$/i, null, "write ! for 'not'"],
  [null, /^and\b|^&(?!&)/i, "write && for 'and'"],
  [null, /^or\b|^\|(?!\|)\s*$/i, "write || for 'or'"],
  [null, /^not\s+in\b/i, 'write !(a in b)'],
  [null, /^is\b/i, "write == for 'is', and != for 'is not'"],
  [null, /^(contains|startswith|endswith|like|includes|matches)\b/i, "write fields.a.contains('x')"],
  [/<$/, /^>/, "write != for 'is not'"],
  [null, /^=/, "write == to compare, >= for 'at least' and <= for 'at most'"],
  [/\?$/, null, 'for another value where there is none, write a != null ? a : b'],
  [null, /^\|/, 'there are no filters: write lower(fields.a)'],
  [null, /^[‘’“”`]/, 'text stands in straight quotes'],
  [/['"]$/, /^\w/, "a quote inside of text is written \\', or the text stands in the other quotes"],
  [/[\w'")\]]\s+$/, /^['"]/, 'put texts together with +'],
  [/\w\s+$/, /^\w/, "a name with blanks is written fields['Matter type']"],
  [/\.$/, null, "a name stands behind a dot, and any other is written fields['1st']"],
]

/** Why a text is no expression, in our words where the library speaks of its tokens. @param at where the reading stopped */
export function notRead({ code, summary }: ParseError, text: string, at: number): string {
  const [before, behind] = [text.slice(0, at), text.slice(at)]
  if (code === 'reserved_identifier') return `'${/^\w*/.exec(behind)}' is not used: a choice is written a ? b : c`
  if (code === 'invalid_macro_argument') return summary.startsWith('has(') ? hasTakes : summary
  if (code !== 'unexpected_character' && code !== 'expected_token' && code !== 'unexpected_token') return summary
  if (behind.trim() === '') return 'the expression ends too early'
  const known = otherwise.find(([one, other]) => (one?.test(before) ?? true) && (other?.test(behind) ?? true))
  return `'${/^(?:\w+|.)/u.exec(behind)}' cannot stand here${known ? `: ${known[2]}` : ''}`
}
