import type { JsonObject } from '../../lib/json.ts'
import type { Candidate, Clio } from '../../model/intent.ts'
import { resourceNamed } from '../contract/index.ts'

/** Of several records the one that a person has chosen, the last time that they chose; all of them, when none of them was. */
export function chosenOf<T extends JsonObject>(found: readonly T[], { chosen = [] }: Pick<Clio, 'chosen'>): T[] {
  const last = chosen.findLast(id => found.some(one => String(one.id) === id))
  const meant = found.filter(one => String(one.id) === last)
  return found.length > 1 && meant.length === 1 ? meant : [...found]
}

/** What stands among the chosen ids of a record that a person says it is not. */
export const notThis = (id: string): string => `not ${id}`

const candidatesMost = 12
const naming = ['name', 'display_number', 'number', 'summary', 'subject', 'description', 'filename']

/** Records as a person chooses between them. */
export function candidatesOf(resource: string, found: readonly JsonObject[]): Candidate[] {
  const keys = new Set([...(resourceNamed(resource)?.names?.by ?? []), ...naming])
  return found.slice(0, candidatesMost).map(record => {
    const texts = [...keys].map(key => record[key]).filter(value => typeof value === 'string' && value !== '')
    return { resource, id: String(record.id), name: texts.join(' · ').slice(0, 200) || null }
  })
}
