import type { DocketRpc } from './model/docket-rpc.ts'
import { within } from './platform/jurisdiction.ts'

/** The Docket of a firm. */
export function docketOf(env: Pick<Env, 'DOCKET'>, firm: string): DocketRpc {
  const dockets = within(env.DOCKET, env)
  return dockets.get(dockets.idFromName(firm)) as unknown as DocketRpc
}
