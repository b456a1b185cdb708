import { env } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readConfiguration } from '../../../src/configuration/configuration.ts'
import type { Json } from '../../../src/lib/json.ts'
import type { InboundEvent, InboundFile } from '../../../src/model/event.ts'
import { opened, sealedSize } from '../../../src/platform/frames.ts'
import { allowedType } from '../../../src/reading/body/file-types.ts'
import { parseMultipart } from '../../../src/reading/body/multipart.ts'
import { safeName } from '../../../src/reading/body/uploads.ts'
import { openDoor } from '../../door/door.ts'

const takes = { types: ['application/pdf', 'image/*', 'text/plain'] }
const open = (files: Json = takes, setup: Partial<Parameters<typeof openDoor>[0]> = {}) =>
  openDoor({ endpoints: { website: { source: 'form', ...(files && { files }) } }, ...setup })
type Opened = Awaited<ReturnType<typeof open>>

const pdf = '%PDF-1.7\n'
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1)

interface Sent {
  name: string
  type?: string
  content?: string | Uint8Array<ArrayBuffer>
  field?: string
}

/** A form as a browser posts it, with files. */
function post(files: Sent[], answers: Record<string, string> = { name: 'Jordan Novak' }, headers = {}): RequestInit {
  const body = new FormData()
  for (const [name, value] of Object.entries(answers)) body.append(name, value)
  for (const { name, type = 'application/pdf', content = pdf, field = 'papers' } of files)
    body.append(field, new File([content], name, { type }))
  return { method: 'POST', headers, body }
}

const problemOf = async (response: Response) => {
  const body = (await response.json()) as { type: string }
  return [response.status, body.type.replace('urn:docketed:problem:', '')]
}

/** The names under which something is kept for a firm. */
async function kept(firm: string): Promise<string[]> {
  const { objects } = await env.FILES.list({ prefix: `${firm}/` })
  return objects.map(({ key }) => key)
}

/** What is kept of the files of an event, opened with the keys that it holds. */
async function openedOf({ files, seals = {} }: InboundEvent): Promise<string[]> {
  const texts = files.map(async ({ key = '', size }) => {
    const stored = (await env.FILES.get(key))!
    expect(stored.size).toBe(sealedSize(size))
    const seal = Uint8Array.from(Buffer.from(seals[key]!, 'base64'))
    return new Response(opened(stored.body, seal, size, () => expect.unreachable())).text()
  })
  return Promise.all(texts)
}

const filesOf = ({ docket }: Opened, claim = 0): InboundFile[] => docket.claims[claim]!.deliveries[0]!.event.files

beforeEach(() => {
  for (const kind of ['warn', 'error'] as const) vi.spyOn(console, kind).mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('files that come with a form', () => {
  it('are kept, and the event names each with the key of its bytes', async () => {
    const door = await open()
    const photo: Sent = { name: 'photo.png', type: 'image/png', content: png, field: 'photo' }
    expect((await door.send('website', post([{ name: 'a.pdf' }, photo]))).status).toBe(202)
    const files = filesOf(door)
    expect(files).toEqual([
      { name: 'a.pdf', content_type: 'application/pdf', size: 9, field: 'papers', key: expect.any(String) },
      { name: 'photo.png', content_type: 'image/png', size: 9, field: 'photo', key: expect.any(String) },
    ])
    expect(files[0]!.key).toMatch(new RegExp(`^${door.firm}/[0-9a-f-]{36}/0$`))
    expect(await openedOf(door.docket.claims[0]!.deliveries[0]!.event)).toEqual([pdf, new TextDecoder().decode(png)])
    expect(await kept(door.firm)).toHaveLength(2)
  })

  it('are no answers, and their bytes do not go to the Docket', async () => {
    const door = await open()
    await door.send('website', post([{ name: 'a.pdf' }]))
    const [delivery] = door.docket.claims[0]!.deliveries
    expect(delivery!.event.fields).toEqual({ name: 'Jordan Novak' })
    expect(delivery).not.toHaveProperty('contents')
  })

  it('are refused where the endpoint does not take any, as is a file sent to a door that takes no multipart', async () => {
    const door = await open(null)
    expect(await problemOf(await door.send('website', post([{ name: 'a.pdf' }])))).toEqual([415, 'files-not-accepted'])
    expect(door.docket.claims).toEqual([])
  })

  it('of no bytes are none: a field that was left empty sends one, and one that somebody chose is named', async () => {
    const door = await open()
    const empty: Sent = { name: '', type: 'application/octet-stream', content: '' }
    const chosen: Sent = { name: 'C:\\b.pdf', content: '' }
    expect((await door.send('website', post([empty]))).status).toBe(202)
    expect((await door.send('website', post([empty, chosen]))).status).toBe(202)
    expect(filesOf(door)).toEqual([])
    expect(door.docket.claims.map(({ deliveries }) => deliveries[0]!.event.fields['Files not taken'])).toEqual([
      undefined,
      ['b.pdf'],
    ])
    expect(await kept(door.firm)).toEqual([])
  })

  it('of a robot are kept with its run: a person may say that it was none', async () => {
    const door = await open()
    await door.send('website', post([{ name: 'a.pdf' }], { _gotcha: 'x' }))
    expect(door.docket.claims[0]!.deliveries[0]!.spam).toBeDefined()
    expect(await kept(door.firm)).toHaveLength(1)
  })
})

describe('the same form', () => {
  it('with the same file is the same event, and its second set of bytes is removed', async () => {
    const door = await open()
    for (const duplicate of [false, true])
      expect(await (await door.send('website', post([{ name: 'a.pdf' }]))).json()).toMatchObject({
        run: 'run-1',
        duplicate,
      })
    expect(await kept(door.firm)).toEqual([filesOf(door)[0]!.key])
  })

  it.each([
    ['other bytes', { name: 'a.pdf', content: `${pdf}2` }],
    ['another name', { name: 'b.pdf' }],
  ])('with %s is another event', async (_, other) => {
    const door = await open()
    await door.send('website', post([{ name: 'a.pdf' }]))
    expect(await (await door.send('website', post([other]))).json()).toMatchObject({ run: 'run-2', duplicate: false })
    expect(await kept(door.firm)).toHaveLength(2)
  })

  it('without a file is the event that it is on a form that takes none', async () => {
    const [door, plain] = [await open(), await open(null)]
    for (const each of [door, plain]) await each.send('website', post([]))
    expect(door.docket.claims[0]!.deliveries[0]!.key).toEqual(plain.docket.claims[0]!.deliveries[0]!.key)
  })

  it('under the caller’s own key with another file is a conflict, and nothing of it stays', async () => {
    const door = await open()
    const key = { 'idempotency-key': 'k-1' }
    await door.send('website', post([{ name: 'a.pdf' }], {}, key))
    const again = await door.send('website', post([{ name: 'a.pdf', content: `${pdf}2` }], {}, key))
    expect(await problemOf(again)).toEqual([422, 'idempotency-conflict'])
    expect(await kept(door.firm)).toHaveLength(1)
  })
})

describe('nothing is acknowledged before it is durable', () => {
  it('a store that fails: 503, no claim, and what was stored before is removed', async () => {
    let puts = 0
    const files = {
      put: (key: string, bytes: Uint8Array<ArrayBuffer>) =>
        ++puts === 2 ? Promise.reject(new Error('R2 is down')) : env.FILES.put(key, bytes),
      createMultipartUpload: (key: string) => env.FILES.createMultipartUpload(key),
      delete: (keys: string[]) => env.FILES.delete(keys),
    }
    const door = await open(takes, { files })
    const response = await door.send('website', post([{ name: 'a.pdf' }, { name: 'b.pdf' }]))
    expect(await problemOf(response)).toEqual([503, 'files-not-kept'])
    expect(response.headers.get('retry-after')).toBe('5')
    expect(door.docket.claims).toEqual([])
    expect(await kept(door.firm)).toEqual([])
  })

  it('a Docket that cannot be reached: it may have them, so they stay until the sweep', async () => {
    const door = await open()
    door.docket.broken = new Error('gone')
    expect((await door.send('website', post([{ name: 'a.pdf' }]))).status).toBe(503)
    expect(await kept(door.firm)).toHaveLength(1)
  })

  it('a configuration that changed meanwhile: read again, kept once', async () => {
    const door = await open()
    door.docket.newest = door.mirror(2, { website: { source: 'form', files: takes } })
    expect((await door.send('website', post([{ name: 'a.pdf' }]))).status).toBe(202)
    expect(await kept(door.firm)).toEqual([filesOf(door)[0]!.key])
  })

  it('a store that cannot remove is no reason to refuse', async () => {
    const files = {
      put: (key: string, bytes: Uint8Array<ArrayBuffer>) => env.FILES.put(key, bytes),
      createMultipartUpload: (key: string) => env.FILES.createMultipartUpload(key),
      delete: () => Promise.reject(new Error('R2 is down')),
    }
    const door = await open(takes, { files })
    for (let n = 0; n < 2; n++) expect((await door.send('website', post([{ name: 'a.pdf' }]))).status).toBe(202)
  })
})

describe('where there is no bucket', () => {
  it('an event is taken with its answers, says which files were left out, and is the same event when it comes again', async () => {
    const door = await open(takes, { files: null })
    const sent = () =>
      door.send('website', post([{ name: 'lease.pdf' }, { name: 'photo.png', content: png, type: 'image/png' }]))
    const first = await sent()
    expect(first.status).toBe(202)
    const { event } = door.docket.claims[0]!.deliveries[0]!
    expect(event.files).toEqual([])
    expect(event.seals).toBeUndefined()
    expect(event.fields).toEqual({ name: 'Jordan Novak', 'Files not taken': ['lease.pdf', 'photo.png'] })
    const again = (await (await sent()).json()) as { duplicate: boolean }
    expect(again.duplicate).toBe(true)
    expect(await kept(door.firm)).toEqual([])
  })

  it('files of a kind that is not taken are refused all the same', async () => {
    const door = await open(takes, { files: null })
    expect(
      await problemOf(
        await door.send('website', post([{ name: 'a.exe', content: 'MZ', type: 'application/x-msdownload' }])),
      ),
    ).toEqual([415, 'file-type'])
  })
})

describe('what is too much', () => {
  it('is refused by the bytes of all files together, by their number, and by the whole body', async () => {
    const door = await open({ ...takes, maxBytes: 20, most: 2 })
    const small = (name: string): Sent => ({ name, content: '%PDF-12' })
    const cases: [Sent[], string][] = [
      [[small('a.pdf'), small('b.pdf')], ''],
      [[small('a.pdf'), { name: 'b.pdf', content: '%PDF-1234567890' }], 'files-too-large'],
      [[small('a.pdf'), small('b.pdf'), small('c.pdf')], 'too-many-files'],
      [[{ name: 'a.pdf', content: pdf + ' '.repeat(1_048_600) }], 'too-large'],
    ]
    for (const [files, code] of cases) {
      const response = await door.send('website', post(files))
      if (code === '') expect(response.status).toBe(202)
      else expect(await problemOf(response)).toEqual([413, code])
    }
    expect(door.docket.claims).toHaveLength(1)
  })

  it('leaves room for the answers: files up to the cap, and half a megabyte besides', async () => {
    const door = await open({ ...takes, maxBytes: 1_048_576 })
    const content = pdf + ' '.repeat(1_048_576 - pdf.length)
    const message = 'x'.repeat(500_000)
    expect((await door.send('website', post([{ name: 'a.pdf', content }], { message }))).status).toBe(202)
  })
})

describe('the kind of a file', () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)
  it.each<[string, Sent]>([
    ['a PDF', { name: 'a.pdf' }],
    ['a PDF in capitals', { name: 'A.PDF', type: 'Application/PDF' }],
    ['a PDF with some bytes before it', { name: 'a.pdf', content: `\u{FEFF}\n${pdf}` }],
    ['a picture', { name: 'a.jpg', type: 'image/jpeg', content: jpeg }],
    ['a picture that a phone names otherwise', { name: 'a.jpg', type: 'image/pjpeg', content: jpeg }],
    ['a text, with its encoding', { name: 'a.txt', type: 'text/plain; charset=utf-8', content: 'x' }],
    ['a PDF from a program that knows no types', { name: 'a.pdf', type: 'application/octet-stream' }],
    ['a PDF under an old name of its type', { name: 'a.pdf', type: 'application/x-pdf' }],
    ['a PDF from a program that says only what to do with it', { name: 'a.pdf', type: 'application/force-download' }],
    ['a PDF that a script made and did not name', { name: 'blob' }],
    ['a PDF whose name ends in a number', { name: 'lease v1.2' }],
    ['a picture as browsers of Windows save it', { name: 'a.jfif', type: 'image/jpeg', content: jpeg }],
    ['a kind of picture that nobody here knows', { name: 'a.avif', type: 'image/avif', content: 'x' }],
  ])('is taken: %s', async (_, file) => {
    const door = await open()
    expect((await door.send('website', post([file]))).status).toBe(202)
  })

  it.each<[string, Sent]>([
    ['of a type that is not among them', { name: 'a.zip', type: 'application/zip', content: 'PK' }],
    ['a program that calls itself a PDF', { name: 'a.exe', content: pdf }],
    ['a page that calls itself a text', { name: 'a.html', type: 'text/plain', content: '<script>' }],
    ['without an extension, of other bytes', { name: 'a', content: 'MZ' }],
    ['a text without an extension', { name: 'a', type: 'text/plain', content: 'x' }],
    ['a PDF by name alone', { name: 'a.pdf', content: 'MZ' }],
    ['a picture by name alone', { name: 'a.png', type: 'image/png', content: pdf }],
    ['a picture of another kind than it says', { name: 'a.jpg', type: 'image/jpeg', content: png }],
    ['of another type than its name says', { name: 'a.docx', content: pdf }],
    ['a picture that can hold a script', { name: 'a.svg', type: 'image/svg+xml', content: '<svg/>' }],
    ['a picture that is a page by its name', { name: 'a.html', type: 'image/x-page', content: 'x' }],
    ['a picture that is a program by its name', { name: 'a.exe', type: 'image/x-program', content: 'MZ' }],
    ['a name of two kinds', { name: 'a.pdf.exe', content: pdf }],
  ])('is refused: %s', async (_, file) => {
    const door = await open()
    const response = await door.send('website', post([{ name: 'good.pdf' }, file]))
    expect(await problemOf(response)).toEqual([415, 'file-type'])
    expect(door.docket.claims).toEqual([])
    expect(await kept(door.firm)).toEqual([])
  })

  it.each([
    ['text/csv', 'list.csv', 'application/vnd.ms-excel'],
    ['text/csv', 'list.csv', 'text/comma-separated-values'],
    ['application/rtf', 'letter.rtf', 'text/rtf'],
    ['application/msword', 'letter.doc', 'application/vnd.ms-word'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'letter.docx', 'application/zip'],
    ['audio/mpeg', 'voice.mp3', 'audio/mp3'],
  ])('is %s: %s as %s', (type, name, named) => {
    expect(allowedType(named, name, new Uint8Array(), [type])).toBe(type)
  })

  it('and whatever else is wrong is told a browser in a page that quotes nothing', async () => {
    const door = await open()
    const response = await door.send('website', post([{ name: '<b>.exe', content: 'MZ' }], {}, { accept: 'text/html' }))
    const html = await response.text()
    expect([response.status, response.headers.get('content-type')]).toEqual([415, 'text/html; charset=utf-8'])
    expect(html).toContain('Please attach PDFs, images or text files.')
    expect(html).not.toContain('.exe')
  })
})

describe('the name of a file', () => {
  it.each([
    ['passport.pdf', 'passport.pdf'],
    ['../../etc/passwd.pdf', 'passwd.pdf'],
    ['C:\\Users\\Jane\\My scan.pdf', 'My scan.pdf'],
    ['a\u0000b\r\nc.pdf', 'abc.pdf'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['what? "really": <yes>|no*.pdf', 'what_ _really__ _yes__no_.pdf'],
    ['scan.pdf. . .', 'scan.pdf'],
    ['...hidden.pdf', 'hidden.pdf'],
    ['.pdf', 'file.pdf'],
    ['', 'file'],
    ['..', 'file'],
    ['Zu\u0308rich.pdf', 'Z\u00FCrich.pdf'],
    ['契約書.pdf', '契約書.pdf'],
  ])('%j becomes %j', (given, safe) => {
    expect(safeName(given)).toBe(safe)
  })

  it('has at most 120 characters, none of them halved, and keeps its extension', () => {
    expect(safeName(`${'a'.repeat(300)}.pdf`)).toBe(`${'a'.repeat(116)}.pdf`)
    const cut = safeName(`${'😀'.repeat(100)}.pdf`)
    expect(cut).toBe(`${'😀'.repeat(58)}.pdf`)
    expect(safeName('x'.repeat(300))).toHaveLength(120)
  })

  it('is read as browsers and as other programs write it', async () => {
    const read = async (name: string) => {
      const text = `--b\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\nx\r\n--b--\r\n`
      const bytes = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>
      return (await parseMultipart(bytes, 'multipart/form-data; boundary=b', 9))?.[0]?.filename
    }
    expect(await read('a%22b%0D%0A.pdf')).toBe('a"b\r\n.pdf')
    expect(await read('a\\"b.pdf')).toBe('a"b.pdf')
    expect(await read('C:\\dir\\a.pdf')).toBe('C:\\dir\\a.pdf')
    expect(await read('100%.pdf')).toBe('100%.pdf')
    expect(await read('名.pdf')).toBe('名.pdf')
  })
})

describe('multipart', () => {
  const parse = (text: string, type = 'multipart/form-data; boundary=b', most = 9) =>
    parseMultipart(
      Uint8Array.from(text, char => char.charCodeAt(0)),
      type,
      most,
    )
  const part = (value: string, name = 'a') =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

  it('copies nothing of a body that is held: a part is a view', async () => {
    const body = new TextEncoder().encode(`${part('value')}--b--\r\n`) as Uint8Array<ArrayBuffer>
    const [first] = (await parseMultipart(body, 'multipart/form-data; boundary=b', 9))!
    expect(first!.bytes.buffer).toBe(body.buffer)
  })

  it('keeps bytes that look nearly like a boundary', async () => {
    const value = '\r\n--\r\n--a\r\n-b\r\r\n--'
    const [first] = (await parse(`${part(value)}--b--\r\n`))!
    expect(new TextDecoder().decode(first!.bytes)).toBe(value)
  })

  it.each([
    ['a preamble and an epilogue', `hello\r\n${part('1')}--b--\r\nbye`],
    ['blanks behind the boundary', `${part('1').replace('--b\r\n', '--b \t\r\n')}--b--`],
    ['an empty part', `${part('')}--b--`],
    ['no parts', '--b--\r\n'],
  ])('may have %s', async (_, text) => expect(await parse(text)).not.toBeNull())

  it('is nothing without a boundary, and takes a quoted one', async () => {
    expect(await parse(`${part('1')}--b--`, 'multipart/form-data')).toBeNull()
    expect(await parse(`${part('1')}--b--`, 'multipart/form-data; charset=x; Boundary="b"')).toHaveLength(1)
  })

  it('of endless parts is not read to its end', async () => {
    expect(await parse(part('1').repeat(50), undefined, 9)).toHaveLength(10)
  })

  it('of anything is parts or nothing, and never an exception', async () => {
    const alphabet = [
      '--b',
      '\r\n',
      '--',
      ': ',
      ';',
      'name="',
      '"',
      'form-data',
      'Content-Disposition',
      '\u00FF',
      '\\',
      '%',
    ]
    let seed = 7
    const next = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % n
    }
    for (let n = 0; n < 3000; n++) {
      const text = Array.from({ length: next(20) }, () => alphabet[next(alphabet.length)]).join('')
      await expect(parse(text)).resolves.toSatisfy(parts => parts === null || Array.isArray(parts))
    }
  })
})

describe('the option files', () => {
  const saved = (files: Json) =>
    readConfiguration(
      JSON.stringify({
        timezone: 'America/New_York',
        country: 'US',
        endpoints: { w: { source: 'form', files } },
        rules: [],
      }),
    ).ok

  it('names types, and may name the most bytes and files', () => {
    expect(saved({ types: ['application/pdf', 'image/*'], maxBytes: 1000, most: 3 })).toBe(true)
  })

  it.each<[string, Json]>([
    ['no types', {}],
    ['an empty list of types', { types: [] }],
    ['an extension for a type', { types: ['.pdf'] }],
    ['everything', { types: ['*/*'] }],
    ['more than the memory of a Worker can bear', { types: ['image/*'], maxBytes: 26_214_401 }],
    ['more files than can be stored before the answer', { types: ['image/*'], most: 21 }],
    ['another key', { types: ['image/*'], max: 1 }],
  ])('is refused with %s', (_, files) => expect(saved(files)).toBe(false))
})
