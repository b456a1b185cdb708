import type { RegistryRpc } from '../model/registry-rpc.ts'

/** The one registry of all firms. A stub to an object that died is of no more use: each call takes a new one. */
export function registryOf(env: Pick<Env, 'REGISTRY'>): RegistryRpc {
  return env.REGISTRY.get(env.REGISTRY.idFromName('registry'))
}
