import { describe, expect, it } from 'vitest'
import { Who } from '../../src/api/access/who.ts'
import { isProblem } from '../../src/lib/problem.ts'
import type { DocketRpc } from '../../src/model/docket-rpc.ts'

const adminToken = 'a'.repeat(32)
const right = `dkt_smith_${'R'.repeat(43)}`
const wrong = (n: number) => `dkt_smith_${String(n).padStart(43, 'x')}`

/** A keeper that admits `most` wrong tokens of an address, and a firm that knows one token. */
function keeper(most: number, admin: string | undefined = adminToken) {
  const guesses = new Map<string, number>()
  let asked = 0
  let now = 0
  const docket = {
    identify: async () => {
      asked++
      return null
    },
  } as unknown as DocketRpc
  const who = new Who({
    adminToken: admin,
    access: null,
    now: () => now,
    ask: () => call => call(docket),
    admit: async address => {
      guesses.set(address, (guesses.get(address) ?? 0) + 1)
      return guesses.get(address)! <= most
    },
  })
  const shows = async (token: string, address = '192.0.2.7') => {
    const headers = new Headers({ authorization: `Bearer ${token}`, 'cf-connecting-ip': address })
    const caller = await who.calls(headers, 'smith')
    return isProblem(caller) ? caller.status : 200
  }
  return { shows, asked: () => asked, passes: (ms: number) => (now += ms) }
}

describe('guesses', () => {
  it('are braked for an address, and ask no Docket any more', async () => {
    const { shows, asked } = keeper(3)
    const answers = []
    for (let n = 0; n < 10; n++) answers.push(await shows(wrong(n)))
    expect(answers).toEqual([401, 401, 401, 429, 429, 429, 429, 429, 429, 429])
    expect(asked()).toBe(4)
  })

  it('from one IPv6 /64 are those of one address', async () => {
    const { shows } = keeper(3)
    const answers = []
    for (let n = 0; n < 5; n++) answers.push(await shows(wrong(n), `2001:db8:1:2::${n}`))
    expect(answers).toEqual([401, 401, 401, 429, 429])
    expect(await shows(wrong(9), '2001:db8:1:3::1')).toBe(401)
  })

  it('shut out neither the vendor at the same address nor anybody for longer than a minute', async () => {
    const { shows, passes } = keeper(0)
    expect(await shows(wrong(1))).toBe(429)
    expect(await shows(adminToken)).toBe(200)
    passes(60_001)
    expect(await shows(right)).toBe(429)
  })

  it('that cannot be a token ask nobody', async () => {
    const { shows, asked } = keeper(100)
    for (const token of ['x', 'dkt_smith_short', `dkt_../x_${'x'.repeat(43)}`, 'y'.repeat(600)])
      expect(await shows(token)).toBe(401)
    expect(asked()).toBe(0)
  })
})

describe('ADMIN_TOKEN', () => {
  it('of fewer than 32 characters keeps everything shut, and says what to do', async () => {
    const { shows } = keeper(1, 'a'.repeat(31))
    expect(await shows('a'.repeat(31))).toBe(503)
  })
})
