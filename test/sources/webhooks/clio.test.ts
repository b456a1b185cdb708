import { describe, expect, it } from 'vitest'
import { contract } from '../../../src/clio/contract/index.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Call, Outcome } from '../../../src/model/call.ts'
import type { Provider } from '../../../src/model/follow.ts'
import { clio } from '../../../src/sources/webhooks/clio.ts'
import { deliver } from '../deliver.ts'

/** Clio's own webhooks: what they are made to tell, and what they tell. */

const options = (more: JsonObject = {}) => ({
  url: 'https://docketed.example/in/smith/clio',
  secret: '$S',
  watch: { matter: '$M' },
  ...more,
})
const valid = (more: JsonObject) => clio.options.safeParse(options(more)).success

describe('the fields of a webhook', () => {
  it.each<[string, boolean]>([
    ['id,etag,matter_stage{name}', true],
    ['display_number', true],
    ['id,client{id,name},status', true],
    ['', false],
    ['id,', false],
    ['id, etag', false],
    ['client{id{x}}', false],
    [`id${',status'.repeat(150)}`, false],
  ])('%s', (matter, ok) => expect(valid({ fields: { matter } })).toBe(ok))

  it('are of models that Clio has', () => {
    expect(valid({ watch: { clio_payments_payment: '$P' } })).toBe(true)
    expect(valid({ watch: { payment: '$P' } })).toBe(false)
    expect(valid({ fields: { matters: 'id' } })).toBe(false)
    const models = contract.webhooks!.create!['model!']
    expect(
      String(models)
        .split('|')
        .filter(model => !valid({ watch: { [model]: '$P' } })),
    ).toEqual([])
  })
})

/** Renews with a Clio that lists these webhooks; what it was asked. */
async function renewed(listed: Json[], more: JsonObject = {}, status = 'enabled') {
  const calls: Call[] = []
  const call = async (one: Call): Promise<Outcome> => {
    calls.push(one)
    const data = one.method === 'GET' ? listed : { id: 9, status }
    return { kind: 'applied', status: 200, answer: { data }, record: null } as unknown as Outcome
  }
  const endpoint = { firm: 'smith', name: 'clio', options: clio.options.parse(options(more)), secrets: () => ['s'] }
  const around = { endpoint, now: 0, secret: () => 's' } as unknown as Provider<never>
  const held = await clio.subscribing!.renew('matter', null, around, call)
  return {
    held,
    calls: calls.map(({ method, path, body }) => ({ method, path, body: (body ?? null) as JsonObject | null })),
  }
}
const own = (status: string) => ({
  id: 5,
  model: 'matter',
  status,
  url: 'https://docketed.example/in/smith/clio/s?watch=matter',
})
const day = 86_400_000

describe('a webhook', () => {
  it('that is open is made to last, and to tell what is wanted now', async () => {
    const { held, calls } = await renewed([own('enabled')], { fields: { matter: 'etag,status' } })
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET webhooks', 'PATCH webhooks/5'])
    expect(calls[1]!.body).toMatchObject({ fields: 'id,etag,status' })
    expect(held).toMatchObject({ id: '5', expiresAt: 30 * day })
  })

  it.each(['pending', 'suspended'])('that is %s is made anew', async status => {
    const { calls } = await renewed([own(status)])
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET webhooks',
      'DELETE webhooks/5',
      'POST webhooks',
    ])
  })

  it('that was just made is looked at again soon, unless it is open already', async () => {
    expect((await renewed([], {}, 'pending')).held.expiresAt).toBeLessThan(day)
    expect((await renewed([])).held.expiresAt).toBe(30 * day)
  })

  it('that Clio refuses is told in Clio’s words, without the secret in the address', async () => {
    const secret = 'k3y-of-the-address/+'
    const url = `https://docketed.example/in/smith/clio/${encodeURIComponent(secret)}?watch=matter`
    const call = async ({ method }: Call): Promise<Outcome> =>
      method === 'GET'
        ? ({ kind: 'applied', status: 200, answer: { data: [] } } as unknown as Outcome)
        : { kind: 'refused', status: 422, why: 'invalid', message: `Url ${url} cannot be reached` }
    const endpoint = { firm: 'smith', name: 'clio', options: clio.options.parse(options({})), secrets: () => [secret] }
    const around = { endpoint, now: 0, secret: () => secret } as unknown as Provider<never>
    const refused = clio.subscribing!.renew('matter', null, around, call)
    await expect(refused).rejects.toThrow('Clio: Url https://docketed.example/in/smith/clio/…?watch=matter cannot be')
  })
})

describe('a matter’s stage', () => {
  const matter = (more: JsonObject) =>
    deliver(
      'clio',
      JSON.stringify({ data: { id: 7, etag: '"e1"', ...more }, meta: { event: 'updated', webhook_id: 3 } }),
    )
  const types = async (more: JsonObject) => (await matter(more)).deliveries.map(({ event }) => event.type)

  it('is an event of its own when it changed, once', async () => {
    const changed = { matter_stage: { name: 'Discovery' }, matter_stage_updated_at: '2026-11-02T08:59:00Z' }
    const { deliveries } = await matter(changed)
    expect(deliveries.map(({ event, key }) => [event.type, key.value])).toEqual([
      ['matter.updated', '3:updated:7:"e1"'],
      ['matter.stage_changed', '3:stage:7:2026-11-02T08:59:00Z'],
    ])
    expect((await matter({ ...changed, etag: '"e2"' })).deliveries[1]!.key).toEqual(deliveries[1]!.key)
  })

  it('is none when it is an old one, or none is told', async () => {
    expect(await types({ matter_stage_updated_at: '2026-10-02T08:59:00Z' })).toEqual(['matter.updated'])
    expect(await types({ matter_stage_updated_at: 'soon' })).toEqual(['matter.updated'])
    expect(await types({})).toEqual(['matter.updated'])
  })
})
