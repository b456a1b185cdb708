import { account } from './account.ts'
import { activities } from './activities.ts'
import { bills } from './bills.ts'
import { calendars } from './calendars.ts'
import { contacts } from './contacts.ts'
import type { Resource } from './contract.ts'
import { documents } from './documents.ts'
import { matters } from './matters.ts'
import { medical } from './medical.ts'
import { messages } from './messages.ts'
import { payments } from './payments.ts'
import { withRefs } from './refs.ts'
import { reports } from './reports.ts'
import { tasks } from './tasks.ts'

export type { Field, Kind, Lookup, Names, Ref, Resource, Shape } from './contract.ts'
export { refOf, type Target } from './refs.ts'
export { answerPath, bodyShape, fieldAt, fieldOf, isShape, itemOf, keyOf, wordsOf } from './shape.ts'

const resources = {
  ...contacts,
  ...matters,
  ...activities,
  ...tasks,
  ...calendars,
  ...documents,
  ...messages,
  ...bills,
  ...payments,
  ...medical,
  ...account,
  ...reports,
}

export type ResourceName = keyof typeof resources

/** Every resource that a rule can write, find or name, by its path. What else Clio serves stands in `all.ts`. */
export const contract: Readonly<Record<string, Resource>> = withRefs(resources)

export function resourceNamed(name: string): Resource | null {
  return Object.hasOwn(contract, name) ? contract[name]! : null
}
