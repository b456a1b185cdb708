import { contract } from '../../clio/contract/index.ts'
import { canonical, isObject, type Json, type JsonObject, sha256 } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import { type Caller, personOnly } from '../../model/access.ts'
import type { Asked, Claim, ClaimAnswer, RunSummary } from '../../model/docket-rpc.ts'
import {
  agentsEndpoint,
  askedType,
  eventOf,
  type InboundEvent,
  nobody,
  ourselves,
  type Person,
} from '../../model/event.ts'
import type { ReasonCode } from '../../model/reason.ts'
import type { AskedWrite } from '../../model/rule.ts'
import { checkStep } from '../../rules/check/check-step.ts'
import { Findings } from '../../rules/check/findings.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { type AskedData, askedStep } from '../run/asked.ts'
import type { Access } from './access.ts'
import { maskedSummary } from './mask.ts'
import { notIn, unknownFirm } from './refusals.ts'
import { summaryOf } from './views.ts'

/** What agents and scripts ask for directly, and what of it waits for a person. */

/** What is asked of the clerk. */
interface Hands {
  readonly ledger: Ledger
  claim(claim: Claim): ClaimAnswer
  readonly desk: { find(id: string): StoredRun | Problem }
}

export class Asks {
  readonly #clerk: () => Hands
  readonly #access: Access

  constructor(clerk: () => Hands, access: Access) {
    this.#clerk = clerk
    this.#access = access
  }

  /** Puts a write on the docket. */
  async ask(write: AskedWrite, key: string, by: Caller): Promise<Asked | Problem> {
    if (by.agent === 'read') return readsOnly
    const event = eventOfWrite(write, by)
    if (isProblem(event)) return event
    return this.#put(event, key, canonical({ with: {}, ...write }), `${write.verb} ${write.resource}`, by)
  }

  /** An agent takes nothing back by itself: it asks, once for each run. */
  async undo(id: string, by: Caller): Promise<RunSummary | Problem> {
    if (by.agent === 'read') return readsOnly
    const run = this.#clerk().desk.find(id)
    if ('code' in run) return run
    if (run.undoOf !== null) return notIn(run, 'undone', 'no undo itself')
    const event = askedEvent({ verb: 'undo', run: id, waits: true }, {})
    const asked = await this.#put(event, `undo of ${id}`, id, `undo ${id}`, by)
    if ('code' in asked) return asked
    const { duplicate: _, ...summary } = asked
    return summary
  }

  /** Why an agent may not do this to a run; null: it may. */
  kept(act: 'resume' | 'discard', id: string, { agent }: Caller): Problem | null {
    if (agent === undefined) return null
    if (agent === 'read') return readsOnly
    const run = this.#clerk().desk.find(id)
    if ('code' in run) return run
    if (act === 'discard')
      return agent === 'write' || run.kind === 'asked' ? null : personOnly('This is no run of an agent')
    if (agent === 'propose') return personOnly('This token only proposes')
    const kept = run.kind === 'undo' || persons.includes(run.reasonCode)
    return kept ? personOnly('This run waits for a person') : null
  }

  async #put(event: InboundEvent, key: string, said: string, detail: string, by: Caller): Promise<Asked | Problem> {
    const content = await sha256(said)
    const clerk = this.#clerk()
    const { version } = clerk.ledger
    if (version === null) return unknownFirm
    const delivery = { event, key: { kind: 'given', value: key }, content, strict: true } as const
    const claimed = clerk.claim({ endpoint: agentsEndpoint, version, interactive: false, deliveries: [delivery] })
    if (claimed.kind === 'conflict') return conflict(claimed.run)
    if (claimed.kind !== 'receipts') return unknownFirm
    const { run: id, duplicate } = claimed.receipts[0]!
    const run = clerk.desk.find(id)
    if ('code' in run) return run
    if (!duplicate) this.#access.note(by, { action: 'record.asked', run: id, detail })
    return { ...maskedSummary(summaryOf(run)), duplicate }
  }
}

/** The event of a write as somebody would ask for it. */
export function eventOfWrite({ with: values = {}, ...rest }: AskedWrite, by: Caller): InboundEvent | Problem {
  const event = askedEvent({ ...rest, waits: waits(rest.verb, values, by) }, values)
  return fault(event) ?? event
}

/** Parked or held for these, only a person lets a run go on. */
const persons: readonly (ReasonCode | null)[] = [
  'asked',
  'shadow',
  'by-rule',
  'doubtful',
  'changed-since',
  'loop',
  'spam',
  'caught',
]

/** What an agent removes waits for a person: a record, or what stands within one. */
function waits(verb: AskedWrite['verb'], values: JsonObject, { agent }: Caller): boolean {
  if (agent === undefined) return false
  return agent !== 'write' || verb === 'delete' || removes(values)
}

const removes = (value: Json): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(([key, one]) => key === '_destroy' || removes(one as Json))

const askedEvent = (asked: AskedData, fields: JsonObject): InboundEvent =>
  eventOf({ source: ourselves, type: askedType, data: { ...asked } as JsonObject, fields, person: personIn(fields) })

/** Whom a contact's values are about: its runs are found and erased by it. */
function personIn({ first_name, last_name, email_addresses, phone_numbers }: JsonObject): Person {
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : null)
  const first = (list: Json | undefined, key: string) => {
    const one = Array.isArray(list) ? list[0] : undefined
    return isObject(one) ? text(one[key]) : null
  }
  return {
    ...nobody(),
    first_name: text(first_name),
    last_name: text(last_name),
    email: first(email_addresses, 'address'),
    phone: first(phone_numbers, 'number'),
  }
}

/** As when a rule is saved. */
function fault(event: InboundEvent): Problem | null {
  const findings = new Findings()
  const around = { steps: [], done: 0, links: [], foreignLinks: [], item: false }
  checkStep(askedStep(event).definition, [], around, [], contract, findings)
  if (findings.errors.length === 0) return null
  return problem(
    422,
    'invalid-write',
    'Clio would not take this',
    "Nothing was changed. Fix the entries in 'errors', and send it again.",
    { errors: findings.errors },
  )
}

const readsOnly = personOnly('This token only reads')

const conflict = (run: string) =>
  problem(
    422,
    'idempotency-conflict',
    'The key was used for something else',
    `Run ${run} was asked for under the same idempotency key, with other content. Use a new key for a new write.`,
  )
