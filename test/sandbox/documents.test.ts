import { expect, test } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { type Clio, startClio, type Told } from './helpers.ts'

/** Three steps: create, PUT to storage, mark as uploaded. */

const fields = 'fields=id,name,latest_document_version{uuid,put_url,put_headers,fully_uploaded}'

interface Version {
  uuid: string
  put_url: string
  put_headers: { name: string; value: string }[]
}

async function created(clio: Clio, extra: JsonObject = {}): Promise<Version & { id: number; told: Told }> {
  const parent = { id: clio.idOf('matters', '00001-Alvarez'), type: 'Matter' }
  const data = { name: 'Letter.pdf', content_type: 'application/pdf', parent, ...extra }
  const told = await clio.post(`documents?${fields}`, data)
  return { ...(told.data.latest_document_version as unknown as Version), id: Number(told.data.id), told }
}

function put(clio: Clio, { put_url, put_headers }: Version, body: string, headers: Record<string, string> = {}) {
  const url = new URL(put_url)
  const required = Object.fromEntries(put_headers.map(({ name, value }) => [name, value]))
  // An empty authorization is not sent: storage must not see the key.
  return storage(clio, 'PUT', url.pathname + url.search, { ...required, ...headers }, body)
}

async function storage(clio: Clio, method: string, path: string, headers: Record<string, string>, body?: string) {
  const { createApp } = await import('../../src/sandbox/run/app.ts')
  return createApp(clio.sandbox).request(path, { method, headers, ...(body !== undefined && { body }) })
}

test('created, uploaded, marked, downloaded', async () => {
  const clio = startClio()
  const document = await created(clio)
  expect(document.told.data.latest_document_version).toMatchObject({ fully_uploaded: false })
  expect((await put(clio, document, 'Dear Maria')).status).toBe(200)
  const marked = await clio.patch(`documents/${document.id}?fields=size,content_type,filename,matter{id}`, {
    uuid: document.uuid,
    fully_uploaded: true,
  })
  expect(marked.data).toEqual({
    size: 10,
    content_type: 'application/pdf',
    filename: 'Letter.pdf',
    matter: { id: clio.idOf('matters', '00001-Alvarez') },
  })
  const download = await clio.get(`documents/${document.id}/download`)
  expect(download.status).toBe(303)
  const { pathname } = new URL(download.headers.get('location') ?? '')
  const bytes = await storage(clio, 'GET', pathname, {})
  expect([bytes.status, await bytes.text()]).toEqual([200, 'Dear Maria'])
  expect((await storage(clio, 'GET', pathname, { authorization: 'Bearer x' })).status).toBe(400)
})

test('storage refuses a token, a missing header, a late upload, an upload nobody asked for', async () => {
  const clio = startClio()
  const document = await created(clio)
  expect((await put(clio, document, 'x', { authorization: 'Bearer x' })).status).toBe(400)
  expect((await put(clio, { ...document, put_headers: document.put_headers.slice(0, 1) }, 'x')).status).toBe(403)
  const other = document.put_url.replace(document.uuid, '00000000-0000-4000-8000-000000000000')
  expect((await put(clio, { ...document, put_url: other }, 'x')).status).toBe(403)
  clio.pass(8 * 3600)
  expect((await put(clio, document, 'x')).status).toBe(403)
})

test('marking what was never uploaded is refused by name', async () => {
  const clio = startClio()
  const document = await created(clio)
  const told = await clio.patch(`documents/${document.id}`, { uuid: document.uuid, fully_uploaded: true })
  expect([told.status, told.error.type]).toEqual([422, 'UploadNotFoundError'])
  expect((await clio.patch(`documents/${document.id}`, { uuid: 'other', fully_uploaded: true })).status).toBe(404)
  expect((await clio.get(`documents/${document.id}/download`)).status).toBe(404)
})

test('a document left half uploaded is listed only with show_uncompleted', async () => {
  const clio = startClio()
  await created(clio, { external_properties: [{ name: 'docketed', value: 'one' }] })
  const query = 'documents?external_property_name=docketed&external_property_value=one'
  expect((await clio.get(query)).list).toHaveLength(0)
  expect((await clio.get(`${query}&show_uncompleted=true`)).list).toHaveLength(1)
})

test('with a document as its parent it is a new version', async () => {
  const clio = startClio()
  const first = await created(clio)
  await put(clio, first, 'one')
  await clio.patch(`documents/${first.id}`, { uuid: first.uuid, fully_uploaded: true })
  const second = await created(clio, { parent: { id: first.id, type: 'Document' } })
  expect(second.id).toBe(first.id)
  const versions = await clio.get(`documents/${first.id}/versions?fields=version_number,fully_uploaded`)
  expect(versions.list).toEqual([
    { version_number: 1, fully_uploaded: true },
    { version_number: 2, fully_uploaded: false },
  ])
})

test('deletion is a trash: out of the lists, and restored by an update', async () => {
  const clio = startClio()
  const document = await created(clio)
  const listed = async () => (await clio.get('documents?show_uncompleted=true')).list.length
  expect((await clio.delete(`documents/${document.id}`)).status).toBe(204)
  expect(await listed()).toBe(0)
  expect((await clio.delete(`documents/${document.id}`)).status).toBe(404)
  await clio.patch(`documents/${document.id}`, { restore: true })
  expect(await listed()).toBe(1)
})

test('a document in a folder belongs to the matter of the folder', async () => {
  const clio = startClio()
  const matter = clio.idOf('matters', '00001-Alvarez')
  const folder = await clio.post('folders', { name: 'Court', parent: { id: matter, type: 'Matter' } })
  await created(clio, { parent: { id: folder.data.id ?? 0, type: 'Folder' } })
  const found = await clio.get(`documents?matter_id=${matter}&show_uncompleted=true`)
  expect(found.list).toHaveLength(1)
})

test('a parent that is not there is not found', async () => {
  const clio = startClio()
  expect((await created(clio, { parent: { id: 1, type: 'Folder' } })).told.status).toBe(404)
})

test('who asks again gets an address that is good for eight hours from then', async () => {
  const clio = startClio()
  const document = await created(clio)
  clio.pass(9 * 3600)
  expect((await put(clio, document, 'x')).status).toBe(403)
  const again = await clio.get(`documents/${document.id}?fields=latest_document_version{uuid,put_url,put_headers}`)
  expect((await put(clio, again.data.latest_document_version as unknown as Version, 'x')).status).toBe(200)
})

test('storage counts who shows it a token, until the ledger is cleared', async () => {
  const clio = startClio()
  const document = await created(clio)
  await put(clio, document, 'x', { authorization: 'Bearer x' })
  expect(clio.sandbox.ledger.view().leaks).toBe(1)
  clio.sandbox.ledger.clear()
  await put(clio, document, 'x')
  expect(clio.sandbox.ledger.view().leaks).toBe(0)
})

test('storage takes no upload whose length is not told beforehand', async () => {
  const clio = startClio()
  const document = await created(clio)
  expect((await put(clio, document, 'x', { 'transfer-encoding': 'chunked' })).status).toBe(501)
})

test('storage has its faults: bytes that never came are not there, bytes whose answer was lost are', async () => {
  const clio = startClio()
  const trouble = { method: 'PUT', path: '^_storage$', times: 1 }
  for (const [action, status] of [
    [{ do: 'drop' }, 422],
    [{ do: 'lose' }, 200],
  ] as const) {
    const document = await created(clio)
    clio.sandbox.trouble.add({ ...trouble, action })
    await expect(put(clio, document, 'x')).rejects.toThrow('cut off')
    const told = await clio.patch(`documents/${document.id}`, { uuid: document.uuid, fully_uploaded: true })
    expect(told.status).toBe(status)
  }
})
