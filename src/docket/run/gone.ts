import { isObject, type Json } from '../../lib/json.ts'
import { type Clio, type PastCall, Refused } from '../../model/intent.ts'
import type { StoredStep } from '../ledger/run/steps.ts'

/**
 * A contact that an earlier step found in the index, and did not need to ask Clio about, may have been deleted since: Clio refuses the
 * next step's call that names it. Then Clio is asked; when it is gone, it is forgotten, and its step has to be done anew.
 * @returns that step; null: the refusal has another cause
 */
export async function goneStep(
  current: StoredStep,
  steps: readonly StoredStep[],
  past: readonly PastCall[],
  clio: Clio,
): Promise<StoredStep | null> {
  const last = past.at(-1)
  if (!last || last.applied) return null
  for (const step of steps) {
    const { output } = step
    if (step.position >= current.position || !isObject(output)) continue
    if (output.resource !== 'contacts' || output.created !== false || !names(last.call.body ?? null, output.id))
      continue
    if (await isGone(String(output.id), clio)) return step
  }
  return null
}

/** Does an `id` in a body say this one? */
function names(body: Json, id: Json | undefined): boolean {
  if (Array.isArray(body)) return body.some(item => names(item, id))
  if (!isObject(body)) return false
  return String(body.id) === String(id) || Object.values(body).some(value => names(value, id))
}

async function isGone(id: string, clio: Clio): Promise<boolean> {
  try {
    await clio.read({ method: 'GET', path: `contacts/${encodeURIComponent(id)}`, query: { fields: 'id' } })
    return false
  } catch (error) {
    if (!(error instanceof Refused) || (error.status !== 404 && error.status !== 410)) throw error
    await clio.contacts.forget(id)
    return true
  }
}
