import { describe, expect, it } from 'vitest'
import type { Bytes } from '../../src/lib/encoding.ts'
import type { Json } from '../../src/lib/json.ts'
import { isProblem } from '../../src/lib/problem.ts'
import type { Delivery } from '../../src/model/event.ts'
import { sources } from '../../src/sources/index.ts'
import { inbound } from '../door/requests.ts'

/**
 * Keys as the code of 24 November 2026 made them (commit 4c7b05d). What is read of a delivery gets better; what its key is hashed from
 * never changes, or a redelivery after an update would be carried out again.
 */

const latin1 = (text: string): Bytes => Uint8Array.from(text, char => char.charCodeAt(0))
const form = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data; boundary=B'
const part = (head: string, body: string) => `--B\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`
const pdf = '%PDF-1.4\n%%EOF\n'

const bodies: Record<string, { source: string; options?: Record<string, Json>; type: string; body: string }> = {
  'a plain form': { source: 'form', type: form, body: 'name=Nora+Falk&email=nora%40mail.example&note=' },
  'repeated names': { source: 'form', type: form, body: 'a=1&a=2&b%5B%5D=3&c%5B%5D=4&c%5B%5D=' },
  'a day at midnight': { source: 'form', type: form, body: 'day=2026-04-09T00%3A00%3A00Z' },
  'percent-encoded Latin-1': { source: 'form', type: form, body: 'name=Jos%E9' },
  'accents of their own': { source: 'form', type: form, body: 'Te%CC%81l=1' },
  'a declared charset': { source: 'form', type: `${form}; charset=Shift_JIS`, body: 'name=%91%BE%98Y&_charset_=x' },
  'an id of the page': { source: 'form', type: form, body: '_id=p1&name=Nora' },
  JSON: { source: 'form', type: 'application/json', body: '{"a":[" x\\r\\ny "],"b":{"c":""},"n":1.50}' },
  'raw Latin-1 in multipart': { source: 'form', type: multipart, body: `${part('name="name"', 'Jos\xe9')}--B--\r\n` },
  'a charset of a part': {
    source: 'form',
    type: multipart,
    body: `--B\r\nContent-Disposition: form-data; name="n"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\nJos\xe9\r\n--B--\r\n`,
  },
  'a file': {
    source: 'form',
    options: { files: { types: ['application/pdf'] } },
    type: multipart,
    body: `${part('name="n"', 'Nora')}${part('name="doc"; filename="r\xc3\xa9.pdf"', pdf)}--B--\r\n`,
  },
  'a file named by filename* alone': {
    source: 'form',
    options: { files: { types: ['application/pdf'] } },
    type: multipart,
    body: `${part('name="n"', 'Nora')}${part('name="doc"; filename*=utf-8\'\'r%C3%A9.pdf', pdf)}--B--\r\n`,
  },
  'escaped values of WordPress': {
    source: 'contact-form-7',
    type: 'application/json',
    body: '{"your-name":"O&#039;Brien","areas":["a"]}',
  },
  Elementor: { source: 'elementor', type: form, body: 'Name=O%26%23039%3BBrien&form_id=f1' },
  'a webhook': { source: 'webhook', type: 'application/json', body: '{"day":"2026-04-09T00:00:00Z","e":""}' },
}

const known: Record<string, string> = {
  'a plain form':
    'content 40a6c638fc7d816ad62099e2ce1e344efaa834423f9111de9ad11deae1e31e4e 40a6c638fc7d816ad62099e2ce1e344efaa834423f9111de9ad11deae1e31e4e',
  'repeated names':
    'content 2a09440edbfc699383cd2dede5c4757013c44ac3a1152e18bcc0bdb96f95e9d6 2a09440edbfc699383cd2dede5c4757013c44ac3a1152e18bcc0bdb96f95e9d6',
  'a day at midnight':
    'content 07cb0c27fa665029db2601302fa12a1f2610f5afa9861d087a44cfd8479cd2ff 07cb0c27fa665029db2601302fa12a1f2610f5afa9861d087a44cfd8479cd2ff',
  'percent-encoded Latin-1':
    'content 0264c9b67e4687fb6eb775c9517fa029a75fa2b3e041da81bd8703885d13647b 0264c9b67e4687fb6eb775c9517fa029a75fa2b3e041da81bd8703885d13647b',
  'accents of their own':
    'content f0a74b72c6262df27fff61fcfbc8cdea21a934ebff6dc5583f2729193cb0ec3f f0a74b72c6262df27fff61fcfbc8cdea21a934ebff6dc5583f2729193cb0ec3f',
  'a declared charset':
    'content fde6d7f09664425e1c53032a4ee47e42782e06fcf225848feb01516400db678a fde6d7f09664425e1c53032a4ee47e42782e06fcf225848feb01516400db678a',
  'an id of the page':
    'given p1:0da55ab54e88513aef1e119e8b6340ecd4b6901c1091e5455b37b978a148cf77 0da55ab54e88513aef1e119e8b6340ecd4b6901c1091e5455b37b978a148cf77',
  JSON: 'content 67ccf2f8ee0882b333808b69b02d5e273605f2c7d9277797fde924428c60ce82 67ccf2f8ee0882b333808b69b02d5e273605f2c7d9277797fde924428c60ce82',
  'raw Latin-1 in multipart':
    'content 57ac3fe8dc58f894a68d64a1a5c24462ffb31a60b50ff457f7c921f48e33edf7 57ac3fe8dc58f894a68d64a1a5c24462ffb31a60b50ff457f7c921f48e33edf7',
  'a charset of a part':
    'content a9f43783b9c722a0db931a419b4187b40f7bee7577e25e68b8bb44c16a446fde a9f43783b9c722a0db931a419b4187b40f7bee7577e25e68b8bb44c16a446fde',
  'a file':
    'content 3411c135329ed0fc9d839fabfd0c2b9a6479182a452e72cb995dacfc10b7b035 3411c135329ed0fc9d839fabfd0c2b9a6479182a452e72cb995dacfc10b7b035',
  'a file named by filename* alone':
    'content b69c72877b6ffebe323727ca48def5c565ba5b50c7450ddcdc5fb64748829cf6 b69c72877b6ffebe323727ca48def5c565ba5b50c7450ddcdc5fb64748829cf6',
  'escaped values of WordPress':
    'content 703a3dae666d659de3b94e8445e14a4b2160743bc3fb41b1302657bae4c2d0fe 703a3dae666d659de3b94e8445e14a4b2160743bc3fb41b1302657bae4c2d0fe',
  Elementor:
    'content 2bba28ec32f6829729c6654d1c14968fc1fd8118d5369c8c3d30da03b862792c 2bba28ec32f6829729c6654d1c14968fc1fd8118d5369c8c3d30da03b862792c',
  'a webhook':
    'content b478ab4f164bfa7d4f67543ef7ab4fa9f702a8c4c89dd831e5cbe9a396c8f9f4 b478ab4f164bfa7d4f67543ef7ab4fa9f702a8c4c89dd831e5cbe9a396c8f9f4',
}

describe('the key of', () => {
  it.each(Object.entries(bodies))('%s is the same as ever', async (name, { source, options, type, body }) => {
    const made = sources.get(source)!
    const given = made.options.parse({ ...(source !== 'form' && { secret: '$SECRET' }), ...options })
    const endpoint = { firm: 'smith', name: 'hook', options: given, secrets: () => [] }
    const request = inbound({ headers: { 'content-type': type }, body: latin1(body) })
    const parsed = await made.parse(request, endpoint as never)
    if (isProblem(parsed)) throw new Error(parsed.title)
    const [{ key, content }] = parsed as [Delivery]
    expect({ [name]: `${key.kind} ${key.value} ${content}` }).toEqual({ [name]: known[name] })
  })
})
