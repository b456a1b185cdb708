import { describe, expect, it } from 'vitest'
import { markName, subjectName } from '../../../src/clio/compare/found.ts'
import { download, putFile, targetCall, targetOf, withoutTarget } from '../../../src/clio/operations/documents.ts'
import { advance } from '../../../src/clio/operations/operation.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Intent } from '../../../src/model/intent.ts'
import { type Firm, pastOf, startFirm } from '../clio.ts'

const bytes = new TextEncoder().encode('%PDF-1.7 passport') as Uint8Array<ArrayBuffer>
const file = { name: 'passport.pdf', content_type: 'application/pdf', size: bytes.length, key: 'smith/a/0' }

function start(options: Parameters<typeof startFirm>[0] = {}): Firm {
  const firm = startFirm(options)
  firm.kept.set(file.key, bytes)
  return firm
}

const matterOf = (firm: Firm): JsonObject => ({ id: firm.idOf('matters', '00001-Alvarez'), resource: 'matters' })
const paper = (firm: Firm, more: JsonObject = {}): Intent => ({
  verb: 'create',
  resource: 'documents',
  with: { parent: matterOf(firm), content: file as unknown as Json, ...more },
})

/** What storage has of a document. */
async function stands(firm: Firm, id: Json | undefined): Promise<string> {
  return new TextDecoder().decode(await (await download(String(id), firm.gateway)).arrayBuffer())
}

const entriesOf = (firm: Firm, method: string) => firm.sandbox.ledger.entries.filter(entry => entry.method === method)

describe('a document', () => {
  it('is made in three calls, and then holds the bytes', async () => {
    const firm = start()
    const output = await firm.done(paper(firm))
    expect(output).toMatchObject({ id: expect.any(Number), resource: 'documents', created: true })
    expect(await stands(firm, output.id)).toBe('%PDF-1.7 passport')
    expect(firm.writes()).toEqual(['POST documents', 'PATCH documents/#'])
    expect(firm.sandbox.ledger.view().leaks).toBe(0)
  })

  it('is named after its file, and lies in the matter', async () => {
    const firm = start()
    await firm.done(paper(firm))
    expect(entriesOf(firm, 'POST')[0]!.body).toMatchObject({
      data: {
        name: 'passport.pdf',
        filename: 'passport.pdf',
        content_type: 'application/pdf',
        parent: { id: matterOf(firm).id, type: 'Matter' },
      },
    })
  })

  it('may have another name, and lie with a contact or in a folder', async () => {
    const firm = start()
    const client = { id: firm.idOf('contacts', 'Maria Alvarez'), resource: 'contacts' }
    const folder = await firm.create('folders', { name: 'Court', parent: matterOf(firm) })
    for (const parent of [client, folder]) await firm.done(paper(firm, { parent, name: 'Passport' }))
    const bodies = entriesOf(firm, 'POST').map(entry => (entry.body as { data: JsonObject }).data)
    expect(bodies.slice(1)).toMatchObject([
      { name: 'Passport', parent: { type: 'Contact' } },
      { name: 'Passport', parent: { type: 'Folder' } },
    ])
  })

  it('carries the mark of its step and the subject of its event', async () => {
    const firm = start({ subject: 'booking-7' })
    const { id } = await firm.done(paper(firm))
    expect(firm.record('documents', id).external_properties).toMatchObject([
      { name: markName, value: 'run-1/rule/step' },
      { name: subjectName, value: 'booking-7' },
    ])
  })

  it.each([
    ['a text', 'passport.pdf', 'one file of the event'],
    ['all files at once', [file], 'one file of the event'],
    ['a file that stands nowhere', { name: 'a.pdf' }, 'one file of the event'],
  ])('is not begun with %s for content', async (_, content, said) => {
    const firm = start()
    expect(await firm.parked(paper(firm, { content: content as unknown as Json }))).toContain(said)
    expect(entriesOf(firm, 'POST')).toEqual([])
  })
})

describe('the address for the bytes', () => {
  it('is in nothing that is kept', async () => {
    const firm = start()
    const { past } = await firm.carryOut(paper(firm))
    expect(JSON.stringify(past)).not.toContain('_storage')
    expect(past[0]!.answer).toMatchObject({ data: { latest_document_version: { uuid: expect.any(String) } } })
  })

  it('is told by the first answer, under the look-up that would ask for it', async () => {
    const firm = start()
    const next = await advance(paper(firm), [], firm.clio)
    if (!('call' in next)) throw new Error('no call')
    const { told } = withoutTarget(await firm.send(next.call))
    const asked = await firm.clio.read(told!.call)
    expect(targetOf(told!.answer)).toEqual(targetOf(asked))
    expect(targetOf(asked)?.headers).toContainEqual(['x-amz-server-side-encryption', 'AES256'])
  })

  it('is no place once the bytes are there', () => {
    expect(targetOf({ data: { id: 1, latest_document_version: { uuid: 'u', fully_uploaded: true } } })).toBeNull()
    expect(targetOf({ data: { id: 1, latest_document_version: null } })).toBeNull()
  })

  it('is asked anew when its eight hours are over', async () => {
    const firm = start()
    const begun = await advance(paper(firm), [], firm.clio)
    if (!('call' in begun)) throw new Error('no call')
    const outcome = await firm.send(begun.call)
    if (outcome.kind !== 'applied') throw new Error(outcome.message)
    const { told, kept } = withoutTarget(outcome)
    firm.pass(9 * 3_600_000)
    const late = await putFile('1', targetOf(told!.answer)!, { body: bytes, size: bytes.length }, firm.gateway)
    expect(late).toMatchObject({ kind: 'refused', status: 403 })
    const past = [pastOf(begun.call, kept as typeof outcome)]
    const next = await advance(paper(firm), past, firm.clio)
    if (!('call' in next) || late.kind === 'unknown') throw new Error('no call')
    const { output } = await firm.carryOut(paper(firm), [...past, pastOf(next.call, late)])
    expect(await stands(firm, output!.id)).toBe('%PDF-1.7 passport')
    expect(entriesOf(firm, 'POST')).toHaveLength(1)
  })

  it('is given up when storage refuses it again and again, in words for a person', async () => {
    const firm = start()
    firm.sandbox.trouble.add({ method: 'PUT', path: '^_storage$', action: { do: 'fail', status: 403 } })
    expect(await firm.parked(paper(firm))).toBe('Clio’s storage refused the upload (403).')
  })

  it('is not tried again when storage refuses for another reason', async () => {
    const firm = start()
    firm.sandbox.trouble.add({ method: 'PUT', path: '^_storage$', action: { do: 'fail', status: 400 } })
    const { park, past } = await firm.carryOut(paper(firm))
    expect(park).toContain('(400)')
    expect(past.filter(({ call }) => call.method === 'PUT')).toHaveLength(1)
  })
})

describe('what storage answers', () => {
  const target = {
    uuid: 'u',
    url: 'http://sandbox.example/_storage/smith/u',
    headers: [['content-type', 'a/b']],
  } as const
  const answering =
    (status: number): typeof fetch =>
    async () =>
      new Response(null, { status })
  const put = (fetch: typeof globalThis.fetch) =>
    putFile('9', target, { body: bytes, size: bytes.length }, { fetch, timeout: 1000 })

  it.each([408, 429, 500, 503])('%i leaves it open whether the bytes are there', async status => {
    expect(await put(answering(status))).toMatchObject({ kind: 'unknown', status })
  })

  it('nothing at all does so too', async () => {
    expect(await put(() => Promise.reject(new TypeError('reset')))).toMatchObject({ kind: 'unknown', status: null })
  })

  it('is a refusal otherwise; a redirect is not followed with the bytes', async () => {
    expect(await put(answering(404))).toMatchObject({ kind: 'refused', status: 404 })
    expect(await put(answering(307))).toMatchObject({ kind: 'refused', status: 307 })
  })

  it('gets the signed headers and no other', async () => {
    let sent = new Headers()
    await put(async (_url, init) => {
      sent = new Headers(init?.headers)
      return new Response()
    })
    expect([...sent]).toEqual([['content-type', 'a/b']])
  })

  it('to a token is a refusal, and the sandbox counts it', async () => {
    const firm = start()
    const { id } = await firm.done(paper(firm))
    const location = `http://sandbox.example/clio/api/v4/documents/${id}/download`
    const headers = { authorization: `Bearer ${firm.sandbox.key}` }
    const { headers: answered } = await firm.gateway.fetch(location, { headers, redirect: 'manual' })
    expect((await firm.gateway.fetch(answered.get('location')!, { headers })).status).toBe(400)
    expect(firm.sandbox.ledger.view().leaks).toBe(1)
  })
})

describe('bytes that Clio does not find', () => {
  const lost = { method: 'PATCH', action: { do: 'fail', status: 422, message: 'UploadNotFoundError' } } as const

  it('are brought once more', async () => {
    const firm = start()
    firm.sandbox.trouble.add({ ...lost, times: 1 })
    const { output, past } = await firm.carryOut(paper(firm))
    expect(past.map(({ call }) => call.method)).toEqual(['POST', 'PUT', 'PATCH', 'PUT', 'PATCH'])
    expect(await stands(firm, output!.id)).toBe('%PDF-1.7 passport')
  })

  it('are not brought for ever', async () => {
    const firm = start()
    firm.sandbox.trouble.add(lost)
    expect(await firm.parked(paper(firm))).toContain('UploadNotFoundError')
  })

  it('of a document that somebody deleted meanwhile are left alone', async () => {
    const firm = start()
    firm.sandbox.trouble.add({ method: 'PATCH', times: 1, action: { do: 'fail', status: 404, message: 'gone' } })
    const { park, past } = await firm.carryOut(paper(firm))
    expect(park).toContain('gone')
    expect(past.filter(({ call }) => call.method === 'PUT')).toHaveLength(1)
  })
})

describe('a new version', () => {
  const version = (firm: Firm, of: Json | undefined): Intent =>
    paper(firm, { parent: { id: of ?? null, resource: 'documents' } })

  it('belongs to the document that was there, which keeps its mark', async () => {
    const firm = start()
    const first = await firm.done(paper(firm))
    const marks = firm.record('documents', first.id).external_properties
    firm.kept.set(file.key, new TextEncoder().encode('%PDF-2') as Uint8Array<ArrayBuffer>)
    const second = await firm.done(version(firm, first.id))
    expect(second.id).toBe(first.id)
    expect(await stands(firm, first.id)).toBe('%PDF-2')
    expect(firm.record('documents', first.id).external_properties).toEqual(marks)
    expect(firm.record('documents', first.id).document_versions).toHaveLength(2)
  })

  it('is not begun beside another of the same document', async () => {
    const firm = start()
    const { id } = await firm.done(paper(firm))
    await firm.done(version(firm, id))
    expect(firm.taken).toEqual([`document ${id}`])
  })

  it('whose answer was lost is found among the versions, and made once', async () => {
    const firm = start()
    const { id } = await firm.done(paper(firm))
    const next = await advance(version(firm, id), [], firm.clio)
    if (!('call' in next)) throw new Error('no call')
    expect(await firm.look(next.call, 'documents')).toEqual({ kind: 'absent' })
    await firm.send(next.call)
    const found = await firm.look(next.call, 'documents')
    expect(found).toMatchObject({ kind: 'adopt', record: String(id) })
    await firm.send(next.call)
    expect(await firm.look(next.call, 'documents')).toMatchObject({ kind: 'doubtful' })
  })
})

describe('a document whose first answer was lost', () => {
  it('is found by its mark though nobody sees it yet', async () => {
    const firm = start({ subject: 'form-1' })
    const next = await advance(paper(firm), [], firm.clio)
    if (!('call' in next)) throw new Error('no call')
    expect(await firm.look(next.call, 'documents')).toEqual({ kind: 'absent' })
    await firm.send(next.call)
    const found = await firm.look(next.call, 'documents')
    if (found.kind !== 'adopt') throw new Error(found.kind)
    const adopted = { call: next.call, applied: true, status: 201, message: '', ...found }
    const { output } = await firm.carryOut(paper(firm), [adopted])
    expect(await stands(firm, output!.id)).toBe('%PDF-1.7 passport')
    expect(entriesOf(firm, 'POST')).toHaveLength(1)
  })
})

describe('a download', () => {
  it('of what is not there says so in Clio’s words', async () => {
    const firm = start()
    await expect(download(1, firm.gateway)).rejects.toThrow('Document 1 cannot be downloaded')
  })

  it('asks storage without the gateway’s key', async () => {
    const firm = start()
    const { id } = await firm.done(paper(firm))
    expect((await download(String(id), firm.gateway)).status).toBe(200)
    expect(firm.sandbox.ledger.view().leaks).toBe(0)
    expect(targetCall('9').path).toBe('documents/9')
  })
})
