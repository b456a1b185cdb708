import type { StoredRun } from '../../../src/docket/ledger/run/stored-run.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { InboundEvent } from '../../../src/model/event.ts'
import type { Entry } from '../../../src/sandbox/ledger.ts'
import { World, type WorldOptions } from '../world.ts'

/** What the specifications of the clerk share: small rules of one or two calls, and how to ask what came of them. */

const connection = '21fd90f9-5935-43cd-b6c8-bde9d915ca80'

/** Any event of this type from the signed endpoint. */
const on = (type: string): JsonObject => ({ endpoint: 'hooks', type })

export function firm(rules: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    timezone: 'America/New_York',
    country: 'US',
    connection,
    endpoints: { website: { source: 'form' }, hooks: { source: 'standard-webhooks', secret: '$HOOKS' } },
    rules: [...rules],
    ...more,
  }
}

/** One call: a new person. */
export const newPerson: JsonObject = {
  create: 'contacts',
  with: { type: 'Person', first_name: 'Pat', last_name: '{{ fields.name }}' },
}

/** One look-up and one call: a person who may be there already. */
export const samePerson: JsonObject = {
  upsert: 'contacts',
  match: ['email_addresses'],
  with: {
    type: 'Person',
    first_name: 'Pat',
    last_name: '{{ fields.name }}',
    email_addresses: [{ name: 'Work', address: '{{ fields.email }}' }],
  },
}

/** The list of users, once, and one call. */
export const task: JsonObject = {
  create: 'tasks',
  with: { name: 'Call {{ fields.name }}', assignee: 'intake@smith.example' },
}

export const rule = (name: string, type: string, steps: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  on: on(type),
  ...more,
  steps,
})

export const people = firm([rule('people', 'person', { person: newPerson })])

export class Firm extends World {
  #keys = 0

  constructor(config: JsonObject, options: Partial<WorldOptions> = {}) {
    super({ config, ...options })
  }

  /** An event comes in, with a key of its own; the id of its run. */
  comes(type: string, fields: JsonObject = {}, more: Partial<InboundEvent> = {}): string {
    const run = this.deliver('hooks', { type, fields, ...more }, `key ${++this.#keys}`)
    if (run === null) throw new Error('The event was not accepted.')
    return run
  }

  many(count: number, type: string, fields: (n: number) => JsonObject): string[] {
    return Array.from({ length: count }, (_, n) => this.comes(type, fields(n)))
  }

  /** Everything that follows within so many ms. */
  passes(ms: number): Promise<void> {
    return this.clock.run({ until: this.clock.now + ms })
  }

  get calls(): readonly Entry[] {
    return this.sandbox.ledger.entries
  }

  called(method: string, path: string): readonly Entry[] {
    return this.calls.filter(entry => entry.method === method && new RegExp(`^${path}$`).test(entry.path))
  }

  /** What stands in Clio under a key, besides what was there from the beginning. */
  stand(resource: string, key: string): Json[] {
    return this.sandbox
      .account('smith')
      .all(resource)
      .filter(row => Date.parse(row.createdAt) >= startOf(this))
      .map(row => row.data[key] ?? null)
  }

  states(): string[] {
    return this.runs().map(run => run.state)
  }

  resume(id: string, version: 'own' | 'mended' = 'own'): StoredRun {
    return found(this.clerk.desk.resume(id, version))
  }

  discard(id: string): StoredRun {
    return found(this.clerk.desk.discard(id))
  }

  replay(id: string): StoredRun {
    return found(this.clerk.desk.replay(id))
  }

  expire(status: 401 | 500 | null): void {
    this.sandbox.connections.expire(this.sandbox.connections.get(connection)!, status)
  }
}

const startOf = (world: World): number => world.runs()[0]!.acceptedAt - 1000

function found(answer: ReturnType<World['clerk']['desk']['replay']>): StoredRun {
  if ('code' in answer) throw new Error(`${answer.code}: ${answer.detail}`)
  return answer
}
