import type { RegistryRpc } from '../model/registry-rpc.ts'
import { within } from './jurisdiction.ts'

/** The one registry of all firms. A stub to an object that died is of no more use: each call takes a new one. */
export function registryOf(env: Pick<Env, 'REGISTRY'>): RegistryRpc {
  const registries = within(env.REGISTRY, env)
  return registries.get(registries.idFromName('registry'))
}
