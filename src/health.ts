import { docketOf } from './dockets.ts'
import { firmName } from './kv/names.ts'
import { failureLine } from './lib/failure.ts'

/** Is the pipeline alive, and not only the process: the ways that an event takes, walked once, and nothing written. */

export interface Health {
  readonly status: 'ok' | 'failing'
  readonly checks: { readonly kv: Check; readonly docket: Check }
}

type Check = 'ok' | 'failing'

/** ms until a part that says nothing counts as failing. */
const patience = 5_000

/** No firm can have this name, so its Docket has no configuration and writes nothing. */
const nobody = ':health'

export async function health(env: Pick<Env, 'KV' | 'DOCKET'>, wait = patience): Promise<Health> {
  const [kv, docket] = await Promise.all([
    check('KV', () => env.KV.get(firmName(nobody)), wait),
    check('A Docket', () => docketOf(env, nobody).mirror(), wait),
  ])
  return { status: kv === 'ok' && docket === 'ok' ? 'ok' : 'failing', checks: { kv, docket } }
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
