import * as z from 'zod'
import { canonical, type JsonObject, sha256 } from '../../json.ts'
import { answersOf, submission } from '../answers.ts'
import { readJson } from '../body.ts'
import { isoTime, notFrom } from '../payload.ts'
import { type SignedOptions, schemeWords, signedBy, signedOptions } from '../proofs.ts'
import { schemes } from '../schemes.ts'
import type { Source } from '../source.ts'

/** https://help.formspree.io (webhooks; Professional plan). No id, but `_date`, to the microsecond, stays the same in a redelivery. */

const payload = z.object({
  form: z.string().max(255).optional(),
  submission: z.record(z.string(), z.json()),
})

export const formspree: Source<SignedOptions> = {
  name: 'formspree',
  verifiedBy: schemeWords(schemes.formspree),
  keyedBy: 'the form, _date and the answers; without _date the answers alone, for ten minutes',
  types: ['form.submitted'],
  signed: true,
  options: signedOptions,
  verify: signedBy(schemes.formspree),

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('Formspree')
    const { form = null, submission: given } = parsed.data
    // Names that begin with _ are Formspree's own: `_date`, `_subject`, `_gotcha`.
    const answers = answersOf(given as JsonObject).filter(({ label }) => !label.startsWith('_'))
    const time = isoTime(given._date as string)
    const key = time === null ? null : await sha256(canonical({ form, given: given as JsonObject }))
    return [await submission({ source: 'formspree', id: null, key, time, data: read.value, answers, form })]
  },
}
