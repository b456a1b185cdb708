import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { document, operator, problemOf } from './app.ts'

const { call } = operator()
const at = (path: string) => `/api/firms/reader/clio/${path}`
const sandbox = 'http://sandbox.example'
const account = 'reader'
let connection = ''

const control = async (path: string, body?: object) =>
  fetch(`${sandbox}/_sandbox/${path}`, body ? { method: 'POST', body: JSON.stringify(body) } : {})

/** How many calls Clio has had of this firm's connection. */
const calls = async (): Promise<number> => {
  const { entries } = (await (await control('ledger')).json()) as { entries: { connection: string | null }[] }
  return entries.filter(entry => entry.connection === connection).length
}

/** A call of nobody's on Clio, as when somebody works there. */
const atClio = (method: string, path: string, body: object) =>
  fetch(`${sandbox}/clio/api/v4/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${env.MATON_API_KEY}`,
      'maton-connection': connection,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })

interface Page {
  data: JsonObject[]
  meta: { paging: { next?: string } }
}

beforeAll(async () => {
  const made = await control('connections', { account })
  connection = ((await made.json()) as { connection_id: string }).connection_id
  await control('records', {
    account,
    resource: 'matters',
    count: 250,
    data: { description: 'One of many', status: 'Open' },
  })
  expect((await call('PUT', '/api/firms/reader/config', await document({}, connection))).status).toBe(200)
})

describe('a read of Clio', () => {
  it('answers Clio’s own JSON: who the connection is', async () => {
    const answer = await call('GET', at('users/who_am_i?fields=id,name,email'))
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(((await answer.json()) as { data: JsonObject }).data).toMatchObject({
      id: expect.any(Number),
      name: expect.any(String),
    })
  })

  it('takes fields, one level of nesting and filters', async () => {
    const answer = await call('GET', at('contacts?fields=id,name,email_addresses%7Baddress%7D&type=Person&limit=2'))
    const { data } = (await answer.json()) as Page
    expect(data).toHaveLength(2)
    expect(Object.keys(data[0]!).sort()).toEqual(['email_addresses', 'id', 'name'])
  })

  it('leads through 250 matters by our own links', async () => {
    const seen = new Set<number>()
    let pages = 0
    let next: string | undefined = at('matters?fields=id&limit=100&order=id(asc)')
    while (next !== undefined) {
      const page = (await (await call('GET', next)).json()) as Page
      for (const { id } of page.data) seen.add(Number(id))
      pages++
      const link = page.meta.paging.next
      if (link !== undefined) expect(link).toContain(at('matters?'))
      next = link === undefined ? undefined : link.slice(new URL(link).origin.length)
    }
    expect(seen.size).toBeGreaterThanOrEqual(250)
    expect(pages).toBe(Math.ceil(seen.size / 100))
  })

  it('answers one record', async () => {
    const list = (await (await call('GET', at('matters?fields=id&limit=1'))).json()) as Page
    const id = list.data[0]?.id
    const one = await call('GET', at(`matters/${id}?fields=id,display_number,client%7Bid,name%7D`))
    expect(((await one.json()) as { data: JsonObject }).data.id).toBe(id)
  })

  it('says that Clio has no such record', async () => {
    const answer = await call('GET', at('matters/424242'))
    expect([answer.status, (await problemOf(answer)).type]).toEqual([404, 'urn:docketed:problem:not-in-clio'])
  })
})

describe('what Clio would not understand is refused without a call', () => {
  it.each([
    ['a resource', 'mattters', 'path', "Did you mean 'matters'?"],
    ['a field', 'matters?fields=id,discription', 'fields', "Did you mean 'description'?"],
    ['a field below another', 'matters?fields=client%7Bnmae%7D', 'fields.client', "Did you mean 'name'?"],
    ['a second level of braces', 'matters?fields=client%7Bid%7Bname%7D%7D', 'fields', 'one level of braces'],
    ['a filter', 'matters?cleint_id=7', 'cleint_id', "Did you mean 'client_id'?"],
    ['an order', 'matters?order=id', 'order', "Did you mean 'id(asc)'?"],
    ['a page too large', 'matters?limit=500', 'limit', 'from 1 to 200'],
    ['a way out of the API', 'matters/..%2Fusers', 'path', 'nothing at this path'],
    ['a name where an id is', 'contacts/Maria%20Vega', 'path', 'is a number'],
    ['a name in the middle', 'documents/Vega/versions', 'path', 'is a number'],
  ])('%s', async (_, path, place, words) => {
    const before = await calls()
    const answer = await call('GET', at(path))
    expect(answer.status).toBe(422)
    const { errors } = await problemOf(answer)
    expect(errors?.[0]).toMatchObject({ path: place, message: expect.stringContaining(words) })
    expect(await calls()).toBe(before)
  })
})

describe('a document', () => {
  it('of 25 MB is handed through as it comes from the storage', async () => {
    const size = 25 * 1024 * 1024
    const fields = 'fields=id,latest_document_version%7Buuid,put_url,put_headers%7D'
    const list = (await (await call('GET', at('matters?fields=id&limit=1'))).json()) as Page
    const parent = { id: list.data[0]?.id, type: 'Matter' }
    const posted = await atClio('POST', `documents?${fields}`, { data: { name: 'large.bin', parent } })
    const { data } = (await posted.json()) as { data: JsonObject & { latest_document_version: JsonObject } }
    const { uuid, put_url: url, put_headers: signed } = data.latest_document_version
    const headers = Object.fromEntries((signed as { name: string; value: string }[]).map(one => [one.name, one.value]))
    const put = await fetch(String(url), { method: 'PUT', headers, body: new Uint8Array(size) })
    expect(put.status).toBe(200)
    await atClio('PATCH', `documents/${data.id}`, { data: { uuid, fully_uploaded: true } })

    const answer = await call('GET', at(`documents/${data.id}/download`))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toBe('attachment')
    let bytes = 0
    let largest = 0
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      largest = Math.max(largest, chunk.byteLength)
    }
    expect(bytes).toBe(size)
    expect(largest).toBeLessThan(size / 10)
  })

  it('that there is not is told as such', async () => {
    expect((await call('GET', at('documents/424242/download'))).status).toBe(404)
  })
})
