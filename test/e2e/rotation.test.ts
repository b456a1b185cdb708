import { createHmac, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answers, api, configuration, configure, firm, onceEach, type Receipt, runsOf, standing } from './firm.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/** docs/rotation.md on the real runtime: keys and secrets change while forms and webhooks come in, and nothing is lost. */

const secret = () => `whsec_${randomBytes(24).toString('base64')}`
const dataKey = () => randomBytes(32).toString('base64')
let [older, newer] = [secret(), secret()]

let runtime: Runtime
beforeAll(async () => {
  runtime = await startRuntime()
  await configure(runtime, configuration(boundless))
  for (const [name, value] of [
    ['PARTNER_NEW', older],
    ['PARTNER_OLD', older],
  ] as const)
    expect((await api(runtime, 'PUT', `secrets/${name}`, value)).status).toBeLessThan(300)
  const document = configuration(boundless) as { endpoints: object }
  const partner = { source: 'standard-webhooks', secret: ['$PARTNER_NEW', '$PARTNER_OLD'] }
  await configure(runtime, { ...document, endpoints: { ...document.endpoints, partner } } as never)
})
afterAll(() => runtime.close())

/** What the provider signs with just now. */
let inUse = older

function deliver(n: number): Promise<Response> {
  const body = JSON.stringify(answers(n))
  const headers = { 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(60_000)
  if (n % 2 === 0)
    return fetch(`${runtime.url}/in/${firm}/website`, {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': `n${n}` },
      body,
      signal,
    })
  const at = String(Math.floor(Date.now() / 1000))
  const mac = createHmac('sha256', Buffer.from(inUse.slice(6), 'base64'))
    .update(`msg_${n}.${at}.${body}`)
    .digest('base64')
  const proof = { 'webhook-id': `msg_${n}`, 'webhook-timestamp': at, 'webhook-signature': `v1,${mac}` }
  return fetch(`${runtime.url}/in/${firm}/partner`, { method: 'POST', headers: { ...headers, ...proof }, body, signal })
}

/** As senders do: whatever is not taken is sent again. @returns the receipt, and the statuses that came before it */
async function persist(n: number): Promise<{ receipt: Receipt; refused: number[] }> {
  const refused: number[] = []
  const told = async () => {
    const answer = await deliver(n)
    return { status: answer.status, text: await answer.text() }
  }
  for (;;) {
    const answer = await told().catch(() => null)
    if (answer?.status === 202) return { receipt: JSON.parse(answer.text) as Receipt, refused }
    if (answer) refused.push(answer.status)
    await new Promise(resolve => setTimeout(resolve, 300))
  }
}

it('loses nothing, and refuses nobody but while the Worker is not there', async () => {
  const sent: ReturnType<typeof persist>[] = []
  const posting = setInterval(() => void sent.push(persist(sent.length)), 400)
  const some = () =>
    until(
      () => sent.length,
      count => count > at + 3,
    )
  let at = 0
  try {
    const keys = [Buffer.alloc(32, 'docketed').toString('base64'), dataKey(), dataKey()] as const
    for (const turn of [1, 2] as const) {
      at = sent.length
      await some()
      const before = runtime.adminToken
      await runtime.kill()
      runtime.change({
        DATA_KEY: keys[turn],
        DATA_KEY_OLD: keys[turn - 1]!,
        ADMIN_TOKEN: randomBytes(24).toString('hex'),
      })
      await runtime.start()
      expect((await api({ url: runtime.url, adminToken: before }, 'GET', 'stats')).status).toBe(401)
      expect((await api(runtime, 'GET', 'stats')).status).toBe(200)
      // The endpoint's secret: the new one is stored, then the provider uses it, then the old one goes.
      expect((await api(runtime, 'PUT', 'secrets/PARTNER_NEW', newer)).status).toBeLessThan(300)
      at = sent.length
      await some()
      inUse = newer
      at = sent.length
      await some()
      expect((await api(runtime, 'PUT', 'secrets/PARTNER_OLD', newer)).status).toBeLessThan(300)
      ;[older, newer] = [newer, secret()]
    }
  } finally {
    clearInterval(posting)
  }
  const taken = await Promise.all(sent)
  // No forged and no unknown one: a 401 would be lost at a provider that does not repeat.
  expect(taken.flatMap(({ refused }) => refused).filter(status => status < 500)).toEqual([])
  expect(new Set(taken.map(({ receipt }) => receipt.run)).size).toBe(sent.length)
  await until(
    () => runsOf(runtime),
    all => all.every(({ state }) => state === 'done'),
  )
  expect(standing(runtime.sandbox)).toEqual(onceEach(sent.length))
  const again = await Promise.all(sent.map((_, n) => persist(n)))
  expect(again.map(({ receipt }) => receipt)).toEqual(
    taken.map(({ receipt: { run } }) => ({ run, status: 'accepted', duplicate: true })),
  )
})
