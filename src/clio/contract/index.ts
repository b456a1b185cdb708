import { account } from './resources/account.ts'
import { activities } from './resources/activities.ts'
import { bills } from './resources/bills.ts'
import { calendars } from './resources/calendars.ts'
import { contacts } from './resources/contacts.ts'
import { documents } from './resources/documents.ts'
import { matters } from './resources/matters.ts'
import { medical } from './resources/medical.ts'
import { messages } from './resources/messages.ts'
import { payments } from './resources/payments.ts'
import { reports } from './resources/reports.ts'
import { tasks } from './resources/tasks.ts'
import type { Resource } from './shapes/contract.ts'
import { withRefs } from './shapes/refs.ts'

export type { Field, Kind, Resource, Shape } from './shapes/contract.ts'
export { refOf, type Target } from './shapes/refs.ts'
export { answerPath, bodyShape, fieldAt, fieldOf, isShape, itemOf, keyOf, wordsOf } from './shapes/shape.ts'

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

/** Every resource that a rule can write, find or name, by its path. What else Clio serves stands in `all.ts`. */
export const contract: Readonly<Record<string, Resource>> = withRefs(resources)

export function resourceNamed(name: string): Resource | null {
  return Object.hasOwn(contract, name) ? contract[name]! : null
}
