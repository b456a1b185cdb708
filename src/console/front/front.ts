import { readMirror } from '../../kv/mirror.ts'
import { isObject } from '../../lib/json.ts'
import type { Mirror } from '../../model/docket-rpc.ts'
import { documentOf } from '../parts/layout.ts'
import { frontBody } from './page.ts'

/** The front page: what stands here, and in a demonstration the form to try it with. */

/** The firm of `npm start`, and its form. */
const demo = { firm: 'demo', endpoint: 'website' }

/** @param sandbox the address of the Clio that stands in for the real one; null: none does */
export async function frontPage(kv: Pick<KVNamespace, 'get'>, sandbox: string | null): Promise<Response> {
  const form = sandbox !== null && hasForm(await readMirror(kv, demo.firm))
  return documentOf({
    title: 'Docketed',
    kind: 'front',
    script: false,
    // Every load of the form has an id of its own.
    body: frontBody({ action: form ? `/in/${demo.firm}/${demo.endpoint}` : null, id: crypto.randomUUID(), sandbox }),
  })
}

function hasForm(mirror: Mirror | null): boolean {
  const endpoints = isObject(mirror?.document) ? mirror.document.endpoints : null
  const endpoint = isObject(endpoints) ? endpoints[demo.endpoint] : null
  return isObject(endpoint) && endpoint.source === 'form'
}
