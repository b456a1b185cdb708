import type { Context } from 'hono'
import { failureLine } from '../lib/failure.ts'
import { problem, problemResponse } from '../lib/problem.ts'
import type { DocketRpc } from '../model/docket-rpc.ts'
import { unfitIn } from '../model/unfit.ts'
import { notFound } from './reply.ts'

/** Calls on a firm: the one in the path, and its Docket. */

export type Dockets = (firm: string) => DocketRpc

/** One RPC call on the firm's Docket. */
export type Ask = <T>(call: (docket: DocketRpc) => Promise<T>) => Promise<T>

type Handler = (ask: Ask, c: Context, firm: string) => Promise<Response>

/** As in `/in/{firm}/…`. */
const isFirm = (name: string) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)

/** A handler for a path with `:firm`. A Docket that cannot be reached is a 503: the same call may be sent again. */
export function withDocket(dockets: Dockets, handler: Handler): (c: Context) => Promise<Response> {
  return async c => {
    const firm = c.req.param('firm') ?? ''
    if (!isFirm(firm)) return problemResponse(notFound)
    const ask: Ask = async call => {
      try {
        return await call(dockets(firm))
      } catch (cause) {
        throw new Unreachable('', { cause })
      }
    }
    try {
      return await handler(ask, c, firm)
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      const why = unfitIn(error.cause)
      if (!why) console.error(`The Docket of firm ${firm} cannot be reached: ${failureLine(error.cause)}`)
      return problemResponse(why ?? unreachable)
    }
  }
}

class Unreachable extends Error {}

const unreachable = problem(
  503,
  'docket-unreachable',
  'The firm cannot be reached',
  'The docket of the firm did not answer. Send the same call again; whether it was done shows in what it changes.',
  { headers: { 'retry-after': '5' } },
)
