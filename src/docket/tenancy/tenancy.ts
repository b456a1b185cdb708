import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import type { Caller } from '../../model/access.ts'
import type { Erasing, FirmHeld, KnownLink } from '../../model/tenancy/firm.ts'
import { sealed } from '../../platform/envelope.ts'
import type { FileStore } from '../../platform/file-store.ts'
import { byHand, setStill, stillIn, whyStill } from '../calls/hold.ts'
import type { Clerk } from '../clerk.ts'
import type { Access } from '../operator/access.ts'
import { unknownFirm } from '../operator/refusals.ts'
import { Erasure, type ErasureDeps } from './erasure.ts'
import { linesOf } from './export.ts'
import { learn } from './links.ts'

export interface TenancyDeps extends Pick<ErasureDeps, 'kv' | 'registry' | 'alarm' | 'wipe' | 'now'> {
  readonly clerk: Clerk
  readonly access: Access
  readonly firm: string
  readonly files: Pick<FileStore, 'list' | 'delete' | 'get'>
}

/** What is done with a firm as a whole: held and let go on, exported, erased; and what another tool knows of it. */
export class Tenancy {
  readonly #deps: TenancyDeps
  readonly #erasure: Erasure

  constructor(deps: TenancyDeps) {
    this.#deps = deps
    const { clerk } = deps
    this.#erasure = new Erasure({
      ...deps,
      ledger: clerk.ledger,
      endSubscriptions: () => clerk.drain.last(clio => clerk.timetable.end(clio)),
    })
  }

  /** Why no call but those on the firm as a whole is answered; null: they are. */
  get closed(): 'importing' | 'erasing' | null {
    const code = stillIn(this.#deps.clerk.ledger)?.code
    return code === 'importing' || code === 'erasing' ? code : null
  }

  /** The next part of an erasure that is under way. False: there is none. */
  async goOn(): Promise<boolean> {
    const erasing = this.closed === 'erasing'
    if (erasing) await this.#erasure.goOn()
    return erasing
  }

  erase(by: Caller): Promise<Erasing | Problem> {
    return this.#erasure.begin(by)
  }

  /** Nothing goes out from here on; what is under way this moment ends. */
  hold(reason: string | null, by: Caller): FirmHeld | Problem {
    const { clerk, access, now } = this.#deps
    const { ledger } = clerk
    if (!ledger.made) return unknownFirm
    if (!stillIn(ledger)) {
      ledger.transaction(() => {
        setStill(ledger, { code: 'by-hand', since: now(), reason: byHand, by: by.actor }, reason, now())
        access.note(by, { action: 'firm.held' })
      })
    }
    return this.view()
  }

  resume(by: Caller): FirmHeld | Problem {
    const { clerk, access, now } = this.#deps
    const { ledger } = clerk
    if (!ledger.made) return unknownFirm
    const still = stillIn(ledger)
    if (!still) return notHeld
    ledger.transaction(() => {
      setStill(ledger, null, null, now())
      const { unknownSince: since } = still
      // What another life of this docket may have done: looked for before any of these runs sends.
      if (since !== undefined) ledger.meta.set('elsewhere', { upTo: ledger.runs.next - 1, since })
      access.note(by, { action: 'firm.resumed', detail: still.code })
    })
    clerk.connected()
    return this.view()
  }

  /** @returns lines of JSON, sealed to the passphrase; null: open */
  export(passphrase: string | null, by: Caller): AsyncGenerator<Uint8Array> | Problem {
    const { clerk, access, firm, files, now } = this.#deps
    const { ledger } = clerk
    if (!ledger.made) return unknownFirm
    if (ledger.unready) return upgrading
    access.note(by, { action: 'firm.exported', detail: passphrase === null ? 'open' : 'sealed' })
    const lines = linesOf({ ledger, firm, files, now: now() })
    return passphrase === null ? lines : sealed(lines, passphrase)
  }

  learn(links: readonly KnownLink[], by: Caller): { links: number } | Problem {
    const { clerk, access } = this.#deps
    const configuration = clerk.newest()
    if (!configuration) return unknownFirm
    const learned = learn(links, configuration, clerk.ledger)
    if (isProblem(learned)) return learned
    access.note(by, { action: 'links.imported', detail: String(learned) })
    return { links: learned }
  }

  /** This docket was set back: what it does not know of may have been done. */
  setBack(): void {
    const { clerk, now } = this.#deps
    const { ledger } = clerk
    if (!ledger.made || stillIn(ledger)?.code === 'erasing') return
    const reason =
      'The docket of the firm was set back to an earlier state. What was done since is not known here: it is looked for in Clio before anything is sent, once a person lets the firm go on.'
    const unknownSince = ledger.transfer.lastMoment() ?? now()
    setStill(ledger, { code: 'restored', since: now(), reason, unknownSince }, null, now())
  }

  view(): FirmHeld {
    const { clerk, firm } = this.#deps
    const still = stillIn(clerk.ledger)
    return {
      firm,
      state: still ? 'held' : 'going',
      code: still?.code ?? null,
      reason: still && whyStill(clerk.ledger, still),
      since: still ? new Date(still.since).toISOString() : null,
    }
  }
}

const notHeld = problem(409, 'not-held', 'The firm is not held', 'It goes on by itself; there is nothing to resume.')

const upgrading = problem(
  503,
  'ledger-upgrading',
  'The firm’s docket is still being sealed',
  'What stands in it from an earlier version is sealed row by row, which takes minutes. Ask again then.',
  { headers: { 'retry-after': '60' } },
)
