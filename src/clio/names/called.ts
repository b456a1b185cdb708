import type { JsonObject } from '../../lib/json.ts'
import { fold, plainName } from '../../lib/text/fold.ts'

type Spelling = (text: string) => string

export const exactly: Spelling = text => text.normalize('NFC').trim().toLowerCase().replace(/\s+/g, ' ')

/** `car_accident`, as services write a choice, and `Car accident` are one. */
const loosely: Spelling = text => fold(plainName(text))

/**
 * Records that are called so by the best of their keys, case and blanks aside.
 * @param ways of a list of names: where none is called so, those whose letters and numbers say the same
 */
export function called(
  records: readonly JsonObject[],
  by: readonly string[],
  name: string,
  ways: readonly Spelling[] = [exactly, loosely],
): JsonObject[] {
  for (const spelled of ways) {
    const wanted = spelled(name)
    if (wanted === '') continue
    for (const key of by) {
      const found = records.filter(record => spelled(String(record[key] ?? '')) === wanted)
      if (found.length > 0) return found
    }
  }
  return []
}
