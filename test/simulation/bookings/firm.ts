import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readJsonc } from '../../../src/configuration/jsonc.ts'
import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'
import type { Inbound } from '../../../src/model/endpoint.ts'
import { sources } from '../../../src/sources/index.ts'
import { World, type WorldOptions } from '../world.ts'

/** A firm with recipes, to which providers deliver raw bodies; only the signature is left to the door's own tests. */

/** Done when it answers, as the simulator's clock wants it: the Web's own works in another thread. */
crypto.subtle.digest = async (_algorithm, data) => {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
  return Uint8Array.from(createHash('sha256').update(bytes).digest()).buffer
}

/** Where the recipes stand. */
export const folder = fileURLToPath(new URL('../../../src/rules/recipes/', import.meta.url).href)

function recipe(name: string): JsonObject {
  const read = readJsonc(readFileSync(`${folder}${name}.jsonc`).toString('utf8'))
  if (!read.ok || !isObject(read.value)) throw new Error(`recipe ${name} is not JSONC`)
  return read.value
}

/** A recipe as the whole configuration of a firm; `endpoints` replaces its own. */
export function firmWith(name: string, more: JsonObject = {}): JsonObject {
  return {
    timezone: 'America/New_York',
    country: 'US',
    connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
    ...recipe(name),
    ...more,
  }
}

export class BookingFirm extends World {
  constructor(config: JsonObject, options: Partial<WorldOptions> = {}) {
    super({ config, ...options })
  }

  /** A request arrives whose proof the door has checked. The runs that it is answered with. */
  async arrives(endpoint: string, body: string, headers: Record<string, string> = {}, search = ''): Promise<string[]> {
    const { ledger } = this.clerk
    const version = ledger.version!
    const document = ledger.configs.get(version)!.document as { endpoints: Record<string, JsonObject> }
    const { source: name, ...rest } = document.endpoints[endpoint]!
    const source = sources.get(String(name))!
    const request: Inbound = {
      method: 'POST',
      url: new URL(`https://docketed.example/in/smith/${endpoint}${search}`),
      headers: new Headers(headers),
      body: Uint8Array.from(new TextEncoder().encode(body)),
      token: null,
      now: this.clock.now,
    }
    const options = source.options.parse(rest)
    const parsed = await source.parse(request, { firm: 'smith', name: endpoint, options, secrets: () => [] })
    if (!Array.isArray(parsed)) throw new Error(JSON.stringify(parsed))
    const answer = this.clerk.claim({ endpoint, version, interactive: false, deliveries: parsed })
    if (answer.kind !== 'receipts') throw new Error(answer.kind)
    return answer.receipts.map(({ run }) => run)
  }

  passes(ms: number): Promise<void> {
    return this.clock.run({ until: this.clock.now + ms })
  }

  /** What stands in Clio of a resource, as flat records, besides what was there from the beginning. */
  stand(resource: string, since = Date.parse('2026-11-24T15:00:00Z')): Record<string, Json>[] {
    return (this.sandbox.records()[resource] ?? []).filter(one => Date.parse(String(one.created_at)) >= since)
  }
}
