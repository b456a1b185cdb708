import { isObject, type Json } from '../../lib/json.ts'

/** Values that WordPress escaped on their way: `O&#039;Brien`, `Sin&eacute;ad`, `O\'Brien`. A plain form escapes nothing. */
export function unescaped(value: Json): Json {
  if (typeof value === 'string') return unescapedText(value)
  if (Array.isArray(value)) return value.map(unescaped)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unescaped(inner)]))
}

function unescapedText(text: string): string {
  const lines = text.replace(/<br\s{0,3}\/?>\r?\n?/gi, '\n')
  const once = unslashed(withoutEntities(lines))
  // Some plug-ins escape what another has escaped.
  return /&(?:#\d{2,5}|quot|amp|apos|lt|gt);/.test(once) ? withoutEntities(once) : once
}

/** Slashes before quotes, where PHP put them before every one. */
function unslashed(text: string): string {
  return /\\['"]/.test(text) && !/(^|[^\\])['"]/.test(text) ? unslashed(text.replace(/\\(['"\\])/g, '$1')) : text
}

const latin = (
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm ' +
  'raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH ' +
  'Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ' +
  'ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml ' +
  'yacute thorn yuml'
).split(' ')

const entities = new Map<string, string>([
  ...latin.map((name, at) => [name, String.fromCharCode(160 + at)] as const),
  ['nbsp', ' '],
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['lsquo', '‘'],
  ['rsquo', '’'],
  ['ldquo', '“'],
  ['rdquo', '”'],
  ['sbquo', '‚'],
  ['bdquo', '„'],
  ['ndash', '–'],
  ['mdash', '—'],
  ['hellip', '…'],
  ['bull', '•'],
  ['euro', '€'],
  ['trade', '™'],
  ['OElig', 'Œ'],
  ['oelig', 'œ'],
  ['Scaron', 'Š'],
  ['scaron', 'š'],
  ['Yuml', 'Ÿ'],
])

function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}\d{0,2}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities.get(name) ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    const known = code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return known || code === 10 ? String.fromCodePoint(code) : whole
  })
}
