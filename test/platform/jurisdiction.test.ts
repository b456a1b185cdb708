import { env } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { docketOf } from '../../src/dockets.ts'
import { registryOf } from '../../src/platform/registry.ts'
import { settingsOf } from '../../src/platform/settings.ts'

/** Remembers in which jurisdiction an object was asked for; what it answers is the real one's. */
function watched<T extends Rpc.DurableObjectBranded | undefined>(real: DurableObjectNamespace<T>, asked: string[]) {
  const spy = (within: string): DurableObjectNamespace<T> =>
    ({
      jurisdiction: (name: string) => spy(name),
      idFromName: (name: string) => {
        asked.push(within)
        return real.idFromName(name)
      },
      get: (id: DurableObjectId) => real.get(id),
    }) as unknown as DurableObjectNamespace<T>
  return spy('')
}

describe('JURISDICTION', () => {
  it('says where every object lives', () => {
    const asked: string[] = []
    const parts = { DOCKET: watched(env.DOCKET, asked), REGISTRY: watched(env.REGISTRY, asked) }
    docketOf({ ...parts, JURISDICTION: 'eu' } as never, 'smith')
    registryOf({ ...parts, JURISDICTION: 'fedramp' } as never)
    docketOf(parts, 'smith')
    registryOf(parts)
    expect(asked).toEqual(['eu', 'fedramp', '', ''])
  })

  it('is one that there is', () => {
    expect(() => settingsOf({ JURISDICTION: 'eu' })).not.toThrow()
    expect(() => settingsOf({ JURISDICTION: 'EU' })).toThrow('JURISDICTION')
  })

  it('makes an object of its own, where the runtime knows jurisdictions at all', () => {
    let elsewhere: DurableObjectId | null = null
    try {
      elsewhere = env.DOCKET.jurisdiction('eu').idFromName('smith')
    } catch (error) {
      // workerd on one machine has none: that ids differ can only be seen on Cloudflare.
      expect(String(error)).toMatch(/jurisdiction/i)
    }
    if (elsewhere) expect(elsewhere.equals(env.DOCKET.idFromName('smith'))).toBe(false)
  })
})
