import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  binaryOf,
  concat,
  fromBase64,
  fromBase64Url,
  fromBinary,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  utf8,
} from '../../src/lib/encoding.ts'

const bytes = fc.uint8Array({ maxLength: 80 }).map(array => Uint8Array.from(array))

describe('bytes and their spellings', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(bytes, given => {
        expect(fromHex(toHex(given), given.length)).toEqual(given)
        expect(fromBase64(toBase64(given))).toEqual(given)
        expect(fromBinary(binaryOf(given))).toEqual(given)
        const url = toBase64(given).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
        expect(fromBase64Url(url)).toEqual(given)
      }),
    )
  })

  it('have one spelling in base64: stray bits, white space and missing padding are refused', () => {
    expect(fromBase64('QQ==')).toEqual(utf8('A'))
    for (const text of ['QR==', 'QQ=', 'QQ', 'Q Q=', 'QQ==\n', 'Q===', '=QQ=', 'Q-==', 'Q']) {
      expect(fromBase64(text), text).toBeNull()
    }
    for (const text of ['Q', 'Q+', 'QQ==', 'QR']) expect(fromBase64Url(text), text).toBeNull()
  })

  it('have exactly the length that is asked for in hexadecimal', () => {
    expect(fromHex('0aF0', 2)).toEqual(new Uint8Array([10, 240]))
    for (const text of ['', '0a', '0aF00', '0aF000', '0xF0', '0aG0', ' aF0', '١aF0']) {
      expect(fromHex(text, 2), text).toBeNull()
    }
  })

  it('are text only when they are UTF-8', () => {
    expect(fromUtf8(utf8('Nováková'))).toBe('Nováková')
    expect(fromUtf8(new Uint8Array([0x4e, 0xe1]))).toBeNull()
    expect(fromUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b]))).toBe('{')
  })

  it('are joined in order', () => {
    expect(concat(utf8('a'), utf8(''), utf8('bc'))).toEqual(utf8('abc'))
    expect(concat()).toEqual(new Uint8Array())
  })
})
