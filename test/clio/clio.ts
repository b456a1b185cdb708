import { expect, onTestFinished } from 'vitest'
import type { Found } from '../../src/clio/compare/found.ts'
import { reconcile } from '../../src/clio/compare/reconcile.ts'
import { type Gateway, send } from '../../src/clio/gateway/gateway.ts'
import { putFile, targetCall, targetOf, withoutTarget } from '../../src/clio/operations/documents.ts'
import { advance } from '../../src/clio/operations/operation.ts'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import type { Call, Outcome, Upload } from '../../src/model/call.ts'
import {
  type Clio,
  type Doubted,
  type Intent,
  noContacts,
  type PastCall,
  Refused,
  recordOf,
} from '../../src/model/intent.ts'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import type { SandboxOptions } from '../../src/sandbox/maton/world.ts'
import { createApp } from '../../src/sandbox/run/app.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'

export const noon = Date.parse('2026-10-15T12:00:00Z')

export interface Ended {
  readonly output: JsonObject | null
  readonly park: string | null
  readonly past: readonly PastCall[]
}

export interface Firm {
  readonly sandbox: Sandbox
  readonly clio: Clio
  readonly gateway: Gateway
  /** Every read, in order. */
  readonly reads: Call[]
  /** All that left the house, reads and writes and bytes, in order: `PATCH documents/#`. Ids are left out. */
  readonly asked: string[]
  /** What was taken by `lock`. */
  readonly taken: string[]
  /** Ids that other steps own. */
  readonly others: Set<string>
  /** Calls of other runs whose answers were lost. */
  readonly doubted: Doubted[]
  /** Moves the clock. */
  pass(ms: number): void
  send(call: Call): Promise<Outcome>
  /** Bytes that are kept, by their key. */
  readonly kept: Map<string, Uint8Array<ArrayBuffer>>
  /** Brings a kept file to storage, as the Docket does. */
  bring(upload: Upload): Promise<Outcome>
  /** Goes on until the step ends. `past`: what it did before. */
  carryOut(intent: Intent, past?: readonly PastCall[]): Promise<Ended>
  /** `carryOut`, which must end with an output. */
  done(intent: Intent): Promise<JsonObject>
  /** `carryOut`, which must park; its words. */
  parked(intent: Intent): Promise<string>
  create(resource: string, values: JsonObject): Promise<JsonObject>
  /** A record as the sandbox keeps it. */
  record(resource: string, id: Json | undefined): JsonObject
  /** Ids of a resource whose name, e-mail or display number is this. */
  idOf(resource: string, name: string): number
  /** Writes that Clio carried out. */
  writes(): string[]
  look(call: Call, resource: string, sentAt?: number): Promise<Found>
}

/** A firm's Clio without a Docket: one step at a time, against the sandbox, on a clock that stands still. */
export function startFirm(
  options: SandboxOptions & { timezone?: string; country?: string; subject?: string } = {},
): Firm {
  let now = noon
  const sandbox = createSandbox({ now: () => now, limit: { requests: 100_000, seconds: 60 }, ...options })
  const app = createApp(sandbox)
  const asked: string[] = []
  const gateway: Gateway = {
    url: 'http://sandbox.example/clio',
    key: sandbox.key,
    connection: firstConnection,
    timeout: 5_000,
    fetch: async (input, init) => {
      const request = new Request(input as string, init as RequestInit)
      asked.push(`${request.method} ${placeOf(request.url)}`)
      return app.fetch(request)
    },
  }
  /** Where the bytes of a document go, as its POST told. */
  const told = new Map<string, Json>()
  const kept = new Map<string, { value: Json; at: number }>()
  const reads: Call[] = []
  const taken: string[] = []
  const others = new Set<string>()
  const doubted: Doubted[] = []
  const clio: Clio = {
    timezone: options.timezone ?? 'America/New_York',
    country: options.country ?? 'US',
    mark: 'run-1/rule/step',
    subject: options.subject ?? null,
    async read(call) {
      reads.push(call)
      const outcome = await send(call, gateway)
      if (outcome.kind === 'applied') return outcome.answer
      if (outcome.kind === 'refused') throw new Refused(outcome.status, outcome.message)
      throw new Error(outcome.message)
    },
    async cached(key, age, load) {
      const known = kept.get(key)
      if (known && now - known.at < age) return known.value
      const value = await load()
      kept.set(key, { value, at: now })
      return value
    },
    forget(prefix) {
      for (const key of kept.keys()) if (key.startsWith(prefix)) kept.delete(key)
    },
    lock: values => {
      taken.push(...values)
      return []
    },
    owned: () => others,
    mine: () => new Set(),
    inDoubt: () => doubted,
    contacts: noContacts,
  }
  const settled = (outcome: Outcome): Outcome => {
    const answered = withoutTarget(outcome)
    if (answered.told) told.set(answered.told.call.path.split('/')[1]!, answered.told.answer)
    return answered.kept
  }
  const firm: Firm = {
    sandbox,
    clio,
    gateway,
    reads,
    asked,
    taken,
    others,
    doubted,
    pass: ms => {
      now += ms
    },
    send: call => send(call, gateway),
    kept: new Map(),
    async bring({ document, file }) {
      const target = targetOf(told.get(document) ?? (await clio.read(targetCall(document))))
      told.delete(document)
      const bytes = firm.kept.get(file.key ?? '')
      if (!target || !bytes) throw new Error('There is nothing to bring, or no place for it.')
      return putFile(document, target, { body: bytes, size: bytes.length }, gateway)
    },
    async carryOut(intent, before = []) {
      const past = [...before]
      for (let left = 10; left > 0; left--) {
        const next = await advance(intent, past, clio)
        if ('park' in next) return { output: null, park: next.park, past }
        if ('output' in next) return { output: next.output as JsonObject, park: null, past }
        const { upload } = next.call
        const outcome = upload ? await firm.bring(upload) : settled(await send(next.call, gateway))
        if (outcome.kind === 'unknown') throw new Error(`The answer was lost: ${outcome.message}`)
        past.push(pastOf(next.call, outcome))
      }
      throw new Error('The step does not end.')
    },
    async done(intent) {
      const { output, park } = await firm.carryOut(intent)
      expect(park).toBeNull()
      return output!
    },
    async parked(intent) {
      const { output, park } = await firm.carryOut(intent)
      expect(output).toBeNull()
      return park!
    },
    create: (resource, values) => firm.done({ verb: 'create', resource, with: values }),
    record(resource, id) {
      const found = sandbox.records()[resource]?.find(each => String(each.id) === String(id))
      if (!found) throw new Error(`No record ${id} of ${resource}`)
      return found
    },
    idOf(resource, name) {
      const named = (each: JsonObject) => [each.name, each.email, each.display_number].includes(name)
      const found = sandbox.records()[resource]?.find(named)
      if (typeof found?.id !== 'number') throw new Error(`No record of ${resource} is called ${name}`)
      return found.id
    },
    writes: () =>
      sandbox.ledger.entries
        .filter(({ method, status }) => method !== 'GET' && (status ?? 500) < 300)
        .map(({ method, path }) => `${method} ${path.replace(/\d+$/, '#')}`),
    look: (call, resource, sentAt = now) => reconcile(call, resource, sentAt, clio),
  }
  // Clio drops what it does not know without a word: nothing that a step sends may be among it.
  onTestFinished(() => expect(sandbox.ledger.view().unknown).toEqual({ keys: 0, fields: 0, query: 0 }))
  return firm
}

/** `documents/#/download` of an address at the gateway, `storage` of one in Clio's storage. */
function placeOf(url: string): string {
  const { pathname } = new URL(url)
  return pathname.startsWith('/_storage/')
    ? 'storage'
    : pathname.replace('/clio/api/v4/', '').replace(/(?<=\/)\d+(?=\/|$)/g, '#')
}

/** What the Docket's ledger would keep of a call. */
export function pastOf(call: Call, outcome: Exclude<Outcome, { kind: 'unknown' }>): PastCall {
  if (outcome.kind === 'refused')
    return { call, applied: false, status: outcome.status, message: outcome.message, answer: null, record: null }
  const id = recordOf(outcome.answer).id ?? call.path.split('/')[1] ?? null
  const record = id === null ? null : String(id)
  return { call, applied: true, status: outcome.status, message: '', answer: outcome.answer, record }
}

export const ann: JsonObject = {
  type: 'Person',
  first_name: 'Ann',
  last_name: 'Lee',
  email_addresses: [{ name: 'Work', address: 'ann.lee@mail.example', default_email: true }],
  phone_numbers: [{ name: 'Mobile', number: '+12125550199' }],
}
