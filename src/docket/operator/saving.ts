import { accountOf } from '../../clio/gateway/account.ts'
import { type Configuration, readConfiguration, refused } from '../../configuration/configuration.ts'
import { foreignConnections, forFirm } from '../../configuration/connections-named.ts'
import { foreignSecrets, secretsNamed } from '../../configuration/secrets-named.ts'
import { failureLine } from '../../lib/failure.ts'
import type { Remark } from '../../lib/path.ts'
import { isProblem, type Problem } from '../../lib/problem.ts'
import type { Caller } from '../../model/access.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { SaveHow } from '../../model/docket-rpc.ts'
import { unfit } from '../../model/unfit.ts'
import { registryOf } from '../../platform/registry.ts'
import { keyringOf } from '../../platform/sealing.ts'
import { settingsOf } from '../../platform/settings.ts'
import { neverBrought } from '../../rules/check/check-reads.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Access } from './access.ts'
import { connectionFor } from './connection.ts'
import { overtakenBy } from './if-match.ts'
import { namesInClio } from './setup/names.ts'

export interface Document extends SaveHow {
  readonly firm: string
  readonly text: string
  /** Only checks, stores nothing. */
  readonly dry: boolean
  readonly by: Caller
}

export interface Saved {
  version: number
  warnings: Remark[]
}

export interface SavingDeps {
  readonly env: Env
  readonly ledger: Ledger
  readonly access: Access
  /** In the transaction that stores the document. */
  readonly connect: (connection: string, account: string | null) => void
  readonly connected: () => void
  /** What the door reads is written anew. */
  readonly publish: () => Promise<void>
  /** One read of Clio at the firm's pace. */
  readonly read: (call: Call) => Promise<Outcome | Problem>
}

/**
 * Checks a firm's document, takes its connection at the registry, and stores it as the newest version. One at a time for a firm: between
 * what it may follow on and what is stored comes no other.
 */
export async function save(
  { firm, text, dry, by, names, anew = false, ifMatch = null }: Document,
  deps: SavingDeps,
): Promise<Saved | Problem> {
  const { env, ledger } = deps
  if (keyringOf(env) === null) return unfit.locked
  const overtaken = overtakenBy(ifMatch, ledger.version)
  if (overtaken) return overtaken
  const read = readConfiguration(text)
  const looked = names && read.configuration ? await lookedUp(read.configuration, deps) : { errors: [], warnings: [] }
  if (isProblem(looked)) return looked
  if (!read.ok) return looked.errors.length === 0 ? read.problem : all(read.problem, looked.errors)
  if (looked.errors.length > 0) return refused(looked.errors).problem
  const named = secretsNamed(read.document)
  const stored = ledger.version === null ? null : (ledger.configs.get(ledger.version)?.document ?? null)
  const foreign =
    by.role === 'vendor'
      ? null
      : (foreignSecrets(named, ledger.configs.lent(), ledger.configs.owns()) ??
        foreignConnections(read.document, stored))
  if (foreign) return foreign
  const warnings = [...read.warnings, ...looked.warnings, ...unread(read.configuration, ledger)]
  const current = ledger.made ? ledger.meta.get<string>('connection') : null
  const { controlUrl, gatewayUrl, timeout } = settingsOf(env)
  const at = { key: env.MATON_API_KEY, timeout, fetch: fetch.bind(globalThis) }
  const registry = registryOf(env)
  const plane = { ...at, url: controlUrl }
  // Left out by the firm's own people, it is the one that the firm has: which others are there is the vendor's to know.
  const wanted = read.configuration.connection ?? (by.role === 'vendor' ? undefined : (current ?? undefined))
  const connection = await connectionFor(wanted, { firm, current, plane, registry, dry, anew })
  if (isProblem(connection)) return by.role === 'vendor' ? connection : forFirm(connection)
  if (dry) return { version: ledger.version ?? 0, warnings }
  // The same connection may have been granted anew, for another account; null: nobody can say now.
  const account = await accountOf({ ...at, url: gatewayUrl, connection })
  const version = ledger.transaction(() => {
    const made = ledger.putConfig(text, read.document, Date.now())
    if (by.role === 'vendor') {
      ledger.configs.lend(named.map(({ name }) => name))
      ledger.meta.set('brought', null)
    }
    deps.access.note(by, { action: 'config.saved', detail: `version ${made}` })
    deps.connect(connection, account)
    return made
  })
  deps.connected()
  await deps.publish()
  // Lost, it is made up for by a report.
  await registry
    .uses(firm, connection)
    .catch(error => console.warn(`Firm ${firm}: the registry does not answer: ${failureLine(error)}`))
  return { version, warnings }
}

/** Names in Clio. A firm that is connected by this very document has nobody to ask yet. */
async function lookedUp(
  configuration: Configuration,
  { ledger, read }: SavingDeps,
): Promise<{ errors: Remark[]; warnings: Remark[] } | Problem> {
  const current = ledger.made ? ledger.meta.get<string>('connection') : null
  const same =
    configuration.connection === undefined || configuration.connection.toLowerCase() === current?.toLowerCase()
  if (current === null || !same) return { errors: [], warnings: [notYet] }
  const errors = await namesInClio(configuration, { ledger, now: Date.now, read })
  return isProblem(errors) ? errors : { errors, warnings: [] }
}

const notYet: Remark = {
  path: 'connection',
  message: 'is new, so no name was looked up in Clio: send it once more with ?dry=1&names=1 when it is saved',
}

/** A refusal with more that is wrong. */
const all = (problem: Problem, more: readonly Remark[]): Problem =>
  problem.errors ? refused([...problem.errors, ...more]).problem : problem

/** Bytes of a delivery that is looked at for its fields: a firm may have many endpoints. */
const readMost = 32_768

/** What the rules read and the latest deliveries have not had. */
function unread(configuration: Configuration, ledger: Ledger): Remark[] {
  if (!ledger.made) return []
  const { overview } = ledger
  const latest = (endpoint: string) =>
    overview
      .found({ endpoint }, 20)
      .filter(({ bytes }) => bytes < readMost)
      .flatMap(({ seq }) => overview.at(seq)?.event ?? [])
  return neverBrought(configuration, latest)
}
