import { timingSafeEqual } from 'node:crypto'
import { inboundRoutes } from '../../src/door/route.ts'
import type { DoorDocket } from '../../src/model/source.ts'
import type { World } from './world.ts'

// workerd has it, Node keeps it elsewhere.
Object.assign(crypto.subtle, {
  timingSafeEqual: (a: ArrayBuffer, b: ArrayBuffer) => timingSafeEqual(Buffer.from(a), Buffer.from(b)),
})

/** A request as it came over the wire. `path` follows `/in/{firm}/`. */
export interface Sent {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** The real door before a world's Docket: raw bytes in, a receipt out. KV knows nothing, so that every key is asked of the Docket. */
export function doorOf(world: World, env: Record<string, string>) {
  const docket: DoorDocket = {
    mirror: async () => world.reader.configs.mirror(),
    claim: async claim => world.clerk.claim(structuredClone(claim)),
    suggest: async (text, endpoint, user) =>
      (await world.clerk.knows(endpoint, user)) ? world.clerk.suggest(text) : [],
    refused: async () => {},
    putSecret: () => Promise.reject(new Error('No form service makes a secret of its own.')),
  }
  const app = inboundRoutes({
    docket: () => docket,
    kv: { get: (async () => null) as unknown as KVNamespace['get'] },
    files: world.files.access(() => {}),
    env,
    now: () => world.clock.now,
  })
  return ({ path, headers, body }: Sent) =>
    app.request(`https://docketed.example/in/smith/${path}`, { method: 'POST', headers, body })
}
