import * as z from 'zod/mini'
import type { Json, JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { answersOf, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { isoTime, notFrom } from '../../reading/payload.ts'
import { type SignedOptions, signedOptions } from '../proof/proofs.ts'
import { verdictOf } from '../proof/signature.ts'
import { verifyNetlify } from '../proof/specials.ts'

/** https://docs.netlify.com/forms/notifications/. `data` also holds what the browser tells; the ordered fields do not. */

const payload = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(255)),
  created_at: z.optional(z.string()),
  data: z.optional(z.record(z.string(), z.json())),
  ordered_human_fields: z.optional(
    z.array(z.object({ title: z.string(), name: z.string(), value: z.optional(z.json()) })),
  ),
})

const technical = new Set(['ip', 'user_agent', 'referrer', 'bot-field', 'form-name'])

export const netlify: Source<SignedOptions> = {
  name: 'netlify',
  verifiedBy: 'a JWT in x-webhook-signature, signed with HMAC-SHA256, over the SHA-256 of the body',
  keyedBy: 'id',
  types: ['form.submitted'],
  signed: true,
  anybody: true,
  options: signedOptions,

  async verify(request, endpoint) {
    return verdictOf(await verifyNetlify(request, endpoint.secrets(endpoint.options.secret)))
  },

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('Netlify')
    const { id, created_at, data, ordered_human_fields: fields } = parsed.data
    const answers = fields
      ? fields.map(({ title, name, value }) => ({ label: title || name, value: (value ?? null) as Json }))
      : answersOf((data ?? {}) as JsonObject)
    const asked = answers.filter(({ label }) => !technical.has(label))
    return [await submission({ source: 'netlify', id, time: isoTime(created_at), data: read.value, answers: asked })]
  },
}
