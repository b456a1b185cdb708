import { describe, expect, it } from 'vitest'
import { Brakes } from '../../src/door/brakes.ts'
import { inboundRoutes } from '../../src/door/route.ts'
import { addressOf } from '../../src/lib/address.ts'
import type { RefusalCount } from '../../src/model/access.ts'

/** A limiter as the platform has it: so many of a key. */
const limiter = (most: number) => {
  const counts = new Map<string, number>()
  return async (key: string) => {
    counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts.get(key)! <= most
  }
}

const from = (address: string, more: Record<string, string> = {}) =>
  new Headers({ 'cf-connecting-ip': address, ...more })
const form = (address: string, bytes: number) =>
  new Request('https://docketed.example/in/smith/website', {
    method: 'POST',
    headers: from(address, { 'content-length': String(bytes) }),
    body: 'x',
  })

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, counted) => {
    expect(addressOf(from(address))).toBe(counted)
  })

  it.each(['127.0.0.1', '::1', ''])('%s is nobody’s', address => {
    expect(addressOf(from(address))).toBeNull()
  })
})

describe('150 forms from one IPv6 /64', () => {
  it('are those of one address: 60 come in', async () => {
    const brakes = new Brakes({ admit: limiter(60) })
    let admitted = 0
    for (let n = 0; n < 150; n++)
      if ((await brakes.before(form(`2001:db8:1:2::${n.toString(16)}`, 100), 'smith', 'website', 0)) === null)
        admitted++
    expect(admitted).toBe(60)
  })
})

describe('large bodies', () => {
  it('are few for an endpoint, from all addresses together; small ones still come in', async () => {
    const brakes = new Brakes({ admit: limiter(60), admitLarge: limiter(3) })
    const ask = (n: number, bytes: number) => brakes.before(form(`192.0.2.${n}`, bytes), 'smith', 'website', 0)
    const large = [1, 2, 3, 4, 5].map(n => ask(n, 640 * 1024))
    expect((await Promise.all(large)).map(refused => refused?.code)).toEqual([
      undefined,
      undefined,
      undefined,
      'too-much-at-once',
      'too-much-at-once',
    ])
    expect(await ask(9, 1000)).toBeNull()
  })

  it('are not read any more once the day is full, and the answer says until when', async () => {
    const brakes = new Brakes({})
    const now = Date.UTC(2026, 10, 26, 23)
    brakes.full('smith', now)
    const refused = await brakes.before(form('192.0.2.1', 640 * 1024), 'smith', 'website', now)
    expect(refused).toMatchObject({ status: 429, code: 'day-full', headers: { 'retry-after': '3600' } })
    expect(await brakes.before(form('192.0.2.1', 1000), 'smith', 'website', now)).toBeNull()
    expect(await brakes.before(form('192.0.2.1', 640 * 1024), 'jones', 'website', now)).toBeNull()
  })
})

describe('refused requests', () => {
  it('of one address send it away for a minute, and nobody else', async () => {
    const brakes = new Brakes({ admitRefused: limiter(60) })
    for (let n = 0; n < 61; n++) await brakes.refused(from('192.0.2.7'), 0)
    expect(brakes.silences(from('192.0.2.7'), 59_999)).toBe(true)
    expect(brakes.silences(from('192.0.2.8'), 0)).toBe(false)
    expect(brakes.silences(from('192.0.2.7'), 60_000)).toBe(false)
  })

  it('a limiter that fails costs nobody', async () => {
    const broken = () => Promise.reject(new Error('down'))
    const brakes = new Brakes({ admit: broken, admitLarge: broken, admitRefused: broken })
    expect(await brakes.before(form('192.0.2.7', 640 * 1024), 'smith', 'website', 0)).toBeNull()
    await brakes.refused(from('192.0.2.7'), 0)
    expect(brakes.silences(from('192.0.2.7'), 0)).toBe(false)
  })

  it('are told to the firm at once, and then together', async () => {
    const told: RefusalCount[][] = []
    const brakes = new Brakes({})
    const count = (now: number) =>
      brakes.count('smith', 'website', 'signature', now, async counts => void told.push(counts))
    await count(100_000)
    const later = count(109_990)
    for (let n = 0; n < 5; n++) void count(109_991)
    await later
    expect(told).toEqual([
      [{ endpoint: 'website', code: 'signature', times: 1 }],
      [{ endpoint: 'website', code: 'signature', times: 6 }],
    ])
  })
})

describe('a wrong secret that a request carries', () => {
  const secret = 'a-secret-of-the-firm-that-nobody-guesses'
  const document = { endpoints: { partner: { source: 'webhook', secret: '$PARTNER' } } }
  const mirror = { version: 1, document, secrets: {} }

  it.each([
    ['in the address', '/wrong-token-that-somebody-made-up', {}],
    ['in the header', '', { authorization: 'Bearer wrong-token-that-somebody-made-up' }],
  ])('counts once, %s, though the Docket is asked too', async (_, token, headers) => {
    const counted: string[] = []
    let asked = 0
    const ask = () => {
      asked++
      return mirror
    }
    const app = inboundRoutes({
      docket: () => ({ mirror: async () => ask(), refused: async () => {} }) as never,
      kv: { get: async () => mirror } as never,
      files: null as never,
      env: { PARTNER: secret },
      now: () => 0,
      admitRefused: async key => {
        counted.push(key)
        return true
      },
    })
    const send = (more: Record<string, string>, at: string) =>
      app.request(`https://docketed.example/in/smith/partner${at}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cf-connecting-ip': '192.0.2.7', ...more },
        body: '{}',
      })
    expect((await send(headers as Record<string, string>, token)).status).toBe(401)
    expect([counted, asked]).toEqual([['192.0.2.7'], 1])
  })
})
