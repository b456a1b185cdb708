import { fold } from '../lib/text/fold.ts'
import { trimEdges } from '../lib/trim.ts'
import { withoutReach } from './addresses.ts'

/** A person's name in one box, taken apart: docs/decisions/names-of-people.md. */

interface SplitName {
  readonly first: string | null
  readonly last: string | null
  /** Set when the text names a company: then `last` is all of it, and `first` null. */
  readonly company: string | null
}

/** Names that are longer are no names. */
const longest = 200

/**
 * The last word is the family name, with the particles before it (`van der Berg`) and the generation behind it (`Dunmore Jr.`);
 * `Novak, Jordan` says so itself; a lone word is a first name. Titles, degrees and what stands in brackets are no part of either.
 */
export function splitName(full: string): SplitName {
  const written = full
    .normalize('NFC')
    .replace(/[\uff01-\uff5e\u{1d400}-\u{1d7ff}]/gu, sign => sign.normalize('NFKC'))
    .replace(/[\s\u3000]+/gu, ' ')
    .trim()
    .slice(0, longest)
    .replace(said, '')
  const text = withoutReach(written).trim()
  const [, who, between, whose] =
    /^(.+?)\s(d\/b\/a|dba|t\/a|on behalf of|obo|o\/b\/o|[-|/–—])\s(\S.*)$/iu.exec(text) ?? []
  if (who !== undefined && (/^[dt]/i.test(between!) || (/ /.test(who) && isCompany(whose!) && !isCompany(who))))
    return { ...splitName(who), company: whose! }
  if (who !== undefined && isOffice(whose!)) return splitName(who)
  if (isCompany(text)) return { first: null, last: text, company: text }
  const open = text
    .replace(/\s(?:[afn]\/?k\/?a|née|nee|geb\.?|geborene|formerly|c\/o|obo|o\/b\/o|on behalf of)\s.*$/u, ' ')
    .replace(/\s(?:AKA|A\/K\/A|FKA|F\/K\/A|OBO|C\/O)\s.*$/u, ' ')
    .replace(
      /[([（【][^)\]）】]*[)\]）】]?|(?:^|\s)["“”„'‘]\p{L}[^"“”'’]{0,30}["“”'’](?=\s)|(?:\p{ExtPict}|\p{RI})(?:\ufe0f|\u200d|\p{EMod}|\p{ExtPict}|\p{RI})*/gu,
      ' ',
    )
    .replace(/^((?:mrs?|ms|dr|prof)\.)(?=\p{L})/iu, '$1 ')
    .replace(/\sthe(?=\s(?:2nd|3rd|4th|I{1,3}|IV)$)|(?<![\s,|-])[\s,|-]+(?:she|he|they)\/\p{L}[\p{L}/]*$/iu, '')
    .replace(/\s+/gu, ' ')
  const plain = trimEdges(open, /[\s,;]/u)
  if (plain === '') return { first: text || null, last: null, company: null }
  const eastern = familyFirst(plain) ?? patronymic(plain)
  if (eastern) return { ...eastern, company: null }
  return { ...western(cased(plain)), company: null }
}

/** How people begin who answer a question: `My name is Nora Falk`. */
const said =
  /^(?:(?:hi|hello|hey|hola)\b[\s,!.]*)?(?:(?:my (?:full )?)?name(?: is|['’]s|:)|i am|i['’]m|this is|it['’]s|me llamo|mi nombre es|nombre:|ich hei(?:ß|ss)e|je m['’]appelle)\s+(?=\S)/iu

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const bare = (word: string): string => word.toLowerCase().replace(/[.’']/g, '')

/** Legal forms that are nobody's name, wherever they end a text. */
const forms = words(`
  association district committee ministries llc llp lllp pllc inc incorporated ltd limited corp corporation gmbh plc sarl srl bvba pty ulc lda ltda eirl kft sro oyj aps
  company foundation university college hospital clinic associates holdings enterprises partnership
  group firm office offices agency services solutions consulting properties realty construction insurance industries
`)
/** Forms that are also names: they count behind a comma, an ampersand, or with their dots. */
const doubtful = words('lp pc pa co sa sl ag ab as bv nv kg oy spa trust')
const easternForms = /(?:有限公司|股份公司|株式会社|有限会社|合同会社|㈜|\(주\)|주식회사)/u

function isCompany(text: string): boolean {
  if (easternForms.test(text)) return true
  const parts = text.split(/[\s,]+/)
  const last = parts.at(-1) ?? ''
  if (parts.length < 2) return false
  if (forms.has(bare(last)) || /\sgmbh\s&/i.test(text)) return true
  const marked =
    /,\s*\S+$/.test(text) ||
    /&\s*\S+$/.test(text) ||
    /\.\S{0,60}\.$|^co\.$/i.test(last) ||
    (/^[A-Z]{2,3}$/.test(last) && /\p{Ll}/u.test(text))
  return (
    (doubtful.has(bare(last)) && marked) ||
    /^(?:the )?(?:estate|law offices?|bank|church|city|county|town|village|state|university|college|department|board|diocese) of\b|^\S+['’]s\s|\s\S+ trust$|\s(?:&|and) (?:sons|bros)\b|\sde (?:c\.?\s?v|r\.?\s?l)\.?$/i.test(
      text,
    )
  )
}

const titles = words(`
  mr mrs ms miss mx dr prof professor honorable rev reverend rabbi sir capt captain sgt lt sra srta señor señora señorita sr doña
  mme mlle madame monsieur herr frau signor signora senhor senhora dott dra mevrouw pani г г-н г-жа atty attorney lic arq dipl-ing
`)
/** Titles that are names too (Don Falk, Hon Lee, Maj Berg): they count with their dot, and these others before a first and a last name. */
const dottedTitles = words('hon fr sig ing col maj gen sen pvt')
const longTitles = words('father sister dame lady lord judge doctor pastor bishop imam senator officer')
/** What follows on titles only. */
const behindTitles = words('med jur')
const generations = words('jr junior júnior sr senior snr jnr ii iii iv 2nd 3rd 4th filho neto')
const degrees = words(`
  esq esquire md phd jd llm llb cpa dds dmd dvm rn np mba mfa msw lcsw mph edd psyd dphil do od pe cfa cfp aprn fnp pharmd bsn msn obe mbe qc kc
  sj ret usn usmc usaf
`)
/** Degrees that are names too, unless they are written as degrees are. */
const alsoNames = words('do np pe od md qc kc rn jd')

/** What somebody is, said behind a comma or a dash. */
const offices = words(
  `ceo cfo coo cto president vp owner manager director trustee executor administrator agent partner broker realtor poa attorney
  mother father parent guardian wife husband spouse daughter sister brother tenant landlord client`,
)
/** `Owner`, `Managing Partner`, `mother of Tim`. */
const isOffice = (text: string): boolean =>
  [text.split(' ').at(-1)!, /^\S+(?= (?:of|for|to)\s)/i.exec(text)?.[0] ?? ''].some(word => offices.has(bare(word)))

export const isGeneration = (word: string, at: number): boolean =>
  generations.has(bare(word)) || (at >= 2 && /^(?:VI{0,3}|V)$/.test(word))

function isDegree(word: string, behindComma: boolean): boolean {
  const plain = bare(word)
  if (!degrees.has(plain)) return false
  return behindComma || !alsoNames.has(plain) || /\..*\./.test(word) || /^[A-Z]{2,}$/.test(word)
}

function western(text: string): { first: string | null; last: string | null } {
  const [head = '', ...tail] = text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
  const suffixes: string[] = []
  const whole = / /.test(head) && /\p{Ll}/u.test(head) && !particles.has(bare(head.split(' ')[0]!))
  const rest = tail.filter(part => {
    const all = part.split(' ')
    if (isOffice(part) || /^as /i.test(part) || (whole && /^[A-Z][A-Z.]{2,}$/.test(part))) return false
    if (!all.every((word, at) => isGeneration(word, at) || isDegree(word, true))) return true
    suffixes.push(...all.filter(isGeneration))
    return false
  })
  if (rest.length === 0) return inOrder(named(head.split(' '), suffixes), suffixes)
  const given = named(rest.join(' ').split(' '), suffixes)
  const family = named(head.split(' '), suffixes)
  return { first: given.words.join(' ') || null, last: [...family.words, ...suffixes].join(' ') || null }
}

interface Named {
  readonly words: readonly string[]
  readonly titled: boolean
}

const isAnd = /^(?:and|&|und|y|et|e)$/i

/** The words without titles before and degrees behind; generations go to the suffixes. */
function named(all: readonly string[], suffixes: string[]): Named {
  let [from, to] = [0, all.length]
  // The title is not all there is; `Sr.` ahead is señor.
  // `Mr. and Mrs.` are titles of two.
  const isTitle = (at: number) => {
    const [word, next] = [all[at]!, all[at + 1]!]
    const plain = bare(word)
    return (
      titles.has(plain) ||
      (dottedTitles.has(plain) && word.endsWith('.')) ||
      (longTitles.has(plain) && to - at > 2) ||
      (at > 0 && behindTitles.has(plain)) ||
      (((at > 0 && isAnd.test(word)) || plain === 'the') && (titles.has(bare(next)) || dottedTitles.has(bare(next))))
    )
  }
  while (to - from > 1 && isTitle(from)) from++
  const found: string[] = []
  for (; to - from > 1; to--) {
    const word = all[to - 1]!
    // Somebody's only other name: `Ana Neto`.
    if (to - from === 2 && /^(?:junior|júnior|senior|filho|neto)$/i.test(word)) break
    if (isGeneration(word, to - 1 - from)) found.unshift(word)
    else if (!isDegree(word, false)) break
  }
  suffixes.push(...found)
  return { words: all.slice(from, to), titled: from > 0 }
}

/** What belongs to the family name behind it. */
const particles = words(`
  van von vom zu zum zur der den de del della dello delle degli dei di da das do dos du la le los las ter ten te tot op bin binti ibn ben abu abd
  abdul abdel al el ap af av och st st. san santa saint mac mc ó ní uí nic dela delos delas y e i بن ابن بنت آل أبو ابو عبد בן בת
`)
/** Given names that hold particles: María de los Ángeles. */
const givenWith =
  /^(?:de los (?:angeles|ángeles|santos)|de las (?:mercedes|nieves)|del (?:carmen|pilar|rosario|mar|socorro|valle)|de (?:dios|jesus|jesús|la luz|la paz|lourdes|fatima|fátima))(?= \S)/i

function inOrder({ words: all, titled }: Named, suffixes: readonly string[]) {
  const [only] = all
  if (all.length === 1) {
    // Of `Mr. Smith` and `Dunmore Jr.` it is the family name that is known.
    const family = titled || suffixes.length > 0
    return family ? { first: null, last: [only!, ...suffixes].join(' ') } : { first: only!, last: null }
  }
  const at = familyAt(all)
  return { first: all.slice(0, at).join(' '), last: [...all.slice(at), ...suffixes].join(' ') }
}

/** Where the family name begins. */
function familyAt(all: readonly string[]): number {
  let from = 1
  const compound = all.findIndex((_, at) => at > 0 && at < all.length - 1 && givenWith.test(all.slice(at).join(' ')))
  if (compound > 0) {
    const [given = ''] = givenWith.exec(all.slice(compound).join(' ')) ?? []
    from = compound + given.split(' ').length
    if (from >= all.length) from = all.length - 1
  }
  for (let at = from; at < all.length - 1; at++) {
    const word = all[at]!.toLowerCase()
    if (!particles.has(word)) continue
    // `Ortega y Gasset`: what stands before belongs to it too.
    if (/^[yei]$/.test(word)) {
      if (/^[A-ZYEI]$/.test(all[at]!) || at < 2) continue
      return at - 1
    }
    return at
  }
  // `Gabriel García Márquez` has two family names.
  const two = all.length > 2 && all.slice(-2).every(word => isSpanish(word))
  return all.length - (two ? 2 : 1)
}

const isSpanish = (word: string): boolean => /\p{L}{3}[eé]z$/iu.test(word) || spanish.has(fold(word))
/** The most frequent family names of Spanish that end otherwise. */
const spanish = words(`
  garcia moreno munoz alonso romero navarro torres ramos molina ortega delgado castro ortiz medina guerrero
  cruz herrera flores vargas aguilar reyes mendoza silva rojas soto salazar contreras rivera morales guzman vega rios luna fuentes
  campos cabrera acosta figueroa padilla ochoa pena mejia ruiz diaz cortes
`)

const compounds = words(
  '欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 夏侯 司徒 東方 东方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫 남궁 황보 제갈 사공 선우 서문 독고',
)

/** Names of Chinese, Japanese and Korean letters have the family name first, with a blank between or without. */
function familyFirst(text: string): { first: string | null; last: string | null } | null {
  const han = /^[\p{Script=Han}々]+$/u
  const letters = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}々ー・·]+$/u
  const [family = '', ...given] = text.split(' ')
  if (given.length > 0) {
    return [family, ...given].every(word => letters.test(word)) ? { last: family, first: given.join(' ') } : null
  }
  const signs = [...text]
  const whole = han.test(text) || /^\p{Script=Hangul}+$/u.test(text)
  if (!whole || signs.length < 2 || signs.length > 4) return null
  // Four Chinese signs are most often a Japanese name, and two of them its family's.
  const two = compounds.has(signs.slice(0, 2).join('')) || (signs.length === 4 && han.test(text))
  const length = two && signs.length > 2 ? 2 : 1
  return { last: signs.slice(0, length).join(''), first: signs.slice(length).join('') }
}

/** `Иванов Иван Иванович`: where the father's name ends it, the family's begins it. */
function patronymic(text: string): { first: string; last: string } | null {
  const [family = '', given = '', father = '', more] = text.split(' ')
  const isFathers = (name: string) => /(?:ович|евич|ьич|овна|евна|ична)$/i.test(name)
  // Of Роман Аркадьевич Абрамович it is the second that is the father's.
  return isFathers(father) && !isFathers(given) && more === undefined
    ? { last: family, first: `${given} ${father}` }
    : null
}

/** Small words between names that are no part of one. */
const between = words('and und et o u or of for the a an c/o via geb née nee')

/**
 * A name in the letters of names: one in capitals alone is a caller-id's, words in small letters alone are a thumb's. Any other mixture
 * is somebody's choice. (So is `bell hooks`, which nothing tells from haste: docs/decisions/names-of-people.md.)
 */
function cased(text: string): string {
  if (!/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}\p{N}\s.,'’-]+$/u.test(text)) return text
  const capitals = text === text.toUpperCase() && /\p{L}/u.test(text)
  const all = text.split(' ')
  return all
    .map((word, at) => {
      const plain = bare(word.replace(/,$/, ''))
      // Before a comma the family name stands first.
      const inner = (at > 0 || text.includes(',')) && at < all.length - 1
      if (!capitals) {
        const stays =
          word !== word.toLowerCase() ||
          (at > 0 && between.has(plain)) ||
          (inner && particles.has(plain) && (plain.length > 1 || plain === word))
        const chosen = /['’]/.test(word) && text !== text.toLowerCase()
        return stays || chosen ? word : /^(?:ii|iii|iv)$/.test(word) && at > 0 ? word.toUpperCase() : capital(word)
      }
      // Initials and generations stay; `JR` is written Jr. Of two words in capitals the second is a name: `MINH DO`.
      if (/^(?:II|III|IV|VI{0,3})$/.test(word) || (degrees.has(plain) && (all.length > 2 || !alsoNames.has(plain))))
        return word
      if (/^[BCDFGHJKLMNPQRSTVWXZ]{2}$/.test(word) && !generations.has(plain)) return word
      if (inner && particles.has(plain) && plain.length > 1) return word.toLowerCase()
      return capital(word)
    })
    .join(' ')
}

/** A name of which a form or a service knows the parts: together they are one name still. */
export function casedParts<Parts extends { first: string | null; last: string | null }>(parts: Parts): Parts {
  const { first, last } = parts
  // Without a first name a particle may begin it.
  const given = first ?? (last === last?.toUpperCase() ? 'A' : 'a')
  const words = cased(`${given} ${last ?? ''}`.trim()).split(' ')
  const at = given.split(' ').length
  return {
    ...parts,
    first: first === null ? null : words.slice(0, at).join(' '),
    last: last === null ? null : words.slice(at).join(' '),
  }
}

const capital = (word: string): string =>
  word
    .toLowerCase()
    .replace(/(^|[-'’,.])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/^Mc(\p{L})/u, (_, letter: string) => `Mc${letter.toUpperCase()}`)
