import { isObject, type Json } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, submission } from '../../reading/answers.ts'
import { readAnswers } from '../../reading/body/body.ts'
import { idAt, notFrom, textAt } from '../../reading/payload.ts'
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
  anybody: true,
  options: signedOptions,
  verify: signedBy(schemes.formstack),

  async parse(request) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    const { HandshakeKey: _, ...data } = read.value
    const unique = idAt(data, 'UniqueID')
    const form = idAt(data, 'FormID')
    if (unique === null || form === null) return notFrom('Formstack')
    const answers = Object.entries(data).flatMap(([label, value]) =>
      label === 'FormID' || label === 'UniqueID' ? [] : [answerOf(label, value)],
    )
    return [await submission({ source: 'formstack', id: `${form}:${unique}`, time: null, data, answers })]
  },
}

const kinds: Readonly<Record<string, Answer['kind']>> = {
  name: 'name',
  email: 'email',
  phone: 'phone',
  textarea: 'message',
  file: 'file',
}

/** With "Include field type" an answer is `{"value": …, "field_type": …}`. */
function answerOf(label: string, given: Json): Answer {
  if (!isObject(given) || !Object.hasOwn(given, 'value') || !Object.hasOwn(given, 'field_type'))
    return inParts(label, given)
  const type = String(given.field_type)
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined
  return { ...inParts(label, given.value!), ...(kind && { kind }) }
}

/** A name comes in parts: as an object in JSON, as lines `first = Dana` in a form. */
function inParts(label: string, given: Json): Answer {
  const parts = isObject(given) ? given : partsOf(given)
  const [first, last] = [textAt(parts, 'first'), textAt(parts, 'last')]
  if (!parts || (first === null && last === null)) return { label, value: given }
  const whole = ['prefix', 'first', 'middle', 'initial', 'last', 'suffix'].flatMap(part => textAt(parts, part) ?? [])
  return { label, value: whole.join(' '), kind: 'name', parts: { first, last } }
}

/** Lines of `part = value`, when all of them are. */
function partsOf(given: Json): Record<string, string> | undefined {
  const lines = typeof given === 'string' ? given.split('\n').filter(line => line.trim() !== '') : []
  const pairs = lines.map(line => /^\s*(prefix|first|middle|initial|last|suffix)\s*=\s?(.*)$/i.exec(line))
  if (pairs.length === 0 || pairs.includes(null)) return undefined
  return Object.fromEntries(pairs.map(pair => [pair![1]!.toLowerCase(), pair![2]!.trim()]))
}
