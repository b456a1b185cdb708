import type { Json, JsonObject } from '../../lib/json.ts'
import type { EventPreview, Preview, RunSummary, RunView, Shadow } from '../../model/docket-rpc.ts'
import type { InboundEvent, Recognized } from '../../model/event.ts'
import { type ReasonCode, reasons } from '../../model/reason.ts'
import type { Given } from '../../model/view/run.ts'
import { answerAt } from '../../reading/recognized.ts'

/**
 * A run for eyes that have not asked to see: every value that is kept sealed is told as its kind and length. Nothing is guessed from
 * names, for a client writes into any field. What stands in clear (states, codes, times, paths, ids of records) is told as it is.
 */

/** Reasons whose words are ours alone: they name runs and records, and nothing that anybody wrote. */
const ours: ReadonlySet<ReasonCode | null> = new Set(['behind-subject', 'asked'])

export function maskedSummary(run: RunSummary): RunSummary {
  const { reason, reasonCode, subject, person } = run
  const words = ours.has(reasonCode) ? reason : reasonCode === null ? text(reason) : `${reasons[reasonCode]}.`
  return { ...run, reason: words, subject: text(subject), person: text(person) }
}

export function maskedView(run: RunView): RunView {
  const { event, steps } = run
  return {
    ...run,
    ...maskedSummary(run),
    event: event && maskedEvent(event),
    ...(run.shadow && { shadow: maskedShadow(run.shadow) }),
    ...(run.stumbled && { stumbled: run.stumbled.map(hidden) }),
    steps: steps.map(step => ({
      ...step,
      output: maskedOutput(step.output),
      ...(step.given && { given: step.given.map(hidden) }),
      ...(step.candidates && { candidates: step.candidates.map(one => ({ ...one, name: text(one.name) })) }),
      attempts: step.attempts.map(attempt => ({
        ...attempt,
        request: masked(attempt.request),
        message: text(attempt.message),
      })),
    })),
  }
}

const maskedEvent = (event: InboundEvent): InboundEvent => ({
  ...(masked(event as unknown as JsonObject) as unknown as InboundEvent),
  source: event.source,
  type: event.type,
  time: event.time,
  // Names of answers, which stand in clear beside it.
  ...(event.recognized && { recognized: ownNames(event.recognized, event.fields) }),
})

const maskedShadow = (shadow: Shadow): Shadow => ({
  ...shadow,
  ...maskedWork(shadow),
  tells: shadow.tells.map(one => ({ ...one, text: String(masked(one.text)) })),
})

/** What a run would do. */
export const maskedPreview = (preview: Preview): Preview => ({
  ...preview,
  ...maskedWork(preview),
  events: preview.events.map(one => ({ ...one, ...maskedWork(one), event: maskedEvent(one.event) })),
})

const maskedWork = ({ calls, warnings }: Pick<EventPreview, 'calls' | 'warnings'>) => ({
  calls: calls.map(call => ({
    ...call,
    ...(call.query !== undefined && { query: masked(call.query) }),
    ...(call.body !== undefined && { body: masked(call.body) }),
  })),
  // What is remarked of the text of a rule holds names of fields, and no value.
  warnings: warnings.map(one =>
    one.path.startsWith('rules[')
      ? one
      : { ...one, message: one.code ? `${reasons[one.code]}.` : String(masked(one.message)) },
  ),
})

/** What a fault says may quote what it stumbled over. */
const hidden = <One extends Given>(one: One): One => ({
  ...one,
  value: masked(one.value),
  ...(one.fault !== undefined && { fault: String(masked(one.fault)) }),
  ...(one.reads && { reads: one.reads.map(read => ({ ...read, value: masked(read.value) })) }),
})

function ownNames(recognized: Recognized, fields: JsonObject): Recognized {
  return Object.fromEntries(Object.entries(recognized).filter(([, name]) => answerAt(fields, name) !== null))
}

const text = (value: string | null): string | null => (value === null ? null : String(masked(value)))

/** Which record a step made or found stands in clear on its call too. */
const clear = ['id', 'resource', 'created', 'found']

function maskedOutput(output: Json): Json {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return masked(output)
  return Object.fromEntries(
    Object.entries(output).map(([key, value]) => [
      key,
      clear.includes(key) && (typeof value !== 'object' || value === null) ? value : masked(value),
    ]),
  )
}

function masked(value: Json): Json {
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one)]))
  if (typeof value === 'string') return `‹text, ${value.length}›`
  if (typeof value === 'number') return '‹number›'
  return typeof value === 'boolean' ? '‹yes or no›' : value
}
