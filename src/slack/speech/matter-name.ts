import type { Text } from './text.ts'

/** Which matter a command means: what it says for certain, or else the words that could be a client's name. */
export interface Wanted {
  /** Likeliest first. */
  readonly names: readonly string[]
  /** True when the person said that this is the matter: then there is one name, and it is no part of the text any more. */
  readonly certain: boolean
}

/** `#123`, `matter 123`, `matter: Roe`. */
const named =
  /(?:^|\s)(?:(?:for |on |re )?matter:?\s+#?(\d[\w/.-]*|[\ue000-\ue0ff])|(?:for |on |re:? )?#([\p{L}\d][\p{L}\d/.'-]*))(?=[\s,:;]|$)/iu
/** Clio's display numbers: `00123`, `00123-Alvarez`, `2026-00123`, `SMI-0042`; firms choose their own form. */
const numbered =
  /(?:^|\s)(?:for |on |re:? |to )?(?!\d{4}-\d\d-\d\d(?!\d))(0\d{2,}[\p{L}\d]*(?:[-/.][\p{L}\d'&]+)*|\d{2,}-[\p{L}\d'&]+(?:[-/.][\p{L}\d'&]+)*|[A-Z]{1,6}-\d{3,}[\p{L}\d-]*)(?=[\s,:;.!?]|$)/u
const leading = /^(?:for |on |re:? |to )?(\d{3,})(?=[\s,:;]|$)/i
/** `Alvarez: …`, `Harbor Freight - …`. */
const headed =
  /^(?:for |on |re )?([\p{L}\d'.&\ue000-\ue0ff-]+(?: [\p{L}\d'.&\ue000-\ue0ff-]+){0,3})\s?(?::\s|\s-\s)(?=\S)/iu

/** A quoted piece where the matter stands: in front, or behind the word that leads to it. Elsewhere people quote what they write about. */
const standing = /(?:^|\b(?:for|on|re:?)\s)([\ue000-\ue0ff])/i

/** Takes the matter out when the text says it for certain; otherwise the text stays, and only offers names. */
export function takeMatter(text: Text, more: { readonly quoted?: boolean } = {}): Wanted {
  const said = text.take(named) ?? text.take(numbered)
  const number = said?.slice(1).find(group => group !== undefined)
  if (number !== undefined) return certain(text.quoted(number) ?? number)
  const first = text.take(leading)
  if (first) return certain(first[1]!)
  const [mark] = more.quoted ? (standing.exec(text.left)?.slice(1) ?? []) : []
  const quoted = mark === undefined ? null : text.quoted(mark)
  // A name begins with a capital; other words are offered, not taken for certain.
  if (quoted !== null && !isAction(quoted) && !/^\p{Ll}/u.test(quoted)) {
    text.take(standing)
    return certain(quoted)
  }
  const head = headed.exec(text.left)
  if (head && !isAction(head[1]!)) {
    const name = [...head[1]!].map(sign => text.quoted(sign) ?? sign).join('')
    text.cut(0, head[0].length)
    return certain(name.trim())
  }
  return { names: [...new Set([...quotedIn(text), ...candidates(text.typed)])].slice(0, most), certain: false }
}

const certain = (name: string): Wanted => ({ names: [name.replace(/[.,;:]+$/, '')], certain: true })

/** What lawyers do, and what stands between: never a client's name unless somebody says so. */
const actions = new Set(
  `a about add after again all also an and any appear appearance are as ask at attend attended back be before begin bill brief briefing by
  call called calls case certified cert chat check client close compile complete conf confer conference consult contract copy correspondence
  counsel court deal deposition depo discuss discussed discovery do docs document documents draft drafted drafting edit email emailed emails
  e-mail fax fee file filed filing find finish first fix follow followed following for from get gather go had have hearing her him his
  in initial intake internal interview interviewed into invoice is it its lunch legal letter letters mail make mediation meet meeting
  mileage motion motions multiple my negotiate negotiation new note notes of off office on opposing or order organize our out outline
  parking phone plan plead pleading pleadings postage prep prepare prepared preparation print printing process proofread re read
  reading record redline remind reply report request research researched respond response retainer review reviewed reviewing revise
  revised revising schedule second send sent serve service settle settlement sign special spoke start status strategy talk
  talked team telephone text that the their them this to transcript travel trial try up update updated us use various via was we
  with witness work worked working write wrote zoom
  deed estate grant hour hours lease mark may will trust`.split(/\s+/),
)
const most = 3
const isAction = (words: string) => actions.has(words.split(' ')[0]!.toLowerCase())

/** Quoted pieces that could be a client's name. */
const quotedIn = (text: Text) =>
  [...text.left.matchAll(/[\ue000-\ue0ff]/g)]
    .flatMap(([mark]) => text.quoted(mark) ?? [])
    .filter(one => !isAction(one) && one.length <= 60)

/** Words of a text that could be a client's name: what stands behind `for`, then capitalised words, then the first word. */
function candidates(text: string): string[] {
  const bare = (word: string) => word.replace(/^[("']+|[)"',.;:!?]+$/g, '').replace(/'s$/i, '')
  const words = text.split(' ').map(bare)
  const able = (word: string | undefined): word is string =>
    word !== undefined && word.length >= 2 && /^[\p{L}\d]/u.test(word) && !actions.has(word.toLowerCase())
  const led = [...text.matchAll(/\b(?:for|re:?|on)\s+(\S+)/gi)].map(([, word]) => bare(word!))
  const capital = words.slice(1).filter(word => /^\p{Lu}/u.test(word))
  const numbers = words.filter(word => /^\d{3,}$/.test(word))
  // `15 emails` is how many.
  const [first, second = ''] = words
  const counted = /^\d{1,2}$/.test(first ?? '') && /[a-z]s$/i.test(second)
  return [...new Set([counted ? undefined : first, ...led, ...capital, words.at(-1), ...numbers])]
    .filter(able)
    .slice(0, most)
}
