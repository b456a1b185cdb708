import type { Source } from '../../model/source.ts'
import { answersOf, submission } from '../../reading/answers.ts'
import { readAnswers } from '../../reading/body.ts'
import { idAt, notFrom } from '../../reading/payload.ts'
import { type SignedOptions, schemeWords, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'

/**
 * https://help.formstack.com (webhooks). The signature is an option of the webhook (HMAC key) that must be switched on.
 * `HandshakeKey` is the older shared secret, sent in the body: it is checked by nobody and kept by nobody here.
 */

export const formstack: Source<SignedOptions> = {
  name: 'formstack',
  verifiedBy: schemeWords(schemes.formstack),
  keyedBy: 'FormID and UniqueID',
  types: ['form.submitted'],
  signed: true,
  options: signedOptions,
  verify: signedBy(schemes.formstack),

  async parse(request) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    const { HandshakeKey: _, ...data } = read.value
    const unique = idAt(data, 'UniqueID')
    const form = idAt(data, 'FormID')
    if (unique === null || form === null) return notFrom('Formstack')
    const answers = answersOf(data).filter(({ label }) => label !== 'FormID' && label !== 'UniqueID')
    return [await submission({ source: 'formstack', id: `${form}:${unique}`, time: null, data, answers })]
  },
}
