import { fold } from './fold.ts'

/** What ticked boxes say, and people in the languages that forms are written in. */
const yes = new Set(
  fold(
    'true yes y on 1 1.0 t x checked selected ok yep yeah sure agree agreed accept accepted consent si oui ja sim tak evet да так 是 有 はい 예 네 نعم có wi oo opo ✓ ✔ ☑ ✅ acepto',
  ).split(' '),
)
const no = new Set(
  fold(
    'false no n off 0 0.0 f unchecked nope disagree declined decline non nein nao nee nie нет ні 否 いいえ 아니요 아니오 لا không hindi hayır',
  ).split(' '),
)

/** Whether an answer says yes or no, with what is said beside it: `Yes, please`, `I agree to the terms`. Null when it says neither. */
export function truthOf(text: string): boolean | null {
  const plain = fold(text)
    .replace(/\ufe0f/g, '')
    .trim()
  const words = [
    plain,
    ...plain.split(
      /(?:(?<![,;:.!–—-])[,;:.!–—-]+|\s-)(?:\s|$)|\s(?=thank|please)|(?<=^(?:yes|no))\s(?=\(|(?:i|we|he|she|they|it)\b)/,
    ),
  ]
  if (/^(?:no,? )?i (?:do not|don['’]?t) (?:agree|accept|consent|authorize)\b/.test(plain)) return false
  if (words.some(word => no.has(word))) return words.some(word => yes.has(word)) ? null : false
  const agrees =
    /^(?:yes,? )?i (?:have read|do )?(?: and )?(?:agree|accept|consent|understand|acknowledge|authorize|confirm)\b/.test(
      plain,
    )
  return agrees || words.some(word => yes.has(word)) ? true : null
}
