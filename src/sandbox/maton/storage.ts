import { isObject } from '../../lib/json.ts'
import { uploadLifetime } from '../clio/documents.ts'
import type { Store } from '../clio/store.ts'
import { type Answer, empty, type SandboxRequest } from '../http.ts'

/** Where uploads and downloads go: like S3, it knows nothing of Clio's tokens and refuses a call that carries one. */

function refused(status: number, code: string): Answer {
  return { status, headers: { 'content-type': 'application/xml' }, body: `<Error><Code>${code}</Code></Error>` }
}

/** `GET` and `PUT /_storage/{account}/{upload}`. */
export function store(request: SandboxRequest, account: Store, upload: string): Answer {
  if (request.headers.authorization !== undefined) return refused(400, 'InvalidArgument')
  if (request.method === 'GET') {
    const found = account.uploads.get(upload)
    if (!found) return refused(404, 'NoSuchKey')
    return {
      status: 200,
      headers: { 'content-type': found.headers['content-type'] ?? 'application/octet-stream' },
      body: found.bytes,
    }
  }
  // S3 takes no upload whose length is not told beforehand.
  if (request.headers['transfer-encoding'] !== undefined) return refused(501, 'NotImplemented')
  if (request.method !== 'PUT') return refused(405, 'MethodNotAllowed')
  const required = putHeaders(account, upload)
  const expires = Number(request.query.get('expires'))
  if (!required || !(expires > account.now() && expires <= account.now() + uploadLifetime))
    return refused(403, 'AccessDenied')
  for (const [name, value] of Object.entries(required)) {
    if (request.headers[name] !== value) return refused(403, 'SignatureDoesNotMatch')
  }
  account.uploads.set(upload, { headers: required, bytes: request.body })
  return { status: 200, headers: {}, body: empty }
}

/** The headers that were signed for an upload. */
function putHeaders(account: Store, upload: string): Record<string, string> | undefined {
  for (const { data } of account.all('documents')) {
    const versions = Array.isArray(data.document_versions) ? data.document_versions.filter(isObject) : []
    const headers = versions.find(version => version.uuid === upload)?.put_headers
    if (Array.isArray(headers)) {
      return Object.fromEntries(
        headers.filter(isObject).map(({ name, value }) => [String(name).toLowerCase(), String(value)]),
      )
    }
  }
  return undefined
}
