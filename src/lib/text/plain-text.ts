import { withoutEntities } from './entities.ts'

const tags =
  /<\/?(?:a|abbr|b|blockquote|body|br|code|div|em|font|h[1-6]|head|hr|html|i|li|ol|p|pre|s|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]{0,500})?\/?>/gi
const invisible = /\p{Cf}|\p{Variation_Selector}/gu

/** The text in one spelling: NFKC, without tags and entities, blanks collapsed, quotes and dashes folded, in small letters. */
export function plainText(text: string): string {
  // Entities are undone twice: what was escaped once may be escaped once more on its way.
  const told = withoutEntities(withoutEntities(text)).replace(tags, ' ')
  return told
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(/[\u2018\u2019\u201A\u201B\u2032\u00B4`]/g, "'")
    .replace(/[\u201C-\u201F\u2033\u00AB\u00BB]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}
