import { failureLine } from '../lib/failure.ts'
import { problem } from '../lib/problem.ts'
import type { RegistryRpc } from '../model/registry-rpc.ts'
import { Refused } from './reply.ts'

export type Registry = () => RegistryRpc

/** One RPC call on the registry. @throws Refused when it cannot be reached: the same call may be sent again */
export async function ask<T>(registry: Registry, call: (all: RegistryRpc) => Promise<T>): Promise<T> {
  try {
    return await call(registry())
  } catch (error) {
    console.error(`The registry cannot be reached: ${failureLine(error)}`)
    throw new Refused(unreachable)
  }
}

const unreachable = problem(
  503,
  'registry-unreachable',
  'The registry cannot be reached',
  'The registry of all firms did not answer. Send the same call again.',
  { headers: { 'retry-after': '5' } },
)
