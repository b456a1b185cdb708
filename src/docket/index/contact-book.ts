import type { Configuration } from '../../configuration/configuration.ts'
import { type Contacts, noContacts } from '../../model/intent.ts'
import type { StoredRun } from '../ledger/run/runs.ts'
import type { BookDeps } from './book.ts'
import { ContactIndex } from './contacts.ts'
import { Filling } from './fill.ts'
import type { Vault } from './vault.ts'

/** The firm's index of contacts as the drain has it: who may ask it, and when it is filled. */
export class ContactBook {
  readonly #deps: BookDeps
  readonly #index: ContactIndex | null
  readonly filling: Filling | null

  constructor(deps: BookDeps) {
    this.#deps = deps
    const { vault, turnstile, now } = deps
    this.#index = vault && this.#indexWith(vault)
    this.filling = this.#index && new Filling({ index: this.#index, turnstile, now, wanted: () => this.#wanted })
  }

  #indexWith(vault: Vault): ContactIndex {
    const { ledger, storage, now, newest, call } = this.#deps
    return new ContactIndex({
      storage,
      ledger,
      vault,
      now,
      country: () => newest()?.country ?? '',
      read: async (list, urgent) => {
        let at = 0
        const went = () => {
          at = now()
        }
        // Many runs may wait for the one: it goes before those of the backlog that have calls of their own.
        const outcome = await call(list, { interactive: urgent, turn: 0, went })
        return { outcome, at }
      },
    })
  }

  /** Fresh for a run is what was read after its event came in, or after a person resumed it. */
  of(run: StoredRun): Contacts {
    const index = this.#index
    if (!index || !this.#wanted) return noContacts
    const since = Math.max(run.acceptedAt, run.resumedAt)
    return {
      find: body => index.find(body, since),
      named: () => index.named(since),
      learned: (id, call) => index.learned(id, call),
      forget: id => index.forget(id),
    }
  }

  /** A contact may have been made or changed by a call that nobody looks for any more. */
  doubt(): void {
    this.#index?.doubt()
  }

  get #wanted(): boolean {
    const configuration = this.#deps.newest()
    return configuration !== null && asksForContacts(configuration)
  }
}

/** Does any step of the firm's look among its contacts? */
export function asksForContacts({ rules }: Configuration): boolean {
  const steps = rules.flatMap(rule => Object.values(rule.steps))
  return steps.some(step => step.upsert === 'contacts' || step.check_conflicts !== undefined)
}
