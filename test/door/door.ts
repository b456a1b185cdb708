import { env as bindings } from 'cloudflare:test'
import { type Door, inboundRoutes } from '../../src/door/route.ts'
import type { Json } from '../../src/lib/json.ts'
import type { RefusalCount } from '../../src/model/access.ts'
import type { Claim, ClaimAnswer, Mirror } from '../../src/model/docket-rpc.ts'
import type { Matter } from '../../src/model/matter.ts'
import type { Source } from '../../src/model/source.ts'

/** A Docket in memory that does what the door relies on: unique (endpoint, key), versions, and conflicts. */
class MemoryDocket {
  readonly claims: Claim[] = []
  readonly runs = new Map<string, { run: string; content: string }>()
  asked = 0
  newest: Mirror | null = null
  /** Thrown by the next calls, as a Docket that cannot be reached does. */
  broken: Error | null = null

  async mirror(): Promise<Mirror | null> {
    this.asked++
    if (this.broken) throw this.broken
    return this.newest
  }

  /** What a search finds. */
  matters: Matter[] = []

  async suggest(): Promise<Matter[]> {
    return this.matters
  }

  /** Secrets that a handshake brought. */
  readonly kept: [firm: string, name: string, value: string][] = []

  async putSecret(firm: string, name: string, value: string): Promise<null> {
    if (this.broken) throw this.broken
    this.kept.push([firm, name, value])
    return null
  }

  /** What the door said that it refused. */
  readonly refusals: RefusalCount[] = []

  async refused(counts: RefusalCount[]): Promise<void> {
    this.refusals.push(...structuredClone(counts))
  }

  async claim(claim: Claim): Promise<ClaimAnswer> {
    if (this.broken) throw this.broken
    if (this.newest && claim.version < this.newest.version) return { kind: 'stale', mirror: this.newest }
    // Through the serializer, as every RPC argument goes.
    this.claims.push(structuredClone(claim))
    const receipts = []
    for (const { key, content, strict } of claim.deliveries) {
      const name = `${claim.endpoint} ${key.kind} ${key.value}`
      const first = this.runs.get(name)
      if (first && strict && first.content !== content) return { kind: 'conflict', run: first.run }
      const run = first?.run ?? `run-${this.runs.size + 1}`
      this.runs.set(name, first ?? { run, content })
      receipts.push({ run, status: 'accepted' as const, duplicate: first !== undefined })
    }
    return { kind: 'receipts', receipts }
  }
}

export interface Setup {
  firm?: string
  endpoints: Record<string, Json>
  secrets?: Record<string, string>
  env?: object
  kv?: Door['kv']
  files?: Door['files']
  now?: number
  sources?: ReadonlyMap<string, Source<unknown>>
  /** How a source reaches its provider. */
  fetch?: typeof fetch
  admit?: Door['admit']
}

let firms = 0

/** A door with one firm, its own so that tests do not share keys; the configuration stands in the Docket and in real KV. */
export async function openDoor(setup: Setup) {
  const firm = setup.firm ?? `firm-${++firms}`
  const docket = new MemoryDocket()
  const mirror = (version: number, endpoints: Record<string, Json>, secrets = setup.secrets ?? {}): Mirror => ({
    version,
    document: { endpoints },
    secrets,
  })
  const save = (saved: Mirror) => bindings.KV.put(`firm:${firm}`, JSON.stringify(saved))
  docket.newest = mirror(1, setup.endpoints)
  await save(docket.newest)
  const door: Door & { now(): number } = {
    docket: asked => (asked === firm ? docket : new MemoryDocket()),
    kv: setup.kv ?? bindings.KV,
    files: setup.files === undefined ? bindings.FILES : setup.files,
    env: setup.env ?? {},
    now: () => clock.now,
    ...(setup.admit && { admit: setup.admit }),
    ...(setup.fetch && { fetch: setup.fetch }),
  }
  const clock = { now: setup.now ?? Date.UTC(2026, 10, 2, 9) }
  const app = inboundRoutes(door, setup.sources)
  const send = (endpoint: string, init: RequestInit) =>
    Promise.resolve(app.request(`https://docketed.example/in/${firm}/${endpoint}`, init))
  return { firm, docket, mirror, save, app, clock, send }
}

/** A form as a script posts it. */
export const urlencoded = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body,
})

/** A form as a browser posts it. */
export const browser = (body: string, headers: Record<string, string> = {}): RequestInit =>
  urlencoded(body, { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', ...headers })
