import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Served, serveSandbox } from '../../src/sandbox/run/serve.ts'
import { key, person } from './helpers.ts'

/** The sandbox as another process meets it: real sockets, driven through /_sandbox. */

let served: Served
beforeAll(async () => {
  served = await serveSandbox()
})
afterAll(() => served.close())
beforeEach(() => drive('POST', 'reset'))

const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }

function drive(method: string, path: string, body?: unknown): Promise<Response> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers }
  return fetch(`${served.url}/_sandbox/${path}`, { method, ...init })
}
const make = (init: RequestInit = {}) =>
  fetch(`${served.url}/clio/api/v4/contacts.json`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ data: person('Ada', 'Byron') }),
    ...init,
  })
async function contacts(): Promise<unknown[]> {
  const state = (await (await drive('GET', 'state')).json()) as { contacts: unknown[] }
  return state.contacts
}

test('it answers, and shows what stands in it', async () => {
  expect((await make()).status).toBe(201)
  expect(await contacts()).toContainEqual(expect.objectContaining({ name: 'Ada Byron', last_name: 'Byron' }))
})

test('a lost answer is a broken socket, with the record made', async () => {
  await drive('POST', 'trouble', { method: 'POST', times: 1, action: { do: 'lose' } })
  await expect(make()).rejects.toThrow()
  expect(await contacts()).toHaveLength(4)
  expect((await make()).status).toBe(201)
})

test('a hanging call ends when its caller gives up', async () => {
  await drive('POST', 'trouble', [{ method: 'POST', action: { do: 'hang' } }])
  await expect(make({ signal: AbortSignal.timeout(100) })).rejects.toThrow()
  const inFlight = async () => ((await (await drive('GET', 'ledger')).json()) as { inFlight: number }).inFlight
  await expect.poll(inFlight).toBe(0)
  expect(await contacts()).toHaveLength(3)
  await drive('DELETE', 'trouble')
  expect((await make()).status).toBe(201)
})

test('a late record lands by itself', async () => {
  await drive('POST', 'trouble', { times: 1, action: { do: 'late', ms: 100 } })
  await expect(make()).rejects.toThrow()
  expect(await contacts()).toHaveLength(3)
  await expect.poll(contacts).toHaveLength(4)
})

test('limits, behaviour and connections are set from outside', async () => {
  await drive('POST', 'limits', { clio: { requests: 1, seconds: 60 } })
  expect([(await make()).status, (await make()).status]).toEqual([201, 429])
  await drive('POST', 'reset')
  await drive('POST', 'behaviour', { advancedTasks: true })
  expect(served.sandbox.behaviour.advancedTasks).toBe(true)
  await drive('POST', 'reset')
  expect(served.sandbox.behaviour.advancedTasks).toBe(false)

  const { connection_id: jones } = (await (await drive('POST', 'connections', { account: 'jones' })).json()) as {
    connection_id: string
  }
  const there = { headers: { ...headers, 'maton-connection': jones } }
  expect((await make(there)).status).toBe(201)
  await drive('POST', `connections/${jones}/expire`)
  expect((await make(there)).status).toBe(401)
  await drive('POST', `connections/${jones}/expire?status=500`)
  expect((await make(there)).status).toBe(500)
  await drive('POST', `connections/${jones}/mend`)
  expect((await make(there)).status).toBe(201)
})

test('an order that makes no sense is refused with what is wrong', async () => {
  const told = await drive('POST', 'trouble', { action: { do: 'explode' } })
  expect(told.status).toBe(400)
  expect(await told.text()).toContain('action')
  expect((await drive('POST', 'connections/nobody/expire')).status).toBe(404)
})

test('an upload goes to the sandbox itself', async () => {
  const { matters = [] } = (await (await drive('GET', 'state')).json()) as { matters?: { id: number }[] }
  const url = `${served.url}/clio/api/v4/documents?fields=latest_document_version{put_url,put_headers}`
  const data = { name: 'a.txt', parent: { id: matters[0]?.id, type: 'Matter' } }
  const made = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ data }) })
  const { put_url, put_headers } = ((await made.json()) as { data: { latest_document_version: never } }).data
    .latest_document_version as { put_url: string; put_headers: { name: string; value: string }[] }
  expect(put_url.startsWith(served.url)).toBe(true)
  const signed = Object.fromEntries(put_headers.map(({ name, value }) => [name, value]))
  expect((await fetch(put_url, { method: 'PUT', headers: signed, body: 'hello' })).status).toBe(200)
})

test('the page shows what stands in Clio, and nothing that was sent can break out of it', async () => {
  const data = { ...person('<script>alert(1)</script>', 'Byron'), title: 'x' }
  await make({ body: JSON.stringify({ data }) })
  const page = await (await fetch(served.url)).text()
  expect(page).toContain('<h1>What stands in Clio</h1>')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; Byron')
  expect(page).not.toContain('<script>alert(1)')
  expect(page).toContain('00001-Alvarez')
  expect(page).toContain('Opposing party: Carlos Alvarez')
  expect(page).toContain('POST contacts')
})

test('a port that is taken is refused', async () => {
  await expect(serveSandbox({ port: served.port })).rejects.toThrow('EADDRINUSE')
})
