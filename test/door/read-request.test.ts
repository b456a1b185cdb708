import { describe, expect, it } from 'vitest'
import { Kept } from '../../src/door/keep-bytes.ts'
import { streamForm, textMost } from '../../src/door/read-request.ts'
import { type Bytes, concat, utf8 } from '../../src/lib/encoding.ts'
import { partBytes } from '../../src/platform/file-writer.ts'
import { parseMultipart } from '../../src/reading/body/multipart.ts'
import { keyedFiles, keyedParts } from '../../src/reading/keys.ts'

const type = 'multipart/form-data; boundary=b'
const limits = { types: ['application/pdf'], maxBytes: 26_214_400, most: 10 }
const maxBytes = 27_262_976
const head = (named: string) => `--b\r\nContent-Disposition: form-data; ${named}\r\n\r\n`

/** A store that counts. */
class Shelf {
  stored = 0
  removed: string[] = []
  aborted = 0
  async put(_key: string, bytes: Bytes): Promise<void> {
    this.stored += bytes.length
  }
  async createMultipartUpload() {
    return {
      uploadPart: async (partNumber: number, bytes: Bytes) => {
        this.stored += bytes.length
        return { partNumber, etag: '' }
      },
      complete: async () => {},
      abort: async () => void this.aborted++,
    }
  }
  async delete(keys: string[]): Promise<void> {
    this.removed.push(...keys)
  }
}

/** A request whose body comes in pieces, each when it is asked for. */
function sent(pieces: Iterator<Bytes>, asked: (bytes: Bytes) => void = () => {}): Request {
  const body = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const { value, done } = pieces.next()
      if (done) {
        controller.close()
        controller.byobRequest?.respond(0)
      } else {
        asked(value)
        controller.enqueue(value)
      }
    },
  })
  return new Request('https://docketed.example/', { method: 'POST', headers: { 'content-type': type }, body })
}

function* piecesOf(body: Bytes, size: number): Generator<Bytes> {
  for (let at = 0; at < body.length; at += size) yield body.slice(at, at + size)
}

const read = (request: Request, shelf = new Shelf()) => streamForm(request, limits, maxBytes, new Kept(shelf, 'smith'))

describe('a form with files', () => {
  const body = concat(
    utf8(`${head('name="name"')}Jos\u00e9\r\n${head('name="empty"; filename=""')}\r\n${head('name="none"')}\r\n`),
    utf8(`${head('name="doc"; filename="a.pdf"')}%PDF-1.7\r\n--\r\n--a\r\n--c\r\n`),
    utf8(`${head('name="scan"; filename*=utf-8\'\'r%C3%A9.pdf')}%PDF-1.4 x\r\n--b--\r\nepilogue`),
  )

  it.each([1, 2, 3, 7, 64, 10_000])('is the same in pieces of %d bytes as when it is held, its key too', async size => {
    const streamed = await read(sent(piecesOf(body, size)))
    const held = (await parseMultipart(body, type, 9))!
    if (typeof streamed === 'string' || !streamed.parts) throw new Error(String(streamed))
    const told = (parts: typeof held) => parts.map(({ name, filename, size }) => [name, filename, size])
    expect(told([...streamed.parts])).toEqual(told(held))
    expect(streamed.size).toBe(body.length)
    const keyed = async (parts: typeof held) => {
      const { answers, files } = keyedParts(parts)!
      return { answers, files: await keyedFiles(files) }
    }
    expect(await keyed([...streamed.parts])).toEqual(await keyed(held))
  })

  it('of 25 MB never stands in memory: what has come and is not stored yet is one part and a little', async () => {
    const shelf = new Shelf()
    let came = 0
    let most = 0
    function* pieces(): Generator<Bytes> {
      yield utf8(`${head('name="doc"; filename="a.pdf"')}%PDF-1.7 `)
      for (let n = 0; n < 400; n++) yield new Uint8Array(62_500).fill(n)
      yield utf8('\r\n--b--\r\n')
    }
    const request = sent(pieces(), bytes => {
      came += bytes.length
      most = Math.max(most, came - shelf.stored)
    })
    expect(await read(request, shelf)).toMatchObject({ parts: [{ size: 25_000_009 }] })
    expect(shelf.stored).toBeGreaterThan(25_000_000)
    expect(most).toBeLessThan(partBytes + 512 * 1024)
  })

  it('of more files than may come, or more bytes, has no more than those stored', async () => {
    const shelf = new Shelf()
    const file = `${head('name="doc"; filename="a.pdf"')}${'x'.repeat(1000)}\r\n`
    const request = sent(piecesOf(utf8(`${file.repeat(12)}--b--\r\n`), 4096))
    expect(await read(request, shelf)).toMatchObject({ parts: { length: 12 } })
    expect(shelf.stored).toBe(10 * 1016)
  })

  it('of answers that no event has room for is not read to its end', async () => {
    let came = 0
    function* pieces(): Generator<Bytes> {
      yield utf8(head('name="note"'))
      for (let n = 0; n < 200; n++) yield new Uint8Array(100_000)
    }
    const request = sent(pieces(), bytes => {
      came += bytes.length
    })
    expect(await read(request)).toBe('too-much')
    expect(came).toBeLessThan(textMost + 400_000)
  })

  it('that breaks off half way leaves nothing behind', async () => {
    const shelf = new Shelf()
    function* pieces(): Generator<Bytes> {
      yield utf8(head('name="doc"; filename="a.pdf"'))
      for (let n = 0; n < 120; n++) yield new Uint8Array(62_500)
      throw new Error('gone')
    }
    expect(await read(sent(pieces()), shelf)).toBe('cut')
    expect(shelf.aborted).toBe(1)
  })

  it.each([
    ['no boundary at its end', `${head('name="a"')}x`],
    ['a head without end', `--b\r\nContent-Disposition: form-data; name="${'a'.repeat(200_000)}`],
    ['nothing at all', ''],
  ])('with %s is none', async (_, text) => {
    expect(await read(sent(piecesOf(utf8(text), 5000)))).toMatchObject({ parts: null })
  })
})
