import type { JsonObject } from '../../../src/lib/json.ts'
import type { Row, Store } from '../../../src/sandbox/clio/store.ts'

/** What a record was made for: `matters 3`, by the number in its text (a contact's: in its address; a line's: `tasks 3/0`), whatever Clio or a person made of the rest. */
export function tokenOf({ resource, data }: Row): string | null {
  const read = texts[resource]
  if (!read) return null
  if (resource === 'contacts') {
    const [, who] = /"pat(\d+)@/.exec(JSON.stringify(data.email_addresses ?? '')) ?? []
    return who === undefined ? null : `contacts ${who}`
  }
  const [, line] = /line (\d+)/i.exec(String(data[read] ?? '')) ?? []
  const [, word, n] =
    /(Matter|Call|Meeting moved|Meeting|Note|Work|Ditto) ?(\d+)?/i.exec(String(data[read] ?? '')) ?? []
  if (word === undefined) return null
  return `${resource} ${word === 'Ditto' ? 'ditto' : n}${line === undefined ? '' : `/${line}`}`
}

/** Where the number stands. */
const texts: Readonly<Record<string, string>> = {
  contacts: 'last_name',
  matters: 'description',
  tasks: 'name',
  notes: 'subject',
  activities: 'note',
  calendar_entries: 'summary',
}
export const told = Object.keys(texts)

/** How many records stand for each token. */
export function standing(store: Store): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of told.flatMap(resource => store.all(resource))) {
    const token = tokenOf(row)
    if (token !== null) counts.set(token, (counts.get(token) ?? 0) + 1)
  }
  return counts
}

/** A person changes a word that tells nothing apart. */
export function corrected(row: Row): JsonObject {
  const key = texts[row.resource]!
  const text = String(row.data[key])
  return { ...row.data, [key]: `${text}${text.includes('!') ? '' : '!'}` }
}
