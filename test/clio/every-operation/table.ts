import { account } from './account.ts'
import { matters } from './matters.ts'
import { money } from './money.ts'
import type { Operation } from './operation.ts'
import { papers } from './papers.ts'
import { people } from './people.ts'
import { work } from './work.ts'

/** All that is tried of Clio, in the order of docs/operations.md. */
export const operations: readonly Operation[] = [...matters, ...people, ...work, ...money, ...papers, ...account]
