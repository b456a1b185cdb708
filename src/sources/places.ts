import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { Person } from '../model/event.ts'
import { at, textAt } from '../reading/payload.ts'
import { personOf } from '../reading/person.ts'
import { numberIn } from './calls/number.ts'

/** Where things stand in a payload: `data.object.id`; `a|b` is the first of them that is there; `.` is the payload itself. */
export type Place = string

const alternatives = (place: Place | undefined): string[] => place?.split('|') ?? []

export function textIn(item: Json, place: Place | undefined): string | null {
  for (const path of alternatives(place)) {
    const found = textAt(item, path)
    if (found !== null) return found
  }
  return null
}

export function objectIn(item: Json, place: Place | undefined): JsonObject | null {
  for (const path of alternatives(place)) {
    const found = path === '.' ? item : at(item, path)
    if (isObject(found)) return found
  }
  return null
}

/** Where a payload tells whom it is about. */
export interface Whom {
  /** The object whose own keys tell it, by their names. */
  readonly of?: Place
  /** Parts that stand elsewhere; they fill what `of` leaves open. */
  readonly name?: Place
  readonly email?: Place
  readonly phone?: Place
}

export function whom({ of, name, email, phone }: Whom): (item: JsonObject) => Person {
  return item => {
    const own = personOf(objectIn(item, of) ?? {})
    const named = personOf({ name: textIn(item, name) ?? '' })
    const unnamed = own.first_name === null && own.last_name === null
    return {
      ...own,
      ...(unnamed && { first_name: named.first_name, last_name: named.last_name }),
      email: own.email ?? personOf({ email: textIn(item, email) ?? '' }).email,
      phone: own.phone ?? numberIn(textIn(item, phone)),
    }
  }
}
