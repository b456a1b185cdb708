import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/lib/encoding.ts'
import { charsetIn, extendedValue, textIn, unencodedWords } from '../../../src/reading/body/charset.ts'

const bytes = (...given: number[]) => Uint8Array.from(given)

describe('bytes as text', () => {
  it.each<[string, Uint8Array<ArrayBuffer>, string | null, string]>([
    ['UTF-8, undeclared', utf8('José'), null, 'José'],
    ['UTF-8, declared', utf8('José'), 'utf-8', 'José'],
    ['UTF-8, declared as Latin-1 by a program that means well', utf8('José'), 'iso-8859-1', 'José'],
    ['UTF-8, declared as nothing that there is', utf8('José'), 'x-none', 'José'],
    ['Latin-1, undeclared', bytes(0x4a, 0x6f, 0x73, 0xe9), null, 'José'],
    ['windows-1252, undeclared', bytes(0x80, 0x35), null, '€5'],
    ['Latin-1, declared as UTF-8', bytes(0x4a, 0x6f, 0x73, 0xe9), 'utf-8', 'José'],
    ['ISO-8859-2, declared', bytes(0xb3), 'iso-8859-2', 'ł'],
    ['windows-1251, declared', bytes(0xcf, 0xb8, 0xf2, 0xf0), 'windows-1251', 'Пётр'],
    ['Shift_JIS, declared', bytes(0x91, 0xbe, 0x98, 0x59), 'Shift_JIS', '太郎'],
    ['GBK, declared', bytes(0xd5, 0xc5), 'gbk', '张'],
    ['EUC-KR, declared', bytes(0xb1, 0xe8), 'euc-kr', '김'],
    ['UTF-8, declared as Shift_JIS', utf8('太郎さん'), 'Shift_JIS', '太郎さん'],
    ['UTF-16 with its mark', bytes(0xff, 0xfe, 0x41, 0), null, 'A'],
    ['UTF-16 with its mark, the other way round', bytes(0xfe, 0xff, 0, 0x41), 'utf-8', 'A'],
  ])('%s', (_, given, declared, text) => {
    expect(textIn(given, declared)).toBe(text)
  })

  it('never hold what stands for unreadable signs', () => {
    for (const label of [null, 'utf-8', 'shift_jis', 'gb18030', 'euc-kr', 'big5'])
      for (let byte = 128; byte < 256; byte++) expect(textIn(bytes(0x41, byte), label)).not.toContain('\ufffd')
  })
})

it('finds the charset that a Content-Type names', () => {
  expect(charsetIn('text/plain; charset=ISO-8859-1')).toBe('ISO-8859-1')
  expect(charsetIn('text/plain;charset="utf-8"; x=y')).toBe('utf-8')
  expect(charsetIn('text/plain')).toBeNull()
  expect(charsetIn(null)).toBeNull()
})

describe('names of files as mail writes them', () => {
  it.each([
    ['=?UTF-8?B?csOpc3Vtw6kucGRm?=', 'résumé.pdf'],
    ['=?UTF-8?Q?r=C3=A9sum=C3=A9.pdf?=', 'résumé.pdf'],
    ['=?iso-8859-1?q?r=E9sum=E9_2.pdf?=', 'résumé 2.pdf'],
    ['=?UTF-8?B?csOpc3U=?= =?UTF-8?B?bcOpLnBkZg==?=', 'résumé.pdf'],
    ['plain.pdf', 'plain.pdf'],
    ['=?UTF-8?B?%%%?=', '=?UTF-8?B?%%%?='],
  ])('%s', (text, name) => {
    expect(unencodedWords(text)).toBe(name)
  })

  it.each([
    ["utf-8''r%C3%A9sum%C3%A9.pdf", 'résumé.pdf'],
    ["UTF-8'fr'r%C3%A9sum%C3%A9.pdf", 'résumé.pdf'],
    ["iso-8859-1''r%E9sum%E9.pdf", 'résumé.pdf'],
    ['plain.pdf', null],
  ])('%s', (text, name) => {
    expect(extendedValue(text)).toBe(name)
  })
})
