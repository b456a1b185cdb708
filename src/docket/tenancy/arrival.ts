import { accountOf } from '../../clio/gateway/account.ts'
import { failureLine } from '../../lib/failure.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import type { Caller } from '../../model/access.ts'
import type { Imported } from '../../model/tenancy/firm.ts'
import { unfit } from '../../model/unfit.ts'
import { type FileStore, filesOf } from '../../platform/file-store.ts'
import { registryOf } from '../../platform/registry.ts'
import { keyringOf } from '../../platform/sealing.ts'
import { settingsOf } from '../../platform/settings.ts'
import type { Storage } from '../../platform/storage.ts'
import type { Clerk } from '../clerk.ts'
import type { Access } from '../operator/access.ts'
import { connectionFor } from '../operator/connection.ts'
import { bring } from './import.ts'
import type { Tenancy } from './tenancy.ts'

/** What stands on the firm's database. */
interface Standing {
  readonly clerk: Clerk
  readonly access: Access
  readonly tenancy: Tenancy
}

export interface ArrivalDeps {
  readonly env: Env
  /** The object's life, as far as it is needed here. */
  readonly life: {
    readonly firm: string
    readonly storage: Storage
    readonly standing: Standing
    /** The database was made behind everybody's back: all of it is read anew. */
    begin(): void
    wipe(): Promise<void>
    publish(): Promise<void>
  }
  now(): number
}

export interface Arriving {
  readonly body: ReadableStream<Uint8Array>
  readonly passphrase: string | null
  /** The connection that it is to have; null: the one that it had, or the only active one. */
  readonly connection: string | null
}

/** Makes a firm of an export, whole or not at all. */
export async function arrive(asked: Arriving, by: Caller, deps: ArrivalDeps): Promise<Imported | Problem> {
  const { env, life, now } = deps
  const { firm, storage } = life
  const files = filesOf(env)
  const keyring = keyringOf(env)
  if (keyring === null) return unfit.locked
  // Of one that a crash cut off nothing is of use.
  if (life.standing.tenancy.closed === 'importing') await life.wipe()
  if (life.standing.clerk.ledger.standing !== 'none') return exists(firm)
  const { controlUrl, gatewayUrl, timeout } = settingsOf(env)
  const way = { key: env.MATON_API_KEY, timeout, fetch: fetch.bind(globalThis) }
  const choosing = { firm, current: null, plane: { url: controlUrl, ...way }, registry: registryOf(env), anew: true }
  const connection = (there: string | null) =>
    connectionFor(asked.connection ?? there ?? undefined, { ...choosing, dry: true })

  const brought = await bring(asked.body, asked.passphrase, { storage, keyring, firm, files, now, connection })
  const taken = isProblem(brought)
    ? brought
    : await connectionFor(brought.connection, { ...choosing, current: brought.connection, dry: false })
  if (isProblem(brought) || isProblem(taken)) {
    await life.wipe()
    await drop(firm, files)
    return isProblem(brought) ? brought : (taken as Problem)
  }
  const account = await accountOf({ url: gatewayUrl, ...way, connection: taken })
  life.begin()
  const { clerk, access, tenancy } = life.standing
  const { ledger } = clerk
  ledger.transaction(() => {
    clerk.connect(taken, account)
    access.note(by, { action: 'firm.imported', detail: brought.from })
  })
  await life.publish()
  // Lost, it is made up for by a report.
  await registryOf(env)
    .uses(firm, taken)
    .catch(error => console.warn(`Firm ${firm}: the registry does not answer: ${failureLine(error)}`))
  const { from, runs, secrets } = brought
  return { ...tenancy.view(), from, runs, secrets, connection: taken }
}

/** Files that came before the export turned out to be none. */
async function drop(firm: string, files: Pick<FileStore, 'list' | 'delete'>): Promise<void> {
  for (;;) {
    const { objects, truncated } = await files.list({ prefix: `${firm}/`, limit: 1000 })
    if (objects.length > 0) await files.delete(objects.map(({ key }) => key))
    if (!truncated) return
  }
}

const exists = (firm: string) =>
  problem(
    409,
    'firm-exists',
    'There is a firm of this name',
    `${firm} has a configuration. Nothing was changed: bring the export in under another name, or erase ${firm} first.`,
  )
