import { isObject, type JsonObject } from '../../lib/json.ts'
import type { Call } from '../../model/call.ts'
import type { Clio } from '../../model/intent.ts'
import { listAll } from '../gateway/paging.ts'
import type { Found } from './found.ts'

const undecided = 'Resume the run to bring the file once more, or discard it.'

// ---- versions
/** The document that a body makes a new version of; null when it makes a document. */
export function versioned(body: JsonObject | undefined): string | null {
  const parent = body?.parent
  return isObject(parent) && parent.type === 'Document' ? String(parent.id) : null
}

/**
 * Whether a version was begun whose answer is lost. A version carries no mark; but no other step of ours makes one of the same document
 * at the same time (`lock`).
 * @param since ms, the earliest moment at which Clio's clock can have stamped it
 */
export async function reconcileVersion(document: string, call: Call, since: number, clio: Clio): Promise<Found> {
  const fields = 'id,uuid,filename,fully_uploaded,created_at'
  const versions = await listAll({ method: 'GET', path: `documents/${document}/versions`, query: { fields } }, clio)
  const begun = versions.filter(
    ({ filename, fully_uploaded: whole, created_at: at }) =>
      whole !== true && filename === call.body?.filename && !(Date.parse(String(at)) < since),
  )
  const [one, another] = begun
  if (!one) return { kind: 'absent' }
  if (another)
    return {
      kind: 'doubtful',
      reason: `Several versions of document ${document} in Clio could be the one. ${undecided}`,
    }
  const data = { id: Number(document), latest_document_version: { uuid: one.uuid ?? null } }
  return { kind: 'adopt', answer: { data }, record: document }
}
