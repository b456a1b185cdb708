import type { Source } from '../../../src/model/source.ts'
import { answersOf, submission } from '../../../src/reading/answers.ts'
import { readAnswers } from '../../../src/reading/body/body.ts'
import { idAt, notFrom } from '../../../src/reading/payload.ts'
import { type SignedOptions, schemeWords, signedBy, signedOptions } from '../../../src/sources/proof/proofs.ts'
import type { Scheme } from '../../../src/sources/proof/schemes.ts'

/** Acme Forms, which do not exist: what a new provider takes. */

const scheme: Scheme = {
  carrier: { form: 'plain', header: 'x-acme-signature' },
  hash: 'SHA-256',
  encoding: 'hex',
  key: 'utf8',
  signed: '{body}',
}

export const acme: Source<SignedOptions> = {
  name: 'acme',
  verifiedBy: schemeWords(scheme),
  keyedBy: 'ticket',
  types: ['form.submitted'],
  signed: true,
  options: signedOptions,
  verify: signedBy(scheme),

  async parse(request) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    const { ticket: _, ...answers } = read.value
    const id = idAt(read.value, 'ticket')
    if (id === null) return notFrom('Acme Forms')
    return [await submission({ source: 'acme', id, time: null, data: read.value, answers: answersOf(answers) })]
  },
}
