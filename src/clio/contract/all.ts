import type { Resource } from './contract.ts'
import { contract } from './index.ts'
import { nested } from './nested.ts'
import { rates } from './rates.ts'
import { withRefs } from './refs.ts'
import { views } from './views.ts'

/** Everything Clio serves, by path: for a stand-in of Clio. No rule can use what is here besides, so the Worker does without it. */
export const everything: Readonly<Record<string, Resource>> = {
  ...contract,
  ...withRefs({ ...nested, ...rates, ...views }),
}
