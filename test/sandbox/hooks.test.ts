import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import type { Post, Proof } from '../../src/sandbox/maton/hooks.ts'
import { serveSandbox } from '../../src/sandbox/run/serve.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'

/** Clio's own webhooks, as the sandbox sends them. */

interface Sent extends Proof {
  readonly url: string
  readonly body: string
}

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function hooked(more: JsonObject = {}, echo = true) {
  let now = Date.parse('2026-11-24T15:00:00Z')
  const sent: Sent[] = []
  const post: Post = async (url, proof, body) => {
    sent.push({ url, ...proof, body })
    return { status: 200, headers: new Headers(echo ? { 'x-hook-secret': proof.secret } : {}) }
  }
  const sandbox = createSandbox({ post, now: () => now })
  const store = sandbox.account('smith')
  const hook = store.insert('webhooks', {
    url: 'https://docketed.example/in/smith/clio',
    model: 'matter',
    fields: 'id,etag,status,client{id,name}',
    events: ['created', 'updated', 'deleted', 'matter_opened'],
    expires_at: '2026-11-27T15:00:00Z',
    status: 'pending',
    ...more,
  })
  await new Promise(setImmediate)
  const told = () => sent.filter(({ header }) => header === 'x-hook-signature').map(({ body }) => JSON.parse(body))
  return { sandbox, store, sent, told, hook, later: (ms: number) => (now += ms) }
}

describe('a webhook', () => {
  it('lives once its address has sent the secret back', async () => {
    const { store, sent, hook } = await hooked()
    expect(sent).toMatchObject([{ header: 'x-hook-secret', body: '' }])
    expect(store.get('webhooks', hook.id)!.data).toMatchObject({ status: 'enabled', shared_secret: sent[0]!.secret })
  })

  it('does not otherwise, and tells nothing', async () => {
    const { store, told, hook } = await hooked({}, false)
    expect(store.get('webhooks', hook.id)!.data.status).toBe('pending')
    const matter = store.all('matters')[0]!
    store.replace(matter, { ...matter.data, description: 'New' })
    expect(told()).toEqual([])
  })

  it('tells every change of its model with the fields that it wants, and a turn of status beside it', async () => {
    const { store, told, hook } = await hooked()
    const matter = store.all('matters')[1]!
    store.replace(matter, { ...matter.data, status: 'open' })
    store.remove(store.get('matters', matter.id)!)
    store.insert('contacts', { type: 'Person', first_name: 'Pat', last_name: 'Doe' })
    const data = { id: matter.id, status: 'Open', client: { name: 'John Okafor' } }
    expect(told()).toMatchObject([
      { data, meta: { event: 'updated', webhook_id: hook.id } },
      { data, meta: { event: 'matter_opened', webhook_id: hook.id } },
      { meta: { event: 'deleted', webhook_id: hook.id } },
    ])
  })

  it('tells only the events that it was made for', async () => {
    const { store, told } = await hooked({ events: ['matter_opened'] })
    const matter = store.all('matters')[1]!
    store.replace(matter, { ...matter.data, description: 'New' })
    store.replace(store.get('matters', matter.id)!, { ...matter.data, status: 'open' })
    expect(told().map(({ meta }) => meta.event)).toEqual(['matter_opened'])
  })

  it('is silent when it has expired', async () => {
    const { store, told, later } = await hooked()
    later(4 * 86_400_000)
    const matter = store.all('matters')[0]!
    store.replace(matter, { ...matter.data, description: 'New' })
    expect(told()).toEqual([])
  })
})

it('over HTTP the body is signed with the secret of the handshake', async () => {
  const got: { headers: IncomingMessage['headers']; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      got.push({ headers: request.headers, body })
      const secret = request.headers['x-hook-secret']
      response.writeHead(200, secret === undefined ? {} : { 'x-hook-secret': secret }).end()
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const served = await serveSandbox()
  closing.push(
    () => served.close(),
    () => void server.close(),
  )
  const store = served.sandbox.account('smith')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const expires_at = new Date(Date.now() + 86_400_000).toISOString()
  const hook = store.insert('webhooks', { url, model: 'task', fields: 'id,etag', expires_at, status: 'pending' })
  await expect.poll(() => store.get('webhooks', hook.id)!.data.status).toBe('enabled')
  const task = store.all('tasks')[0]!
  store.replace(task, { ...task.data, name: 'New' })
  await expect.poll(() => got.length).toBe(2)
  const [handshake, told] = got
  const secret = String(handshake!.headers['x-hook-secret'])
  expect(told!.headers['x-hook-signature']).toBe(createHmac('sha256', secret).update(told!.body).digest('hex'))
})
