import type { DocketRpc } from './model/docket-rpc.ts'

/** The Docket of a firm. */
export function docketOf(env: Pick<Env, 'DOCKET'>, firm: string): DocketRpc {
  return env.DOCKET.get(env.DOCKET.idFromName(firm)) as unknown as DocketRpc
}
