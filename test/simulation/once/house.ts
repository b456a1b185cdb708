import type { JsonObject } from '../../../src/lib/json.ts'
import type { Row } from '../../../src/sandbox/clio/store.ts'
import { World, type WorldOptions } from '../world.ts'

export const minute = 60_000
export const connection = '21fd90f9-5935-43cd-b6c8-bde9d915ca80'

/** A firm with one rule for every form: these steps. */
export function firmWith(steps: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    timezone: 'America/New_York',
    country: 'US',
    connection,
    endpoints: { website: { source: 'form' } },
    rules: [{ name: 'rule', trusted: true, on: { endpoint: 'website', type: 'form.submitted' }, steps }],
    ...more,
  }
}

export function worldOf(steps: JsonObject, options: Partial<WorldOptions> = {}, more: JsonObject = {}): World {
  return new World({ config: firmWith(steps, more), index: false, ...options })
}

/** Delivers one event and lets everything happen that follows from it. */
export async function carriedOut(world: World, fields: JsonObject = {}): Promise<string> {
  const run = world.deliver('website', { fields }, `key ${JSON.stringify(fields)}`)!
  await world.clock.run()
  return run
}

/** Records of a resource that were made since the firm began. */
export function made(world: World, resource: string, account = 'smith'): Row[] {
  return world.sandbox
    .account(account)
    .all(resource)
    .filter(row => row.made >= Date.parse('2026-11-24T14:00:00Z'))
}
