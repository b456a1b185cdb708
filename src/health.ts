import { migrations } from './docket/ledger/migrations.ts'
import { docketOf } from './dockets.ts'
import { readMirror } from './kv/mirror.ts'
import { firmName } from './kv/names.ts'
import { failureLine } from './lib/failure.ts'
import type { Standing } from './model/registry-rpc.ts'
import { registryOf } from './platform/registry.ts'
import { keyringOf } from './platform/sealing.ts'
import { sweepEvery } from './sweep.ts'
import { version } from './version.ts'

/** Is the pipeline alive, and not only the process: the ways that an event takes, walked once, and nothing written. */

export interface Health {
  /** Of the code, and the newest migration of a firm's database that it knows: `npm run deploy` says what an upgrade changes. */
  readonly version: string
  readonly ledger: number
  readonly status: 'ok' | 'failing'
  readonly checks: {
    readonly kv: Check
    readonly docket: Check
    /** DATA_KEY is one, and opens what firms' dockets were sealed with. */
    readonly key: Check
    /** No firm's database was written by a newer version of this code. */
    readonly schema: Check
    /** None could not be brought up to this version. */
    readonly ledgers: Check
    /** The cron asks whom to wake. `unseen`: it never did yet, as on a developer's machine and just after a first deployment. */
    readonly sweep: Check | 'unseen'
    /** The Dockets stand where they stood: JURISDICTION was not changed behind them. */
    readonly place: Check
    /** Whether files that come with an event are kept. `none`: there is no bucket, and events come without theirs. */
    readonly files: 'ok' | 'none'
  }
  /** Firms whose keys the DATA_KEY of now does not wrap yet, as far as they said: at 0, DATA_KEY_OLD can go. null: nobody could be asked. */
  readonly keysLeft: number | null
}

type Check = 'ok' | 'failing'

/** ms until a part that says nothing counts as failing. */
const patience = 5_000

/** No firm can have this name, so its Docket has no configuration and writes nothing. */
const nobody = ':health'

type Parts = Pick<Env, 'KV' | 'DOCKET' | 'REGISTRY' | 'DATA_KEY'> & Partial<Pick<Env, 'FILES'>>

export async function health(env: Parts, wait = patience, now = Date.now()): Promise<Health> {
  const standing = registryOf(env).standing()
  let keysLeft: number | null = null
  standing.then(
    all => {
      keysLeft = all.keysLeft
    },
    () => {},
  )
  const asked = (what: string, fits: (all: Standing) => unknown) => check(what, async () => fits(await standing), wait)
  let seen = true
  const [kv, docket, key, schema, ledgers, place, sweep] = await Promise.all([
    check('KV', () => env.KV.get(firmName(nobody)), wait),
    check('A Docket', () => docketOf(env, nobody).mirror(), wait),
    asked('DATA_KEY', all => opens(env, all)),
    asked('The databases', ({ unfit }) => none(unfit.newer, 'were written by a newer version: deploy that one again')),
    asked('The databases', ({ unfit }) => none(unfit.failed, 'could not be brought up to this version')),
    asked('The Dockets’ place', all => stands(env, all)),
    asked('The sweep', ({ sweptAt }) => {
      seen = sweptAt !== null
      // One may be late, or fail once.
      if (sweptAt !== null && now - sweptAt > 3 * sweepEvery) throw new Unwell('the cron is silent')
    }),
  ])
  const files = env.FILES ? ('ok' as const) : ('none' as const)
  const checks = { kv, docket, key, schema, ledgers, sweep: seen ? sweep : ('unseen' as const), place, files }
  const ledger = migrations.at(-1)!.id
  // One firm that is gone is said, and stops nobody else's events.
  const { place: _, ...pipeline } = checks
  const status = Object.values(pipeline).includes('failing') ? 'failing' : 'ok'
  return { version, ledger, status, checks, keysLeft }
}

/** Its words are ours, and say nothing of anybody. */
class Unwell extends Error {}

/** @throws when DATA_KEY is none, or another one than before */
async function opens(env: Parts, { unfit, sample }: Standing): Promise<void> {
  const keyring = keyringOf(env)
  if (keyring === null) throw new Unwell('it is missing, or not the base64 of 32 bytes')
  none(unfit.locked, 'do not open with it')
  const match = sample === null ? undefined : (await readMirror(env.KV, sample))?.match
  if (match !== undefined && !keyring.unwrap(sample!, 'match', match)) none(1, 'does not open with it')
}

/** KV is the same everywhere; an object is not. @throws when a firm that KV knows has an empty Docket */
async function stands(env: Parts, { sample }: Standing): Promise<void> {
  if (sample === null) return
  const [known, there] = await Promise.all([
    readMirror(env.KV, sample),
    docketOf(env, sample)
      .mirror()
      .catch(() => undefined),
  ])
  if (known !== null && there === null) throw new Unwell('a firm is gone: was JURISDICTION changed? Set it back')
}

function none(firms: number, what: string): void {
  if (firms > 0) throw new Unwell(`databases of ${firms} firms ${what}`)
}

async function check(what: string, walk: () => unknown, wait: number): Promise<Check> {
  const late = new Promise<never>((_, reject) => {
    AbortSignal.timeout(wait).addEventListener('abort', () => reject(new Error('late')))
  })
  try {
    await Promise.race([walk(), late])
    return 'ok'
  } catch (error) {
    console.error(
      `${what} does not pass a health check: ${error instanceof Unwell ? error.message : failureLine(error)}`,
    )
    return 'failing'
  }
}
