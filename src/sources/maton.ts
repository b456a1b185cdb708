import * as z from 'zod/mini'
import { utf8 } from '../lib/encoding.ts'
import { isObject } from '../lib/json.ts'
import { isProblem, type Problem } from '../lib/problem.ts'
import type { Endpoint, Inbound, Verdict } from '../model/endpoint.ts'
import type { Delivery } from '../model/event.ts'
import { readJson } from '../reading/body/body.ts'
import { type SignedOptions, signedBy } from './proof/proofs.ts'
import { schemes } from './proof/schemes.ts'

/**
 * Events of a provider that the gateway delivers: Maton's triggers sign as Standard Webhooks say, with a secret of their own (`whsec_…`), and
 * hand on what the provider told, by itself or in an envelope.
 */

export const viaOption = {
  via: z.optional(z.literal('maton')),
}

type Via = { readonly via?: 'maton' | undefined }
type Given = SignedOptions & Via

const byMaton = signedBy(schemes.standardWebhooks)

/** The gateway's proof where the endpoint says so, else the provider's own. */
export function orByMaton<Options extends Given>(
  own: (request: Inbound, endpoint: Endpoint<Options>) => Promise<Verdict>,
): (request: Inbound, endpoint: Endpoint<Options>) => Promise<Verdict> {
  return (request, endpoint) => (endpoint.options.via === 'maton' ? byMaton(request, endpoint) : own(request, endpoint))
}

const envelopes = ['payload', 'data', 'body', 'event']

/** Reads what the provider told; of the gateway's, inside an envelope when it reads there. */
export async function insideOf(
  request: Inbound,
  { via }: Via,
  read: (request: Inbound) => Promise<Delivery[] | Problem>,
): Promise<Delivery[] | Problem> {
  const body = via === 'maton' ? readJson(request) : null
  if (body?.ok && isObject(body.value)) {
    for (const key of envelopes) {
      const inner = Object.hasOwn(body.value, key) ? body.value[key] : null
      if (typeof inner !== 'object' || inner === null) continue
      const found = await read({ ...request, body: utf8(JSON.stringify(inner)) })
      if (!isProblem(found)) return found
    }
  }
  return read(request)
}
