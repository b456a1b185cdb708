import { withoutEntities } from '../../lib/text/entities.ts'
import { longestText } from './words.ts'

/** HTML of a mail as the lines that people see: a row of two cells is `Label: value`. One pass, no tree. */

const silent = new Set(['script', 'style', 'head', 'title', 'template'])
const blocks = new Set(
  'p div tr table ul ol li h1 h2 h3 h4 h5 h6 br hr section article header footer blockquote pre dl center'.split(' '),
)
const cells = new Set(['td', 'th', 'dt'])
const bold = new Set(['b', 'strong', 'th'])
/** Where bold words begin and end; no mail holds these signs. */
const [loud, still] = ['\u0001', '\u0002']

/** Signs of HTML that are read: what a mail says stands far before. */
const most = 400_000

export function htmlText(given: string): string {
  const html = given.slice(0, most)
  const lower = html.toLowerCase()
  const parts: string[] = []
  // A block that begins a cell, or ends one, breaks no line.
  let fresh = false
  let length = 0
  let tables = 0
  for (let at = 0; at < html.length && length < longestText; ) {
    const open = html.indexOf('<', at)
    const text = plain(withoutEntities(html.slice(at, open < 0 ? html.length : open))).replace(/\s+/g, ' ')
    if (text.trim() !== '') fresh = false
    if (text !== '') parts.push(text)
    length += text.length
    if (open < 0) break
    const mark = html.startsWith('<!--', open) ? '-->' : '>'
    const end = html.indexOf(mark, open)
    if (end < 0) break
    const [, slash, tag = ''] = /^<(\/?)([a-z][a-z0-9]{0,20})/.exec(lower.slice(open, open + 24)) ?? []
    at = end + mark.length
    if (tag === 'table') tables += slash ? -1 : 1
    if (tables > 0 && bold.has(tag)) parts.push(slash ? still : loud)
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

const boldRow = new RegExp(`^${loud}+([^${loud}${still}:.!?]{1,60})[?:]?\\s?${still}+$`)

/** The cells of a row. */
function lineOf(line: string): string {
  const parts = line
    .split('\t')
    .map(part => part.trim())
    .filter(part => part !== '')
  if (parts.length === 2) return `${plain(parts[0]!).trim().replace(/:$/, '')}: ${plain(parts[1]!)}`
  const text = parts.join(' ')
  // A row of bold words alone is a label: what it asks for stands in the next row.
  const label = boldRow.exec(text)?.[1]
  return label === undefined ? plain(text) : `${label.trim()}:`
}

const plain = (text: string): string => text.replaceAll(loud, '').replaceAll(still, '')
