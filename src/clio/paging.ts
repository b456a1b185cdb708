import { isObject, type JsonObject } from '../json.ts'
import type { Call } from './call.ts'
import type { Clio } from './intent.ts'

/**
 * All records of a list, page after page. Clio's `meta.paging.next` is an absolute URL past the gateway: only its query is
 * taken, and asked through the gateway. `order=id(asc)` gives cursor paging without the limit of 10,000 records.
 * @source https://docs.developers.clio.com/api-docs/clio-manage/pagination/
 */
export async function listAll(call: Call, clio: Pick<Clio, 'read'>): Promise<JsonObject[]> {
  const records: JsonObject[] = []
  const seen = new Set<string>()
  for (let next: Call | null = { ...call, query: { limit: '200', ...call.query } }; next; ) {
    const answer = await clio.read(next)
    if (isObject(answer) && Array.isArray(answer.data)) records.push(...answer.data.filter(isObject))
    const after = nextPage(call, answer)
    const search: string = after ? new URLSearchParams(after.query as Record<string, string>).toString() : ''
    next = after && !seen.has(search) ? after : null
    seen.add(search)
  }
  return records
}

function nextPage(call: Call, answer: unknown): Call | null {
  const meta = isObject(answer) && isObject(answer.meta) ? answer.meta : null
  const url = meta && isObject(meta.paging) ? meta.paging.next : null
  if (typeof url !== 'string' || !URL.canParse(url)) return null
  const query: Record<string, string | string[]> = {}
  for (const [key, value] of new URL(url).searchParams) {
    const before = query[key]
    query[key] =
      before === undefined || !key.endsWith('[]') ? value : [...(typeof before === 'string' ? [before] : before), value]
  }
  return { ...call, query }
}
