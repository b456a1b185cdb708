import { toBase64 } from '../../lib/encoding.ts'
import { sha256 } from '../../lib/json.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import {
  type AuditEntry,
  type Caller,
  type NewSeat,
  type RefusalCount,
  type RefusalView,
  type Shown,
  type TokenView,
  tokenOf,
} from '../../model/access.ts'
import { whyRefused } from '../../reading/refusals.ts'
import type { Deed } from '../ledger/firm/audit.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { unknownFirm } from './refusals.ts'

/** Tokens and seats at once: enough for any office, and no table that grows. */
const seatsMost = 500
/** Causes of refusals that are shown. */
const refusalsMost = 200
/** Causes that are taken in one telling; the door counts no more. */
const countsMost = 50

/** Who may ask this docket what, who did what, and who was sent away at the door. */
export class Access {
  readonly #ledger: Ledger
  readonly #now: () => number

  constructor(ledger: Ledger, now: () => number) {
    this.#ledger = ledger
    this.#now = now
  }

  /** Writes down what was done, in the turn in which it was. */
  note({ actor }: Caller, deed: Omit<Deed, 'actor'>): void {
    if (this.#ledger.made) this.#ledger.audit.add({ actor, ...deed }, this.#now())
  }

  identify(shown: Shown): Caller | null {
    if (!this.#ledger.made) return null
    const { tokens } = this.#ledger
    const seat = shown.kind === 'token' ? tokens.byHash(shown.hash) : tokens.byEmail(shown.email)
    if (!seat) return null
    tokens.used(seat.id, this.#now())
    const actor = seat.email ?? `token:${seat.id} (${seat.name})`
    return { role: seat.role, actor, ...(seat.agent && { agent: seat.agent }) }
  }

  tokens(): { tokens: TokenView[] } | Problem {
    return this.#ledger.made ? { tokens: this.#ledger.tokens.list() } : unknownFirm
  }

  async add(firm: string, seat: NewSeat, by: Caller): Promise<(TokenView & { token?: string }) | Problem> {
    if (!this.#ledger.made) return unknownFirm
    const { tokens } = this.#ledger
    const random = toBase64(crypto.getRandomValues(new Uint8Array(32)))
    const token = tokenOf(firm, random.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))
    const hash = await sha256(token)
    if (tokens.list().length >= seatsMost) return tooMany
    const email = 'email' in seat ? seat.email : null
    if (email !== null && tokens.byEmail(email)) return seated
    const id = `tok_${crypto.randomUUID()}`
    const { role } = seat
    const [name, agent] = 'email' in seat ? [seat.email, null] : [seat.name, seat.agent ?? null]
    const now = this.#now()
    this.#ledger.transaction(() => {
      tokens.add({ id, name, role, agent, hash: email === null ? hash : null, email }, now)
      this.note(by, { action: email === null ? 'token.added' : 'seat.added', detail: `${id}: ${name}, ${role}` })
    })
    const made = tokens.list().find(one => one.id === id)!
    return email === null ? { ...made, token } : made
  }

  remove(id: string, by: Caller): null | Problem {
    if (!this.#ledger.made) return unknownFirm
    return this.#ledger.transaction(() => {
      const gone = this.#ledger.tokens.remove(id)
      if (!gone) return noToken
      this.note(by, {
        action: gone.email === undefined ? 'token.removed' : 'seat.removed',
        detail: `${id}: ${gone.name}, ${gone.role}`,
      })
      return null
    })
  }

  audit(
    limit: number,
    cursor: number | null,
    runsOnly: boolean,
  ): { entries: AuditEntry[]; cursor: string | null } | Problem {
    if (!this.#ledger.made) return unknownFirm
    const found = this.#ledger.audit.list(limit + 1, cursor, runsOnly)
    const page = found.slice(0, limit)
    const next = found.length > limit ? String(page.at(-1)?.seq) : null
    return { entries: page.map(({ seq: _, ...entry }) => entry), cursor: next }
  }

  refusals(): { refusals: RefusalView[] } | Problem {
    if (!this.#ledger.made) return unknownFirm
    const refusals = this.#ledger.refusals.list(refusalsMost)
    return { refusals: refusals.map(one => ({ ...one, why: whyRefused(one.code) })) }
  }

  refused(counts: readonly RefusalCount[]): void {
    if (!this.#ledger.made) return
    this.#ledger.transaction(() => {
      for (const count of counts.slice(0, countsMost)) {
        // What KV knew already is answered without the Docket, and is told with what was refused.
        if (count.code !== 'duplicate') this.#ledger.refusals.add(count, this.#now())
        this.#ledger.tallies.add(count.code === 'duplicate' ? 'duplicates' : 'refused', count.times)
      }
    })
  }
}

const tooMany = problem(
  409,
  'too-many-tokens',
  'There are too many tokens',
  `A firm has at most ${seatsMost} tokens and seats. Remove those that nobody uses.`,
)

const seated = problem(
  409,
  'already-seated',
  'This person has a seat',
  'A person has one seat, with one role. Remove the seat first to give another role.',
)

const noToken = problem(404, 'unknown-token', 'No such token', 'The firm has no token or seat of this id.')
