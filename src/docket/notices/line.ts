import type { Configuration } from '../../configuration/configuration.ts'
import type { Line } from '../../model/conversation.ts'
import { resolveSecret } from '../../platform/secrets.ts'
import { settingsOf } from '../../platform/settings.ts'
import type { Ledger } from '../ledger/ledger.ts'

export interface LineDeps {
  readonly ledger: Pick<Ledger, 'configs' | 'meta' | 'cache'>
  readonly firm: string
  /** The Worker's bindings: secrets by name, and where providers are. */
  readonly env: object
  readonly fetch: typeof fetch
}

/** An endpoint through which people are talked with. What is kept for them bears the source's name. */
export interface Via {
  readonly source: string
  readonly endpoint: string
  readonly configuration: Configuration
}

export function lineOf({ source, endpoint, configuration }: Via, now: number, deps: LineDeps): Line {
  const { ledger, firm, env, fetch } = deps
  const alarm = (key: string) => `${source}:alarm:${key}`
  return {
    firm,
    now,
    settings: settingsOf(env),
    fetch,
    secret: async option => {
      const names = configuration.endpoints[endpoint]?.[option]
      return names === undefined ? null : secretBehind(names as string | string[], deps)
    },
    recall: name => ledger.meta.get(memoryKey(source, name)),
    alarms: {
      get: key => ledger.cache.get(alarm(key))?.value ?? null,
      put: (key, value) => ledger.cache.set(alarm(key), value, now),
    },
  }
}

/** Where in the ledger's meta a conversation's memory stands. */
export const memoryKey = (source: string, name: string): string => `${source}:${name}`

/** The value behind the first of the `$NAME`s; null: none is set. @throws SecretError */
export async function secretBehind(
  names: string | readonly string[],
  { ledger, firm, env }: Pick<LineDeps, 'ledger' | 'firm' | 'env'>,
): Promise<string | null> {
  const [first] = [names].flat()
  const mirror = ledger.configs.mirror()
  return first === undefined ? null : resolveSecret(env, firm, mirror?.secrets ?? {}, first.slice(1), mirror?.lent)
}
