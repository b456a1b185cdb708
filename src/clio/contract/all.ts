import { contract } from './index.ts'
import { nested } from './resources/nested.ts'
import { rates } from './resources/rates.ts'
import { views } from './resources/views.ts'
import type { Resource } from './shapes/contract.ts'
import { withRefs } from './shapes/refs.ts'

/** Everything Clio serves, by path: what a rule can write or find, and what can only be read besides. */
export const everything: Readonly<Record<string, Resource>> = {
  ...contract,
  ...withRefs({ ...nested, ...rates, ...views }),
}
