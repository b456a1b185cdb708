import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { Mirror } from '../model/docket-rpc.ts'
import type { Endpoint } from '../model/endpoint.ts'
import type { Source } from '../model/source.ts'
import { isSecretName, resolveSecret, SecretError } from '../platform/secrets.ts'

/** From a firm's configuration to one of its endpoints, ready to verify with. */
export interface Located {
  readonly source: Source<unknown>
  readonly endpoint: Endpoint<unknown>
  /** What is wrong with the secrets that the endpoint names, for the operator's log: names, never values. */
  readonly faults: readonly string[]
}

/**
 * - `unknown`: the configuration has no such endpoint.
 * - `unusable`: it has, but this version of the Worker does not know the source or its options.
 */
export async function locate(
  mirror: Mirror,
  firm: string,
  name: string,
  env: object,
  sources: ReadonlyMap<string, Source<unknown>>,
): Promise<Located | 'unknown' | 'unusable'> {
  const configured = endpointsOf(mirror.document)
  const entry = Object.hasOwn(configured, name) ? configured[name] : undefined
  if (!isObject(entry)) return 'unknown'
  const { source: sourceName, ...rest } = entry
  const source = sources.get(String(sourceName))
  const options = source?.options.safeParse(rest)
  if (source === undefined || !options?.success) return 'unusable'

  const values = new Map<string, string>()
  const faults: string[] = []
  for (const secret of secretNames(rest)) {
    const found = await valueBehind(mirror, firm, env, secret)
    if (found.value === null) faults.push(found.fault)
    else values.set(secret, found.value)
  }
  const secrets = (option: string | readonly string[] | undefined) =>
    [option ?? []]
      .flat()
      .map(reference => values.get(reference.slice(1)))
      .filter(value => value !== undefined)
  return { source, endpoint: { firm, name, options: options.data, secrets }, faults }
}

function endpointsOf(document: Json): JsonObject {
  return isObject(document) && isObject(document.endpoints) ? document.endpoints : {}
}

/** Every `$NAME` in an endpoint's options. */
function secretNames(option: Json): string[] {
  if (typeof option === 'string')
    return option.startsWith('$') && isSecretName(option.slice(1)) ? [option.slice(1)] : []
  return typeof option === 'object' && option !== null ? Object.values(option).flatMap(secretNames) : []
}

type Found = { readonly value: string } | { readonly value: null; readonly fault: string }

/** A secret that does not open is as good as none: the source fails closed, and the log says what to mend. */
async function valueBehind(mirror: Mirror, firm: string, env: object, name: string): Promise<Found> {
  try {
    const value = await resolveSecret(env, firm, mirror.secrets, name, mirror.lent)
    return value === null ? { value, fault: `${name} is not set` } : { value }
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    return { value: null, fault: error.message }
  }
}
