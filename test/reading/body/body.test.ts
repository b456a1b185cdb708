import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/lib/encoding.ts'
import { mediaType, parseJson, parseUrlencoded, readAnswers, readJson } from '../../../src/reading/body/body.ts'
import { inbound } from '../../door/requests.ts'

const urlencoded = (body: string | Uint8Array<ArrayBuffer>) =>
  readAnswers(inbound({ headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }, body }))
const json = (value: unknown) =>
  readAnswers(
    inbound({
      headers: { 'content-type': 'application/json' },
      body: typeof value === 'string' ? value : JSON.stringify(value),
    }),
  )
const multipart = (body: string) =>
  readAnswers(inbound({ headers: { 'content-type': 'multipart/form-data; boundary=xyz' }, body }))
const part = (name: string, value: string, more = '') =>
  `--xyz\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`

const problemCode = (code: string, status = 400) => ({ ok: false, problem: { status, code } })

describe('JSON', () => {
  it('keeps the digits of whole numbers that a double would round: they are ids', () => {
    expect(parseJson('{"id":12345678901234567890,"n":42,"x":1.5,"big":1e30}')).toEqual({
      id: '12345678901234567890',
      n: 42,
      x: 1.5,
      big: 1e30,
    })
    expect(parseJson('{"id":9007199254740993}')).toEqual({ id: '9007199254740993' })
    expect(parseJson('{"id":9007199254740991}')).toEqual({ id: 9007199254740991 })
  })

  it('refuses what is not JSON, not UTF-8, or empty', () => {
    for (const text of ['', '{', "{'a':1}", '{"a":1}x', 'undefined', 'NaN']) expect(parseJson(text)).toBeUndefined()
    expect(readJson(inbound({ body: new Uint8Array([0x22, 0xe1]) }))).toMatchObject(problemCode('malformed-body'))
  })

  it('takes 64 levels and no more, without exhausting the stack', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(parseJson(nested(64))).toBeDefined()
    expect(parseJson(nested(65))).toBeUndefined()
    expect(parseJson(nested(200_000))).toBeUndefined()
    expect(parseJson(`[1234567890123456789,${nested(200_000)}]`)).toBeUndefined()
  })

  it('refuses a key that would assign a prototype, however it is spelt, and keeps other odd names as data', () => {
    expect(parseJson('{"a":{"__proto__":{"admin":true}}}')).toBeUndefined()
    expect(parseJson('{"\\u005f_proto__":1}')).toBeUndefined()
    const odd = parseJson('{"constructor":{"prototype":{"admin":true}},"toString":"x"}') as Record<string, unknown>
    expect(Object.keys(odd)).toEqual(['constructor', 'toString'])
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })
})

describe('URL-encoded pairs', () => {
  it('are read in order, with plus as a space and empty parts passed over', () => {
    expect(parseUrlencoded(utf8('a=1+2&&b=%C3%A9&c&=d&a=x=y'))).toEqual([
      ['a', '1 2'],
      ['b', 'é'],
      ['c', ''],
      ['', 'd'],
      ['a', 'x=y'],
    ])
  })

  it('keep a percent sign that encodes nothing, as programs send it that encode nothing', () => {
    expect(parseUrlencoded(utf8('a=%&b=50%+off&c=%zz&%=1'))).toEqual([
      ['a', '%'],
      ['b', '50% off'],
      ['c', '%zz'],
      ['%', '1'],
    ])
  })

  it('are read as old scripts escape them', () => {
    expect(parseUrlencoded(utf8('a=Jos%u00e9+%u20AC%u12'))).toEqual([['a', 'José €%u12']])
  })

  it('are read up to one more than a form may have: what comes behind is nobody’s', () => {
    expect(parseUrlencoded(utf8(`${'a=&'.repeat(300_000)}%`))).toHaveLength(1001)
  })

  it('from a page in an older encoding are read as windows-1252', () => {
    expect(parseUrlencoded(utf8('name=Ren%E9+%80'))).toEqual([['name', 'René €']])
  })
})

describe('answers', () => {
  it('are trimmed, with line breaks as one character, and empty ones stay', async () => {
    expect(await urlencoded('name=+Jordan+Novak%20&message=One%0D%0ATwo%0DThree&phone=&note=++')).toMatchObject({
      ok: true,
      value: { name: 'Jordan Novak', message: 'One\nTwo\nThree', phone: '', note: '' },
    })
  })

  it('of repeated names are lists, and so is name[]', async () => {
    expect(
      await urlencoded('services=Divorce&services=Custody&topic[]=Wills&topic[]=Trusts&one[]=x&[]=y'),
    ).toMatchObject({
      ok: true,
      value: { services: ['Divorce', 'Custody'], topic: ['Wills', 'Trusts'], one: ['x'], '[]': 'y' },
    })
  })

  it('are the same from all three kinds of body', async () => {
    const value = { name: 'Jordan', services: ['a', 'b'], message: 'x\ny' }
    expect(await urlencoded('name=Jordan&services=a&services=b&message=x%0D%0Ay')).toMatchObject({ ok: true, value })
    expect(await json({ name: ' Jordan', services: ['a', 'b '], message: 'x\r\ny' })).toMatchObject({ ok: true, value })
    const parts = part('name', 'Jordan') + part('services', 'a') + part('services', 'b') + part('message', 'x\r\ny')
    expect(await multipart(`${parts}--xyz--\r\n`)).toMatchObject({ ok: true, value })
  })

  it('may have names that objects have too', async () => {
    const read = await urlencoded('constructor=Acme&toString=x&hasOwnProperty=y')
    expect(read).toMatchObject({
      ok: true,
      value: Object.fromEntries([
        ['constructor', 'Acme'],
        ['toString', 'x'],
        ['hasOwnProperty', 'y'],
      ]),
    })
    expect(await urlencoded('__proto__=x')).toMatchObject(problemCode('malformed-body'))
    expect(await urlencoded('__proto__[]=x')).toMatchObject(problemCode('malformed-body'))
  })

  it('may be a thousand, and no more', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=x`).join('&')
    expect(await urlencoded(many(1000))).toMatchObject({ ok: true })
    expect(await urlencoded(many(1001))).toMatchObject(problemCode('too-many-fields'))
    expect(await json({ list: Array.from({ length: 999 }, () => 'x') })).toMatchObject({ ok: true })
    expect(await json({ list: Array.from({ length: 1000 }, () => 'x') })).toMatchObject(problemCode('too-many-fields'))
  })

  it('are an object when they come as JSON', async () => {
    for (const value of [[], 'null', '"text"', 1])
      expect(await json(value)).toMatchObject(problemCode('malformed-body'))
  })

  it('that look like a refusal are answers all the same', async () => {
    const value = { status: 200, code: 'x', detail: 'y', headers: { 'set-cookie': 'a=b' } }
    expect(await json(value)).toMatchObject({ ok: true, value })
  })

  it('come without files: an empty file field is an empty answer, a file is refused', async () => {
    const empty = part('cv', '', '; filename=""\r\nContent-Type: application/octet-stream')
    expect(await multipart(`${part('name', 'Jordan')}${empty}--xyz--\r\n`)).toMatchObject({
      ok: true,
      value: { name: 'Jordan', cv: '' },
    })
    const file = part('cv', 'hello', '; filename="cv.pdf"\r\nContent-Type: application/pdf')
    expect(await multipart(`${part('name', 'Jordan')}${file}--xyz--\r\n`)).toMatchObject(
      problemCode('files-not-accepted', 415),
    )
  })

  it.each([
    ['nothing', ''],
    ['another boundary', '--abc\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--abc--\r\n'],
    ['an end that never comes', '--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
    ['a part without a name', '--xyz\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xyz--\r\n'],
  ])('in multipart are refused with %s', async (_, body) => {
    expect(await multipart(body)).toMatchObject(problemCode('malformed-body'))
  })

  it('in multipart want a boundary', async () => {
    const request = inbound({ headers: { 'content-type': 'multipart/form-data' }, body: '--xyz--' })
    expect(await readAnswers(request)).toMatchObject(problemCode('malformed-body'))
  })

  it('of any other kind are refused with the kinds that are taken', async () => {
    for (const type of ['application/xml', 'application/jsonp', 'image/png']) {
      const read = await readAnswers(inbound({ headers: { 'content-type': type }, body: 'a=1' }))
      expect(read).toMatchObject(problemCode('content-type', 415))
    }
    for (const type of ['text/html', 'application/octet-stream'])
      expect(await readAnswers(inbound({ headers: { 'content-type': type }, body: 'Hello' }))).toMatchObject(
        problemCode('content-type', 415),
      )
    for (const body of ['Hello', '', '<a/>', '{"a":', '\u0001\u0002']) {
      const read = await readAnswers(inbound({ headers: { 'content-type': 'text/plain' }, body }))
      expect(read).toMatchObject(problemCode('content-type', 415))
    }
  })

  describe('of no kind, or plain text, are what they look like:', () => {
    it.each<[string, string, object]>([
      ['JSON of a beacon', '{"name":"Nora Falk"}', { name: 'Nora Falk' }],
      ['JSON that was made text twice', '"{\\"name\\":\\"Nora\\"}"', { name: 'Nora' }],
      ['URL-encoded by a script', 'name=Nora+Falk&area=a%26b', { name: 'Nora Falk', area: 'a&b' }],
      [
        'lines of a form',
        'name=Nora Falk\r\nmessage=I was\r\nhit = hurt\r\n',
        { name: 'Nora Falk', message: 'I was', 'hit ': 'hurt' },
      ],
      ['lines with a text of several', 'name=Nora\nmessage=One\n\nTwo', { name: 'Nora', message: 'One\n\nTwo' }],
    ])('%s', async (_, body, value) => {
      for (const headers of [{ 'content-type': 'text/plain;charset=UTF-8' }, {}])
        expect(await readAnswers(inbound({ headers, body }))).toMatchObject({ ok: true, value })
    })

    it.each<[string, string, string, object]>([
      ['JSON that is called a page', 'text/html', '{"name":"Nora"}', { name: 'Nora' }],
      ['JSON that is called bytes', 'application/octet-stream', '{"name":"Nora"}', { name: 'Nora' }],
      ['a form that is called JSON', 'application/json', 'name=Nora+Falk&area=1', { name: 'Nora Falk', area: '1' }],
      ['JSON with line breaks in its texts', 'application/json', '{"m":"one\n\ttwo \\"x\\""}', { m: 'one\n\ttwo "x"' }],
      ['JSON in the one field of a form', 'application/x-www-form-urlencoded', 'data={"m":"one"}', { m: 'one' }],
      ['a form that was escaped as a page is', 'application/x-www-form-urlencoded', 'a=1&amp;b=2', { a: '1', b: '2' }],
    ])('%s', async (_, type, body, value) => {
      expect(await readAnswers(inbound({ headers: { 'content-type': type }, body }))).toMatchObject({ ok: true, value })
    })

    it('JSON under the type of a form, with the key that it always had', async () => {
      const body = '{"name":"Nora & Ola","x":"1=2"}'
      expect(await urlencoded(body)).toEqual({
        ok: true,
        value: { name: 'Nora & Ola', x: '1=2' },
        keyed: { '{"name":"Nora ': '', ' Ola","x":"1': '2"}' },
      })
    })
  })

  it('are known by their media type, whatever its case and parameters', () => {
    expect(mediaType(inbound({ headers: { 'content-type': ' Application/JSON ; charset=utf-8' } }))).toBe(
      'application/json',
    )
    expect(mediaType(inbound({}))).toBe('')
  })
})
