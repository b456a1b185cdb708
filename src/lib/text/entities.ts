/** From U+00A0 on, one after another. */
const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'

const others =
  'amp & lt < gt > quot " apos \' OElig Œ oelig œ Scaron Š scaron š Yuml Ÿ circ ˆ tilde ˜ ensp \u2002 emsp \u2003 thinsp \u2009 zwnj \u200c zwj \u200d ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” bdquo „ dagger † Dagger ‡ bull • hellip … permil ‰ prime ′ Prime ″ lsaquo ‹ rsaquo › euro € trade ™ larr ← uarr ↑ rarr → darr ↓ minus − le ≤ ge ≥ ne ≠'

/**
 * Named characters of HTML 4 (https://www.w3.org/TR/html401/sgml/entities.html). What mails and plug-ins are written with; the two thousand
 * of HTML 5 would weigh as much as all sources of form services together.
 */
export const htmlEntities: Readonly<Record<string, string>> = table()

function table(): Record<string, string> {
  const pairs = others.split(' ')
  return Object.fromEntries([
    ...latin.split(' ').map((name, at) => [`&${name};`, String.fromCharCode(160 + at)]),
    ...pairs.flatMap((name, at) => (at % 2 === 0 ? [[`&${name};`, pairs[at + 1]!]] : [])),
  ])
}

/** Text with its character references read: `&eacute;`, `&#233;`, `&#xe9;`. One that is none, or of no sign that is written, stays. */
export function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|[a-z]{2,8}\d{0,2});/gi, (whole, decimal, hex) => {
    if (decimal === undefined && hex === undefined)
      return Object.hasOwn(htmlEntities, whole) ? htmlEntities[whole]! : whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    const known = code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return known || code === 9 || code === 10 || code === 13 ? String.fromCodePoint(code) : whole
  })
}
