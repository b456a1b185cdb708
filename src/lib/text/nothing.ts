import { fold } from './fold.ts'

/** How people say, in a box for a date, a number or an address, that there is none. Not that they do not know: that is for a person to ask. */
const words = new Set(
  `n/a, n.a., n.a, n\\a, na, n/a., n / a, none, nil, not applicable, not any, does not apply, null, no aplica, no corresponde, ninguno, ninguna, ningun, ninguno/a, aucun, aucune, sans objet,
neant, keine, keiner, keines, kein, entfallt, k.a., k. a., nessuno, nessuna, non applicabile, nenhum, nenhuma, nao se aplica, n/d, geen, n.v.t., nvt, brak,
nie dotyczy, нет, не применимо, 无, 無, 没有, 沒有, 不适用, 不適用, なし, 無し, 該当なし, 없음, 해당없음, 해당 없음, khong, khong co, khong ap dung, لا يوجد, لا ينطبق, wala, hindi naaangkop, okenn, yok, ingen, ingenting`
    .split(/,\s/)
    .map(fold),
)

/** True for `N/A`, `none`, `-` and their like, and for blank text. */
export function saysNothing(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 40) return false
  const plain = fold(value).replace(/\s+/g, ' ').trim()
  return words.has(plain) || words.has(plain.replace(/[.!]$/, '')) || /^[-\u2010-\u2015_.*/\\\s]*$/.test(plain)
}
