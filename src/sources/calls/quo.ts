import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { type InboundFile, nobody, type Person } from '../../model/event.ts'
import { filesOf } from '../../reading/linked-files.ts'
import { at } from '../../reading/payload.ts'
import { objectIn, textIn } from '../places.ts'
import { numberIn } from './number.ts'

/**
 * Quo (formerly OpenPhone), https://www.quo.com/docs. Since API version 2026-03-30 an event is `data: {context, resource}`, where
 * `context` tells the other side; before, all stands in `data.object`, and the direction says which side is the other one.
 */

const resource = 'data.resource|resource|data.object'

/** Pictures of a message, the sound of a call. */
export const quoFiles = (item: JsonObject): InboundFile[] =>
  filesOf({ label: '', value: objectIn(item, resource)?.media ?? [], kind: 'file' })

/** The text of a message, the words of a voicemail, what a call came to, or who said what in it. */
export function quoWords(item: JsonObject): string | null {
  const told = objectIn(item, resource) ?? {}
  const lines = [told.summary, told.nextSteps, told.dialogue, told.transcript].flat().flatMap(one => {
    const said = isObject(one) ? textIn(one, 'content|text') : (one ?? null)
    const by = isObject(one) ? textIn(one, 'identifier') : null
    return typeof said === 'string' && said !== '' ? [by === null ? said : `${by}: ${said}`] : []
  })
  return textIn(told, 'text|body') ?? (lines.join('\n') || null)
}

export function quoPerson(item: JsonObject): Person {
  const told = objectIn(item, resource) ?? {}
  const context = objectIn(item, 'data.context|context') ?? {}
  const outgoing = /^out/i.test(String(told.direction ?? ''))
  const [theirs, ours] = outgoing
    ? [context.recipientIdentifiers ?? told.to, context.senderIdentifier ?? told.from]
    : [context.senderIdentifier ?? told.from, context.recipientIdentifiers ?? told.to]
  const external = first(at(context, 'participants.external'))
  return { ...nobody(), phone: external ?? first(theirs) ?? (outgoing ? null : otherOf(told.participants, ours)) }
}

/** A side is a number, or a list of them. */
function first(side: Json | undefined): string | null {
  for (const one of [side ?? []].flat()) {
    const number = typeof one === 'string' ? numberIn(one) : null
    if (number !== null) return number
  }
  return null
}

/** Of a call's participants the caller comes first, unless that is the firm's own number. */
function otherOf(participants: Json | undefined, ours: Json | undefined): string | null {
  const own = first(ours)
  return first((Array.isArray(participants) ? participants : []).filter(one => one !== own))
}
