import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, submission } from '../../reading/answers.ts'
import { parseJson, readAnswers } from '../../reading/body.ts'
import { idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { type SharedOptions, sharedOptions, sharedWords, verifyShared } from '../proof/proofs.ts'

/**
 * https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/. Nothing is signed. `rawRequest` holds the answers
 * as JSON under `q3_fullName`: the question's number and its name.
 */

export const jotform: Source<SharedOptions> = {
  name: 'jotform',
  verifiedBy: sharedWords,
  keyedBy: 'submissionID',
  types: ['form.submitted'],
  signed: false,
  options: sharedOptions,
  verify: verifyShared,

  async parse(request) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    // `webhookURL` holds our address, and so the secret in it.
    const { rawRequest, webhookURL: _, ...about } = read.value
    const raw = typeof rawRequest === 'string' ? parseJson(rawRequest) : rawRequest
    const id = idAt(about, 'submissionID')
    if (id === null || !isObject(raw)) return notFrom('Jotform')
    const { webhookURL: __, ...answers } = raw
    const made = await submission({
      source: 'jotform',
      id,
      time: isoTime(raw.submitDate),
      data: { ...about, rawRequest: answers },
      answers: Object.entries(answers).flatMap(([key, value]) => answerOf(key, value, answers)),
    })
    return [made]
  },
}

/** Files stand beside the questions, under the question's name alone; every other key without a number is Jotform's own. */
function answerOf(key: string, value: Json, all: JsonObject): Answer[] {
  const label = /^q\d+_(.+)$/s.exec(key)?.[1]
  if (label !== undefined) return Object.hasOwn(all, label) && isUpload(all[label]) ? [] : [{ label, ...told(value) }]
  return isUpload(value) ? [{ label: key, value, kind: 'file' }] : []
}

function isUpload(value: Json | undefined): boolean {
  return [value ?? []].flat().some(item => /^https:\/\/([\w-]+\.)?jotform\.com\/uploads\//.test(String(item)))
}

/** Names, phones and dates come in parts. */
function told(value: Json): Omit<Answer, 'label'> {
  if (!isObject(value)) return isEmail(value) ? { value, kind: 'email' } : { value }
  const part = (...keys: string[]) => keys.map(key => textAt(value, key)).filter(text => text !== null)
  if (Object.hasOwn(value, 'first') && Object.hasOwn(value, 'last')) {
    const name = part('prefix', 'first', 'middle', 'last', 'suffix').join(' ')
    return { value: name, kind: 'name', parts: { first: part('first')[0] ?? null, last: part('last')[0] ?? null } }
  }
  if (Object.hasOwn(value, 'full') || Object.hasOwn(value, 'phone')) {
    return { value: part('full')[0] ?? part('country', 'area', 'phone').join(' '), kind: 'phone' }
  }
  const [year, month = '', day = ''] = part('year', 'month', 'day')
  const isDate = /^\d{4}-\d{1,2}-\d{1,2}$/.test(`${year}-${month}-${day}`)
  return { value: isDate ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : value }
}

const isEmail = (value: Json) => typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
