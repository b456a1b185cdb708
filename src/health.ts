import { docketOf } from './dockets.ts'
import { firmName } from './kv/names.ts'
import { failureLine } from './lib/failure.ts'
import { registryOf } from './platform/registry.ts'

/** Is the pipeline alive, and not only the process: the ways that an event takes, walked once, and nothing written. */

export interface Health {
  readonly status: 'ok' | 'failing'
  /** `ledgers`: every firm's database is one that this code can use, as far as they have said. */
  readonly checks: { readonly kv: Check; readonly docket: Check; readonly ledgers: Check }
}

type Check = 'ok' | 'failing'

/** ms until a part that says nothing counts as failing. */
const patience = 5_000

/** No firm can have this name, so its Docket has no configuration and writes nothing. */
const nobody = ':health'

export async function health(env: Pick<Env, 'KV' | 'DOCKET' | 'REGISTRY'>, wait = patience): Promise<Health> {
  const [kv, docket, ledgers] = await Promise.all([
    check('KV', () => env.KV.get(firmName(nobody)), wait),
    check('A Docket', () => docketOf(env, nobody).mirror(), wait),
    check('The registry', () => allFit(env), wait),
  ])
  const checks = { kv, docket, ledgers }
  return { status: Object.values(checks).every(one => one === 'ok') ? 'ok' : 'failing', checks }
}

/** @throws when there are firms whose database is newer than this code, or could not be brought up to it */
async function allFit(env: Pick<Env, 'REGISTRY'>): Promise<void> {
  const firms = await registryOf(env).unfit()
  if (firms > 0) throw new Error(`${firms} firms' databases do not fit this version`)
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
