import { htmlEntities } from './entities.ts'
import { longestText } from './words.ts'

/** HTML of a mail as the lines that people see: a row of two cells is `Label: value`. One pass, no tree. */

const silent = new Set(['script', 'style', 'head', 'title', 'template'])
const blocks = new Set(
  'p div tr table ul ol li h1 h2 h3 h4 h5 h6 br hr section article header footer blockquote pre dl center'.split(' '),
)
const cells = new Set(['td', 'th', 'dt'])

/** Signs of HTML that are read: what a mail says stands far before. */
const most = 400_000

export function htmlText(given: string): string {
  const html = given.slice(0, most)
  const lower = html.toLowerCase()
  const parts: string[] = []
  // A block that begins a cell, or ends one, breaks no line.
  let fresh = false
  let length = 0
  for (let at = 0; at < html.length && length < longestText; ) {
    const open = html.indexOf('<', at)
    const text = decoded(html.slice(at, open < 0 ? html.length : open)).replace(/\s+/g, ' ')
    if (text.trim() !== '') fresh = false
    if (text !== '') parts.push(text)
    length += text.length
    if (open < 0) break
    const mark = html.startsWith('<!--', open) ? '-->' : '>'
    const end = html.indexOf(mark, open)
    if (end < 0) break
    const [, slash, tag = ''] = /^<(\/?)([a-z][a-z0-9]{0,20})/.exec(lower.slice(open, open + 24)) ?? []
    at = end + mark.length
    if (slash === '' && silent.has(tag)) {
      const after = lower.indexOf(`</${tag}`, at)
      at = after < 0 ? html.length : after
    } else if (cells.has(tag)) {
      fresh = slash === ''
      if (slash) {
        while (parts.at(-1)?.trim() === '' && parts.at(-1) !== '\t') parts.pop()
        parts.push('\t')
      }
    } else if ((blocks.has(tag) && !fresh) || (tag === 'dd' && slash)) parts.push('\n')
  }
  const lines = parts.join('').split('\n').map(lineOf)
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The cells of a row. */
function lineOf(line: string): string {
  const parts = line
    .split('\t')
    .map(part => part.trim())
    .filter(part => part !== '')
  return parts.length === 2 ? `${parts[0]!.replace(/:$/, '')}: ${parts[1]}` : parts.join(' ')
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|[a-z]{2,8}\d{0,2});/gi, (all, decimal, hex) => {
    if (decimal === undefined && hex === undefined) return Object.hasOwn(htmlEntities, all) ? htmlEntities[all]! : all
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : ''
  })
}
