import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, isEmail, submission } from '../../reading/answers.ts'
import { parseJson, readAnswers } from '../../reading/body/body.ts'
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
  anybody: true,
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
  // An appointment is `{date: '2026-12-09 10:00', duration, timezone}`.
  return { value: momentIn(value) ?? textAt(value, 'date') ?? value }
}

/** `{month, day, year}`, with `{hour, min, ampm}` or `timeInput` where the form asks for the time too: `2026-12-01T15:30`. */
function momentIn(value: JsonObject): string | null {
  const part = (...keys: string[]) => keys.flatMap(key => textAt(value, key) ?? [])[0] ?? ''
  const [year, month, day] = [part('year'), part('month'), part('day')]
  const date = /^\d{4}-\d{1,2}-\d{1,2}$/.test(`${year}-${month}-${day}`)
    ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    : ''
  const [, h, m, half] =
    /^(\d{1,2}):(\d{2})\s*([ap]m)?$/i.exec(
      part('timeInput')
        ? `${part('timeInput')} ${part('ampm')}`.trim()
        : `${part('hour')}:${part('min')} ${part('ampm')}`.trim(),
    ) ?? []
  const hour = half ? (Number(h) % 12) + (/^p/i.test(half) ? 12 : 0) : Number(h)
  const time = h !== undefined && hour < 24 ? `${String(hour).padStart(2, '0')}:${m}` : ''
  return [date, time].filter(Boolean).join('T') || null
}
