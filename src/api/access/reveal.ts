import * as z from 'zod/mini'
import { type Caller, includes } from '../../model/access.ts'
import { readQuery } from '../read.ts'
import { Refused } from '../reply.ts'
import { forbidden } from './who.ts'

/** `reveal`: what came in and went out as it is, and not masked. The audit says who asked for it. */
const query = z.strictObject({ reveal: z.exactOptional(z.enum(['0', '1'])) })

/** Whether values are to be shown. @throws Refused to whoever may not see any */
export function revealIn({ url }: Request, caller: Caller): boolean {
  const reveal = readQuery(url, query).reveal === '1'
  if (reveal && !includes(caller.role, 'operator')) throw new Refused(forbidden(caller, 'operator'))
  return reveal
}
