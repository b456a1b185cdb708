import * as z from 'zod/mini'
import type { Json } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, alone, answersOf, kindOf, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { isoTime, notFrom } from '../../reading/payload.ts'
import { type SignedOptions, schemeWords, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'

/**
 * Google Forms sends nothing by itself: an Apps Script of ours (docs/sources/google-forms.md) runs on every submission and
 * signs as Standard Webhooks say. `data` holds `answers`, of a form's own script, or `namedValues`, of its sheet's.
 */

const data = z.object({
  answers: z.optional(
    z.array(z.object({ title: z.string(), type: z.optional(z.string()), value: z.optional(z.json()) })),
  ),
  namedValues: z.optional(z.record(z.string(), z.array(z.string()))),
  email: z.nullish(z.string()),
})
const payload = z.object({ type: z.literal('form.submitted'), timestamp: z.optional(z.string()), data })

export const googleForms: Source<SignedOptions> = {
  name: 'google-forms',
  verifiedBy: `${schemeWords(schemes.standardWebhooks)}, by our Apps Script`,
  keyedBy: 'webhook-id: the id of the response, or sheet and row',
  types: ['form.submitted'],
  signed: true,
  anybody: true,
  options: signedOptions,
  verify: signedBy(schemes.standardWebhooks),

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('the Apps Script for Google Forms')
    const made = await submission({
      source: 'google-forms',
      id: request.headers.get('webhook-id'),
      time: isoTime(parsed.data.timestamp),
      data: read.value,
      answers: answersIn(parsed.data.data),
    })
    return [made]
  },
}

function answersIn({ answers = [], namedValues = {}, email }: z.infer<typeof data>): Answer[] {
  const listed = answers.map(
    ({ title, type, value }): Answer => ({ label: title, value: (value ?? null) as Json, ...kindOf(type) }),
  )
  const named = answersOf(namedValues).map(({ label, value }) => ({ label, value: alone(value) }))
  // The address that the form collects by itself stands beside the questions.
  return [...listed, ...named, ...(email ? [{ label: '', value: email, kind: 'email' as const }] : [])]
}
