import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Call } from '../../model/call.ts'
import { type Clio, Park, Refused } from '../../model/intent.ts'
import { resourceNamed } from '../contract/index.ts'

/** Where Clio's own links point; an address without a host is taken to be there. */
const host = 'https://app.clio.com'

/**
 * All records of a list, page after page. Clio's `meta.paging.next` is an absolute URL past the gateway: only its query is
 * taken, and asked through the gateway. `order=id(asc)` gives cursor paging: no limit of 10,000 records, and nothing shifts
 * from page to page while others write.
 * Of the `type` of notes the description says `Matter`, and some versions take `matter` only: where the one is refused, the other is asked.
 * @param most when there are more than so many, what comes behind is not read
 * @throws Park when the list cannot be read to its end: half a list would say "not there" of records that are
 * @source https://docs.developers.clio.com/api-docs/clio-manage/pagination/
 */
export async function listAll(call: Call, clio: Pick<Clio, 'read'>, most = Infinity): Promise<JsonObject[]> {
  const cursor = resourceNamed(call.path)?.order?.includes('id(asc)') ? { order: 'id(asc)' } : {}
  const records = new Map<string, JsonObject>()
  const asked = new Set<string>()
  for (let next: Call | null = { ...call, query: { limit: '200', ...cursor, ...call.query } }; next; ) {
    const query = JSON.stringify(next.query)
    if (asked.has(query))
      throw new Park(`Clio’s list of ${call.path} never ends: one of its pages leads back to itself.`, 'unread')
    asked.add(query)
    const page: Call = next
    const answer = await clio.read(page).catch(async error => {
      const { type } = page.query ?? {}
      const otherwise = page.path === 'notes' && typeof type === 'string' && error instanceof Refused
      if (!otherwise || error.status !== 400) throw error
      next = { ...page, query: { ...page.query, type: type.toLowerCase() } }
      return clio.read(next)
    })
    if (!isObject(answer) || !Array.isArray(answer.data)) {
      throw new Park(`Clio answered with something else than a list of ${call.path}.`, 'unread')
    }
    // What moves while it is read may stand on two pages.
    for (const record of answer.data.filter(isObject)) records.set(String(record.id ?? records.size), record)
    next = records.size > most ? null : nextPage(next, answer)
  }
  return [...records.values()]
}

/** The call for the page after this one's answer; null on the last. */
export function nextPage(call: Call, { meta }: JsonObject): Call | null {
  const url: Json | undefined = isObject(meta) && isObject(meta.paging) ? meta.paging.next : undefined
  if (typeof url !== 'string' || url === '') return null
  if (!URL.canParse(url, host))
    throw new Park(`Clio’s list of ${call.path} cannot be read on: its next page has no address.`, 'unread')
  const query: Record<string, string | readonly string[]> = { ...call.query }
  const { searchParams } = new URL(url, host)
  for (const key of new Set(searchParams.keys())) {
    query[key] = key.endsWith('[]') ? searchParams.getAll(key) : searchParams.get(key)!
  }
  return { ...call, query }
}
