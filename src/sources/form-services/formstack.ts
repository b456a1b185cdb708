import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, kindOf, submission } from '../../reading/answers.ts'
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

/** With "Include field type" an answer is `{"value": …, "field_type": …}`, or the parts of a name or an address beside its type. */
function answerOf(label: string, given: Json): Answer {
  const { field_type: type, ...parts } = isObject(given) ? given : partsOf(given)
  const whole = type !== undefined && Object.hasOwn(parts, 'value')
  const value = whole ? parts.value! : Object.keys(parts).length > 0 ? parts : given
  return { label, value, ...namedIn(value), ...kindOf(String(type)) }
}

/** A name comes in parts. */
function namedIn(parts: Json): Omit<Answer, 'label'> | null {
  const [first, last] = [textAt(parts, 'first'), textAt(parts, 'last')]
  if (first === null && last === null) return null
  const whole = ['prefix', 'first', 'middle', 'initial', 'last', 'suffix'].flatMap(part => textAt(parts, part) ?? [])
  return { value: whole.join(' '), kind: 'name', parts: { first, last } }
}

const part = /^\s*(prefix|first|middle|initial|last|suffix|address2?|city|state|zip|country|field_type)\s*=\s?(.*)$/i

/** In a form, parts are lines `part = value`, when all of them are; with its type, any answer is. */
function partsOf(given: Json): JsonObject {
  const text = typeof given === 'string' ? given.trim() : ''
  const [, value = '', type] = /^value =[^\S\n]?(.*)\nfield_type = ?(\w*)$/s.exec(text) ?? []
  if (type !== undefined) return { value, field_type: type }
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const pairs = lines.map(line => part.exec(line))
  return pairs.includes(null) || !/=\s*\S/.test(text)
    ? {}
    : Object.fromEntries(pairs.map(pair => [pair![1]!.toLowerCase(), pair![2]!.trim()]))
}
