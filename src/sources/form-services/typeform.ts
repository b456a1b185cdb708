import * as z from 'zod/mini'
import type { Json, JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { type Answer, kindOf, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { type SignedOptions, schemeWords, signedBy, signedOptions } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'

/**
 * https://www.typeform.com/developers/webhooks/. Only answered questions come; their titles stand in the definition. It gives
 * up at once on a 404 or 410, which an endpoint that exists never answers.
 */

interface Question {
  readonly id: string
  readonly title?: string
  readonly type?: string
  readonly properties?: { readonly fields?: readonly Question[] }
}

const question: z.ZodMiniType<Question> = z.object({
  id: z.string(),
  title: z.optional(z.string()),
  type: z.optional(z.string()),
  get properties() {
    return z.optional(z.object({ fields: z.optional(z.array(question)) }))
  },
}) as z.ZodMiniType<Question>

const answer = z.looseObject({
  type: z.string(),
  field: z.object({ id: z.string(), ref: z.optional(z.string()), type: z.optional(z.string()) }),
})

const payload = z.object({
  event_id: z.optional(z.string()),
  event_type: z.enum(['form_response', 'form_response_partial']),
  form_response: z.object({
    token: z.string().check(z.minLength(1), z.maxLength(255)),
    submitted_at: z.optional(z.string()),
    hidden: z.optional(z.record(z.string(), z.json())),
    definition: z.optional(z.object({ fields: z.array(question) })),
    answers: z.optional(z.array(answer)),
  }),
})

export const typeform: Source<SignedOptions> = {
  name: 'typeform',
  verifiedBy: schemeWords(schemes.typeform),
  keyedBy: 'form_response.token; a partial response also by its event_id',
  types: ['form.submitted', 'form.partial'],
  signed: true,
  anybody: true,
  options: signedOptions,
  verify: signedBy(schemes.typeform),

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('Typeform')
    const { event_id, event_type, form_response: response } = parsed.data
    const partial = event_type === 'form_response_partial'
    const titles = titlesOf(response.definition?.fields ?? [])
    const hidden = Object.entries(response.hidden ?? {}).map(([label, value]) => ({ label, value: value as Json }))
    const made = await submission({
      source: 'typeform',
      type: partial ? 'form.partial' : 'form.submitted',
      id: partial ? `${response.token}:${event_id ?? ''}` : response.token,
      time: isoTime(response.submitted_at),
      data: read.value,
      answers: [...(response.answers ?? []).map(one => answerOf(one, titles)), ...hidden],
    })
    return [made]
  },
}

function titlesOf(questions: readonly Question[]): Map<string, string> {
  const nested = questions.flatMap(({ properties }) => [...titlesOf(properties?.fields ?? [])])
  return new Map([...questions.map(({ id, title }) => [id, title ?? ''] as const), ...nested])
}

function answerOf(given: z.infer<typeof answer>, titles: ReadonlyMap<string, string>): Answer {
  const { type, field } = given
  const label = titles.get(field.id) || field.ref || field.id
  return { label, value: worth(given as JsonObject, type), ...kindOf(field.type), ...kindOf(type) }
}

/** The value stands under the name of its type; choices are told by their labels. */
function worth(given: JsonObject, type: string): Json {
  if (type === 'choice') return textAt(given, 'choice.label') ?? textAt(given, 'choice.other')
  if (type !== 'choices') return (Object.hasOwn(given, type) ? given[type] : null) ?? null
  const { labels, other } = (given.choices ?? {}) as JsonObject
  return [labels ?? [], other ?? []].flat()
}
