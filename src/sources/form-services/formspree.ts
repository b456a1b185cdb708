import * as z from 'zod/mini'
import { canonical, type JsonObject, sha256 } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { answersOf, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { isoTime, notFrom } from '../../reading/payload.ts'
import { type SignedOptions, schemeWords, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'

/** https://help.formspree.io (webhooks; Professional plan). No id, but `_date`, to the microsecond, stays the same in a redelivery. */

const payload = z.object({
  form: z.optional(z.string().check(z.maxLength(255))),
  submission: z.record(z.string(), z.json()),
})

export const formspree: Source<SignedOptions> = {
  name: 'formspree',
  verifiedBy: schemeWords(schemes.formspree),
  keyedBy: 'the form, _date and the answers; without _date the answers alone, for ten minutes',
  types: ['form.submitted'],
  signed: true,
  anybody: true,
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
