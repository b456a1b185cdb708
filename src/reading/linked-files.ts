import { isObject, type Json } from '../lib/json.ts'
import { trimEdges } from '../lib/trim.ts'
import type { InboundFile } from '../model/event.ts'
import { parseJson } from './body/body.ts'
import { typeByName } from './body/file-types.ts'
import { textAt } from './payload.ts'

/** An answer, and what its service itself says that it is. */
interface Given {
  readonly label: string
  readonly value: Json
  readonly kind?: string
}

/**
 * Files that stay with the provider, by their addresses: what it calls a file, and, where it tells no kinds, an address under a label of
 * files that ends as files do. A link in any other answer is an answer: whoever writes it must not choose what we fetch.
 */
export function filesOf({ label, value, kind }: Given): InboundFile[] {
  const meant = isMeant(label, kind)
  return [value]
    .flat()
    .flatMap(severalIn)
    .flatMap(item => {
      if (isObject(item)) {
        const told = Object.fromEntries(Object.entries(item).map(([key, one]) => [plainKey(key), one]))
        const first = (...keys: string[]) => keys.flatMap(key => textAt(told, key) ?? [])[0]
        const file = fileAt(first('url', 'fileurl', 'downloadurl', 'file', 'link', 'href') ?? '')
        const name = first('name', 'filename') ?? (meant ? file?.name : null)
        const type = first('mimetype', 'contenttype', 'type') ?? file?.content_type ?? unknownType
        return file && name ? [{ ...file, name, content_type: type, size: sizeOf(told.size) }] : []
      }
      const file = typeof item === 'string' ? fileAt(item.trim()) : null
      return file && meant && (kind === 'file' || file.content_type !== unknownType) ? [file] : []
    })
}

/** `downloadUrl` and `Download_URL` are one. */
const plainKey = (key: string) => key.toLowerCase().replace(/[_ -]/g, '')

/** An answer that looks like a file, of which none could be read: no document is lost in silence. */
export const isUnreadFile = (answer: Given): boolean =>
  isMeant(answer.label, answer.kind) && looksLikeFile.test(JSON.stringify(answer.value)) && filesOf(answer).length === 0

const looksLikeFile = /\bhttps?:|\bdata:[a-z]+\/|[^\s/\\]\.(?:pdf|docx?|xlsx?|jpe?g|png|heic|tiff?|zip|rtf|odt)\b/i

const isMeant = (label: string, kind: string | undefined): boolean =>
  kind === 'file' || (kind === undefined && isFileLabel(label))

/**
 * Addresses of several files come as the JSON text of a list, with commas, semicolons, bars or blanks between them, or numbered; one may
 * come as the link of a page, or with what WordPress says of it behind `|:|`.
 */
function severalIn(item: Json): Json[] {
  if (isObject(item)) {
    const all = Object.values(item)
    return all.length > 0 && all.every(one => typeof one === 'string' && /^https:\/\/\S+$/.test(one)) ? all : [item]
  }
  if (typeof item !== 'string' || !/https:/.test(item)) return [item]
  const list = /^\s*\[\s*"https:/.test(item) ? parseJson(item) : undefined
  if (Array.isArray(list)) return list
  const links = item.replace(/<a\s[^>]{0,200}?href=["'](https:[^"'\s]{1,2000})["'][^<]{0,2000}<\/a>/gi, ' $1 ')
  return links
    .replace(/\|:\|[^|\n]*/g, ' ')
    .split(/(?<=[\s,;|])(?=https:\/\/)/)
    .map(one => trimEdges(one, /[\s,;|]/, 'end'))
}

const isFileLabel = (label: string) => /file|upload|attach|document|photo|picture|scan|resume|\bcv\b/i.test(label)

const unknownType = 'application/octet-stream'

const sizeOf = (size: Json | undefined) => (typeof size === 'number' && size > 0 ? Math.floor(size) : 0)

/** What an address tells of a file; its size is 0, which is to say unknown. Null unless it is https. */
function fileAt(address: string): InboundFile | null {
  const url = URL.parse(address)
  if (url?.protocol !== 'https:') return null
  const own = decoded(url.pathname.split('/').at(-1) ?? '')
  // Of a page that hands files out (`?gf-download=2026/11/lease.pdf`) it is what it hands out.
  const handed = [...url.searchParams.values()].map(value => value.split('/').at(-1)!)
  const name = [own, ...handed].find(each => typeByName(each) !== null) ?? (own || 'file')
  return { name, content_type: typeByName(name) ?? unknownType, size: 0, url: url.href }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
