import * as z from 'zod/mini'
import { isObject, type Json } from '../../lib/json.ts'
import { type Answer, kindOf } from '../../reading/answers.ts'
import { parseJson } from '../../reading/body/body.ts'
import { at, textAt } from '../../reading/payload.ts'
import { expression } from './mapping.ts'

/** Answers that a service sends as a list of questions, as most do. */

const place = z.string().check(z.minLength(1), z.maxLength(200))

export const answersOption = z.strictObject({
  list: expression,
  label: place,
  value: z.optional(place),
  field: z.optional(place),
  kind: z.optional(place),
})
export type AnswersOption = z.infer<typeof answersOption>

export function answersBy(given: AnswersOption, list: Json, body: Json): Answer[] {
  return listIn(list).flatMap(one => {
    const label = first(one, given.label)
    if (label === undefined || label === null || typeof label === 'object') return []
    const named = given.field === undefined ? undefined : textAt(one, given.field)
    const own = named && isObject(body) && Object.hasOwn(body, named) ? body[named] : undefined
    const value = own ?? (given.value === undefined ? null : first(one, given.value)) ?? null
    return [{ label: String(label), value, ...(given.kind !== undefined && kindOf(textAt(one, given.kind))) }]
  })
}

/** A list, JSON text of one, or the one list that an object holds (`{"Fields": […]}`). */
function listIn(given: Json): Json[] {
  const value = typeof given === 'string' ? (parseJson(given) ?? null) : given
  if (Array.isArray(value)) return value.slice(0, 1000)
  const lists = isObject(value) ? Object.values(value).filter(Array.isArray) : []
  return lists.length === 1 ? lists[0]!.slice(0, 1000) : []
}

function first(one: Json, places: string): Json | undefined {
  for (const path of places.split('|')) {
    const found = at(one, path)
    if (found !== undefined && found !== null && found !== '') return found
  }
  return undefined
}
