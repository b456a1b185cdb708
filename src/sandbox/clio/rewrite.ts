import { isShape, itemOf, type Shape } from '../../clio/contract/index.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { keysOf } from './read/shape.ts'

/**
 * What Clio may do to what it is given before it stores it: none of it is documented, so a caller has to bear any of it. `cut` is the end
 * of a text beyond 255 characters, `bytes` beyond as many bytes, `titled` writes words with a capital, `dots` no dot at the end, `phones` and `quantities` are written the account's way.
 */
export const rewrites = [
  'blanks',
  'nfc',
  'titled',
  'dots',
  'entities',
  'wrapped',
  'quotes',
  'pictographs',
  'cut',
  'bytes',
  'phones',
  'quantities',
] as const
export type Rewrite = (typeof rewrites)[number]

const texts: Readonly<Partial<Record<Rewrite, (text: string, key: string) => string>>> = {
  blanks: text => text.replace(/\s+/g, ' ').trim(),
  nfc: text => text.normalize('NFC'),
  titled: text => text.replace(/(^|\s)(\p{Ll})/gu, (_, before, letter) => `${before}${letter.toUpperCase()}`),
  dots: text => text.replace(/\s*\.+\s*$/, ''),
  quotes: text =>
    text
      .replace(/"([^"]*)"/g, '“$1”')
      .replaceAll("'", '’')
      .replaceAll('\u00A0', ' '),
  pictographs: text => text.replace(/\p{Extended_Pictographic}\uFE0F?/gu, '').replaceAll('  ', ' '),
  entities: text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  wrapped: (text, key) => (long.has(key) && text !== '' ? `<p>${text.replace(/\r?\n/g, '<br/>')}</p>` : text),
  cut: text => text.slice(0, 255),
  bytes: text => new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, 255)),
}

/** Keys under which people write more than a line. */
const long = new Set(['description', 'detail', 'body', 'note'])
/** What programs read, Clio leaves alone. */
const untouched = new Set(['external_properties', 'uuid', 'url', 'filename', 'address', 'rrule', 'fields', 'parent'])

/** A body as it is stored. */
export function rewritten(data: JsonObject, shape: Shape, chosen: readonly Rewrite[]): JsonObject {
  if (chosen.length === 0) return data
  const keys = keysOf(shape)
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const type = keys.get(key)?.type
      if (type === undefined || untouched.has(key)) return [key, value]
      const inner = itemOf(type) ?? type
      const one = (each: Json): Json =>
        isShape(inner) ? (isObject(each) ? rewritten(each, inner, chosen) : each) : plain(key, inner, each, chosen)
      return [key, Array.isArray(value) ? value.map(one) : one(value)]
    }),
  )
}

function plain(key: string, kind: unknown, value: Json, chosen: readonly Rewrite[]): Json {
  if (key === 'number' && chosen.includes('phones')) return phone(String(value))
  if (key === 'quantity' && chosen.includes('quantities')) return Math.ceil(Number(value) / 360) * 360
  if (kind !== 'text' || typeof value !== 'string') return value
  return rewrites.reduce((text, each) => (chosen.includes(each) ? (texts[each]?.(text, key) ?? text) : text), value)
}

function phone(number: string): string {
  const [, area, office, line] = /^\+?1?(\d{3})(\d{3})(\d{4})$/.exec(number.replace(/[^\d+]/g, '')) ?? []
  return line === undefined ? number : `(${area}) ${office}-${line}`
}
