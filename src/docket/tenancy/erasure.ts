import { firmName, keysOf } from '../../kv/names.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import type { Caller } from '../../model/access.ts'
import type { RegistryRpc } from '../../model/registry-rpc.ts'
import type { Erasing } from '../../model/tenancy/firm.ts'
import type { FileStore } from '../../platform/file-store.ts'
import { setStill, stillIn } from '../calls/hold.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { unknownFirm } from '../operator/refusals.ts'

export interface ErasureDeps {
  readonly ledger: Ledger
  readonly firm: string
  readonly kv: Pick<KVNamespace, 'list' | 'delete'>
  readonly files: Pick<FileStore, 'list' | 'delete'>
  readonly registry: () => Pick<RegistryRpc, 'bury'>
  now(): number
  /** @returns ms until it goes on; null: nothing is left */
  endSubscriptions(): Promise<number | null>
  /** Wakes this object at a moment, ms since the epoch. */
  alarm(at: number): Promise<void>
  /** The firm's database goes, whole. */
  wipe(): Promise<void>
}

/** Keys of KV that go in one alarm: the Free plan allows 50 subrequests. @source Cloudflare Workers limits (2026-11) */
const keysMost = 40
/** ms until what failed is tried again. */
const again = 10_000

/**
 * Erases a firm: from its first moment on no event is taken and nothing goes out. Then what stands at providers is taken back; what KV
 * and R2 hold goes; the registry writes the tombstone; and last of all the database, which says how far it is. Each part may be done
 * twice, so it goes on after a crash wherever it was.
 */
export class Erasure {
  readonly #deps: ErasureDeps

  constructor(deps: ErasureDeps) {
    this.#deps = deps
  }

  get underWay(): boolean {
    return stillIn(this.#deps.ledger)?.code === 'erasing'
  }

  async begin({ actor }: Caller): Promise<Erasing | Problem> {
    const { ledger, firm, alarm, now } = this.#deps
    if (!ledger.made) return unknownFirm
    if (ledger.legalHolds.any()) return kept
    if (!this.underWay)
      setStill(ledger, { code: 'erasing', since: now(), reason: 'The firm is being erased.', by: actor }, null, now())
    const { since, by } = ledger.meta.get('still') as { since: number; by: string }
    await alarm(now() + 1)
    return { firm, state: 'erasing', since: new Date(since).toISOString(), by }
  }

  /** The next part. Never throws: an alarm that fails is given up after a few tries. */
  async goOn(): Promise<void> {
    const { firm, alarm, now } = this.#deps
    try {
      const wait = await this.#part()
      if (wait !== null) await alarm(now() + Math.max(1, wait))
    } catch (error) {
      console.warn(`Firm ${firm}: ${error instanceof Error ? error.name : 'fault'} while it is erased; it goes on.`)
      await alarm(now() + again)
    }
  }

  /** @returns ms until the next; null: nothing is left */
  async #part(): Promise<number | null> {
    const { ledger, firm, kv, files, registry, endSubscriptions, wipe } = this.#deps
    // What cannot even be read of them, a key that is lost, keeps no firm from being erased: they expire.
    const wait = await endSubscriptions().catch(() => null)
    if (wait !== null) return wait
    await kv.delete(firmName(firm))
    const { keys, list_complete: allKeys } = await kv.list({ prefix: keysOf(firm), limit: keysMost })
    await Promise.all(keys.map(({ name }) => kv.delete(name)))
    const { objects, truncated } = await files.list({ prefix: `${firm}/`, limit: 1000 })
    if (objects.length > 0) await files.delete(objects.map(({ key }) => key))
    if (!allKeys || truncated) return 0
    const { by } = ledger.meta.get('still') as { by: string }
    await registry().bury(firm, by)
    await wipe()
    return null
  }
}

const kept = problem(
  409,
  'legal-hold',
  'A legal hold keeps something of the firm',
  'Runs of the firm are kept by a legal hold, so nothing of it is erased. An admin can release each: POST …/runs/{id}/release.',
)
