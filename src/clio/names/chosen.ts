import type { JsonObject } from '../../lib/json.ts'
import type { Clio } from '../../model/intent.ts'

/** Of several records the one that a person has chosen; all of them, when none of them was. */
export function chosenOf<T extends JsonObject>(found: readonly T[], { chosen = [] }: Pick<Clio, 'chosen'>): T[] {
  const meant = found.filter(one => chosen.includes(String(one.id)))
  return found.length > 1 && meant.length === 1 ? meant : [...found]
}
