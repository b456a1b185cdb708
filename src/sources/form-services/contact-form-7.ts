import type { JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { alone, answersOf, kindOf, submission } from '../../reading/answers.ts'
import { readAnswers } from '../../reading/body/body.ts'
import { type SharedOptions, sharedOptions, sharedWords, verifyShared } from '../proof/proofs.ts'

/** The plugin "CF7 to Webhook", https://wordpress.org/plugins/cf7-to-zapier/: a flat object of the form's own names, sent once, without an id. */
export const contactForm7: Source<SharedOptions> = {
  name: 'contact-form-7',
  verifiedBy: sharedWords,
  keyedBy: 'the answers, for ten minutes',
  types: ['form.submitted'],
  signed: false,
  anybody: true,
  options: sharedOptions,
  verify: verifyShared,

  async parse(request) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    const data = read.value
    // Names that begin with _ are Contact Form 7's own: `_wpcf7`, `_wpnonce`.
    const told = (all: JsonObject) =>
      answersOf(all)
        .filter(({ label }) => !label.startsWith('_'))
        .map(({ label, value }) => ({ label, value: alone(value), ...kindOf(generated.exec(label)?.[1]) }))
    const [answers, keyed] = [told(data), told(read.keyed)]
    return [await submission({ source: 'contact-form-7', id: null, time: null, data, answers, keyed, escaped: true })]
  },
}

/** Names that the plugin generates tell the type of the field: `email-97`, `tel-620`. */
const generated = /^([a-z]+)-\d+$/
