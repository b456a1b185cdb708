import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Call, Content, Outcome } from '../../model/call.ts'
import { Park, type PastCall, recordOf, refusedBy, type Step } from '../../model/intent.ts'
import { type Gateway, send } from '../gateway/gateway.ts'

/**
 * A document is made in three calls: POST names it, PUT brings its bytes to Clio's storage, PATCH says that they are there. Only then
 * does anybody see it.
 * @source https://docs.developers.clio.com/api-docs/clio-manage/uploading-documents/
 */

/** What a document's POST asks for. The address for the bytes lets whoever has it write: it is taken out before anything is kept. */
export const createFields = 'id,etag,latest_document_version{uuid,put_url,put_headers}'

/** How often storage may refuse the address (its eight hours are over), or Clio not find the bytes, before a person looks. */
const refusalsMost = 3

/** The next call of a document that has a file. `create` makes the first one, of these values. */
export async function createDocument(
  { content, ...values }: JsonObject & { readonly content: Json },
  past: readonly PastCall[],
  create: (values: JsonObject) => Promise<Step>,
): Promise<Step> {
  const file = contentOf(content)
  const made = past.find(one => one.applied && one.call.method === 'POST')
  if (!made || made.record === null)
    return create({ name: file.name, filename: file.name, content_type: file.content_type, ...values })
  const later = past.slice(past.indexOf(made) + 1)
  const whole = later.find(one => one.applied && one.call.method === 'PATCH')
  const id = recordOf(made.answer).id ?? made.record
  if (whole) return { output: { ...recordOf(whole.answer), id, resource: 'documents', created: true } }
  const last = later.at(-1)
  if (last?.applied) return { call: completing(made.record, last) }
  if (last && !(passes(last) && later.filter(one => !one.applied).length < refusalsMost))
    return last.call.method === 'PUT' ? { park: last.message, code: 'file-not-taken' } : refusedBy(last)
  const upload = { document: made.record, version: versionOf(made), file }
  return { call: { method: 'PUT', path: `documents/${made.record}/content`, upload } }
}

/** The address was too old, or the bytes were not found: both are mended by bringing them once more. */
const passes = ({ call, status }: PastCall): boolean =>
  (call.method === 'PUT' && status === 403) || (call.method === 'PATCH' && status === 422)

function completing(id: string, put: PastCall): Call {
  const body = { uuid: versionOf(put), fully_uploaded: true }
  return { method: 'PATCH', path: `documents/${id}`, query: { fields: 'id,etag' }, body }
}

function versionOf({ answer }: PastCall): string | null {
  const { latest_document_version: version } = recordOf(answer)
  return isObject(version) && typeof version.uuid === 'string' ? version.uuid : null
}

function contentOf(value: Json): Content {
  const { name, size, content_type: type, key, url } = isObject(value) ? value : {}
  const known = typeof name === 'string' && (typeof key === 'string' || typeof url === 'string')
  if (!known) throw new Park('documents.content wants one file of the event: {{ item }} under "each": "files".')
  return {
    name,
    content_type: typeof type === 'string' && type !== '' ? type : 'application/octet-stream',
    size: typeof size === 'number' ? size : 0,
    ...(typeof key === 'string' && { key }),
    ...(typeof url === 'string' && { url }),
  }
}

// ---- storage

/** Where the bytes of a version go. */
export interface Target {
  readonly uuid: string
  /** Whoever has it can write there, for eight hours. Never logged, never stored. */
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
}

/** The call that asks where the bytes of a document's latest version go. */
export const targetCall = (document: string): Call => ({
  method: 'GET',
  path: `documents/${document}`,
  query: { fields: 'id,latest_document_version{uuid,put_url,put_headers}' },
})

/** Null when the answer names no place: nothing waits for bytes. */
export function targetOf(answer: Json): Target | null {
  const { latest_document_version: version } = recordOf(answer)
  if (!isObject(version) || typeof version.put_url !== 'string' || typeof version.uuid !== 'string') return null
  const headers = Array.isArray(version.put_headers) ? version.put_headers.filter(isObject) : []
  return {
    uuid: version.uuid,
    url: version.put_url,
    headers: headers.map(({ name, value }) => [String(name), String(value)] as const),
  }
}

/** A POST's outcome as it may be kept, and what it told besides: the answer to `targetCall`, good for now. */
export function withoutTarget(outcome: Outcome): { kept: Outcome; told: { call: Call; answer: Json } | null } {
  if (outcome.kind !== 'applied') return { kept: outcome, told: null }
  const data = recordOf(outcome.answer)
  const { latest_document_version: version } = data
  if (!isObject(version) || version.put_url === undefined) return { kept: outcome, told: null }
  const kept = { data: { ...data, latest_document_version: { uuid: version.uuid ?? null } } }
  return {
    kept: { ...outcome, answer: kept },
    told: {
      call: targetCall(String(data.id)),
      answer: { data: { id: data.id ?? null, latest_document_version: version } },
    },
  }
}

/** How storage is reached: not through the gateway, and without its key. */
export interface Outside {
  readonly fetch: typeof fetch
  /** ms until a call without an answer counts as unknown. */
  readonly timeout: number
}

/** Bytes a second that the slowest line brings. */
const slowest = 250_000

/** Brings the bytes. May be repeated: the same bytes in the same place. Never throws. */
export async function putFile(
  document: string,
  { url, headers, uuid }: Target,
  { body, size }: { readonly body: BodyInit; readonly size: number },
  { fetch, timeout }: Outside,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(timeout + Math.ceil(size / slowest) * 1000)
  let status: number
  try {
    const init = {
      method: 'PUT',
      headers: headers.map(([name, value]) => [name, value]),
      body,
      redirect: 'manual',
      signal,
    }
    const response = await fetch(url, init as RequestInit)
    status = response.status
    await response.body?.cancel()
  } catch {
    return { kind: 'unknown', status: null, message: 'The upload to Clio’s storage broke off.' }
  }
  if (status >= 200 && status < 300)
    return { kind: 'applied', status, answer: { data: { id: Number(document), latest_document_version: { uuid } } } }
  const message = `Clio’s storage refused the upload (${status}).`
  if (status >= 500 || status === 408 || status === 429) return { kind: 'unknown', status, message }
  return { kind: 'refused', status, why: 'invalid', message }
}

/**
 * The bytes of a document. Clio answers with an address of its storage, which is asked without the gateway's key.
 * @throws Error with Clio's words
 */
export async function download(document: string | number, gateway: Gateway): Promise<Response> {
  const outcome = await send({ method: 'GET', path: `documents/${document}/download` }, gateway)
  if (outcome.kind !== 'applied') throw new Error(`Document ${document} cannot be downloaded: ${outcome.message}`)
  const location = isObject(outcome.answer) ? String(outcome.answer.location ?? '') : ''
  const { fetch, timeout } = gateway
  const response = await fetch(location, { signal: AbortSignal.timeout(timeout) })
  if (!response.ok) throw new Error(`Document ${document} cannot be downloaded: storage answered ${response.status}.`)
  return response
}
