import { fold } from './fold.ts'

/** How people say, in a box for a date, a number or an address, that there is none. Not that they do not know: that is for a person to ask. */
const words = new Set(
  `n/a, n.a, n\\a, na, n / a, none, nil, not applicable, not any, does not apply, null, no aplica, no corresponde, ninguno, ninguna, ningun, aucun, aucune, sans objet,
neant, keine, keiner, keines, kein, entfallt, k.a., k. a., nessuno, nessuna, non applicabile, nenhum, nenhuma, nao se aplica, n/d, geen, n.v.t., nvt, brak,
nie dotyczy, нет, не применимо, 无, 無, 没有, 沒有, 不适用, 不適用, なし, 無し, 該当なし, 없음, 해당없음, 해당 없음, khong, khong co, khong ap dung, لا يوجد, لا ينطبق, wala, hindi naaangkop, okenn, yok, ingen, ingenting,
undefined, nan, nothing, blank, empty, none given, not given, not provided, not available, not set, no answer, no response, select, select one, select an option, please select,
please choose, choose, choose one, choose an option, seleccione`
    .split(/,\s/)
    .map(fold),
)

/** True for `N/A`, `none`, `-- Select --`, `-` and their like, and for blank text. */
export function saysNothing(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 40) return false
  const plain = fold(value).replace(/\s+/g, ' ').trim()
  const bare = plain.replace(/^[^\p{L}]{1,5}|[^\p{L}]{1,5}$/gu, '')
  return words.has(plain) || words.has(bare) || /^[-\u2010-\u2015_.*/\\\s…]*$/.test(plain) || noDate.test(plain)
}

/** What a picker or a database shows for no date. */
const noDate = /^(?:000[01]-0[01]-0[01](?:[t ][0:.]+z?)?|0?1\/0?1\/0001|[mdy]{1,4}([/.-])[mdy]{1,4}\1[mdy]{2,4})$/
