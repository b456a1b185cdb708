import { failureLine } from '../lib/failure.ts'
import { problem } from '../lib/problem.ts'
import type { DocketRpc } from '../model/docket-rpc.ts'
import { unfitIn } from '../model/unfit.ts'
import { Refused } from './reply.ts'

/** Calls on a firm: the one in the path, and its Docket. */

export type Dockets = (firm: string) => DocketRpc

/** One RPC call on the firm's Docket. @throws Refused when it does not answer */
export type Ask = <T>(call: (docket: DocketRpc) => Promise<T>) => Promise<T>

export function askOf(dockets: Dockets, firm: string): Ask {
  return async call => {
    try {
      return await call(dockets(firm))
    } catch (cause) {
      const why = unfitIn(cause)
      if (!why) console.error(`The Docket of firm ${firm} cannot be reached: ${failureLine(cause)}`)
      throw new Refused(why ?? unreachable)
    }
  }
}

const unreachable = problem(
  503,
  'docket-unreachable',
  'The firm cannot be reached',
  'The docket of the firm did not answer. Send the same call again; whether it was done shows in what it changes.',
  { headers: { 'retry-after': '5' } },
)
