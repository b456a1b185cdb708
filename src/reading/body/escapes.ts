import { isObject, type Json } from '../../lib/json.ts'
import { withoutEntities } from '../../lib/text/entities.ts'

/** Values that WordPress escaped on their way: `O&#039;Brien`, `Sin&eacute;ad`, `O\'Brien`. A plain form escapes nothing. */
export function unescaped(value: Json): Json {
  if (typeof value === 'string') return unescapedText(value)
  if (Array.isArray(value)) return value.map(unescaped)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unescaped(inner)]))
}

function unescapedText(text: string): string {
  const lines = text.replace(/<br\s{0,3}\/?>\r?\n?/gi, '\n')
  const once = unslashed(read(lines))
  // Some plug-ins escape what another has escaped.
  return /&(?:#\d{2,5}|quot|amp|apos|lt|gt);/.test(once) ? read(once) : once
}

/** A blank that breaks no line is a blank here. */
const read = (text: string): string => withoutEntities(text.replace(/&nbsp;/gi, ' '))

/** Slashes before quotes, where PHP put them before every one. */
function unslashed(text: string): string {
  return /\\['"]/.test(text) && !/(^|[^\\])['"]/.test(text) ? unslashed(text.replace(/\\(['"\\])/g, '$1')) : text
}
