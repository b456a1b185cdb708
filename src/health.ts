import { docketOf } from './dockets.ts'
import { firmName } from './kv/names.ts'
import { failureLine } from './lib/failure.ts'
import { registryOf } from './platform/registry.ts'
import { keyringOf } from './platform/sealing.ts'

/** Is the pipeline alive, and not only the process: the ways that an event takes, walked once, and nothing written. */

export interface Health {
  readonly status: 'ok' | 'failing'
  /**
   * `ledgers`: every firm's database is one that this code can use and DATA_KEY opens, as far as they have said.
   * `key`: DATA_KEY is one.
   */
  readonly checks: { readonly kv: Check; readonly docket: Check; readonly ledgers: Check; readonly key: Check }
}

type Check = 'ok' | 'failing'

/** ms until a part that says nothing counts as failing. */
const patience = 5_000

/** No firm can have this name, so its Docket has no configuration and writes nothing. */
const nobody = ':health'

export async function health(
  env: Pick<Env, 'KV' | 'DOCKET' | 'REGISTRY' | 'DATA_KEY'>,
  wait = patience,
): Promise<Health> {
  const [kv, docket, ledgers, key] = await Promise.all([
    check('KV', () => env.KV.get(firmName(nobody)), wait),
    check('A Docket', () => docketOf(env, nobody).mirror(), wait),
    check('The registry', () => allFit(env), wait),
    check('DATA_KEY', async () => usable(env), wait),
  ])
  const checks = { kv, docket, ledgers, key }
  return { status: Object.values(checks).every(one => one === 'ok') ? 'ok' : 'failing', checks }
}

/** @throws when there are firms whose database is newer than this code, or could not be brought up to it */
async function allFit(env: Pick<Env, 'REGISTRY'>): Promise<void> {
  const firms = await registryOf(env).unfit()
  if (firms > 0) throw new Error(`${firms} firms' databases do not fit this version`)
}

function usable(env: object): void {
  if (keyringOf(env) === null) throw new Error('it is missing, or not the base64 of 32 bytes')
}

async function check(what: string, walk: () => Promise<unknown>, wait: number): Promise<Check> {
  const late = new Promise<never>((_, reject) => {
    AbortSignal.timeout(wait).addEventListener('abort', () => reject(new Error('late')))
  })
  try {
    await Promise.race([walk(), late])
    return 'ok'
  } catch (error) {
    console.error(`${what} does not answer a health check: ${failureLine(error)}`)
    return 'failing'
  }
}
