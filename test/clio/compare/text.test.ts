import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { becameText, confusable, nearText, sameText } from '../../../src/clio/compare/text.ts'

const long = 'The client was rear-ended at the corner of Fifth and Main. '.repeat(6)

describe('texts are the same to a reader', () => {
  test.each<[string, string, string]>([
    ['blanks squeezed', 'Call  Ann\t Lee', 'Call Ann Lee'],
    ['line breaks', 'one\r\n\r\ntwo', 'one two'],
    ['a no-break space', 'Call\u00A0Ann', 'Call Ann'],
    ['accents composed', 'Rene\u0301e', 'Ren\u00E9e'],
    ['ligatures and widths', 'ﬁle №', 'file No'],
    ['entities', 'Smith & Sons <x>', 'Smith &amp; Sons &lt;x&gt;'],
    ['entities, twice', 'Smith & Sons', 'Smith &amp;amp; Sons'],
    ['entities of letters', 'José Peña', 'Jos&eacute; Pe&ntilde;a'],
    ['entities of blanks', 'one two', 'one&#9;&#13;&#10;two'],
    ['numbered entities', 'O’Brien', 'O&#8217;Brien'],
    ['wrapped in HTML', 'one\ntwo', '<div class="x"><p>one<br/>two</p></div>'],
    ['curly quotes and dashes', `"O'Brien" - 5`, '“O’Brien” – 5'],
    ['case', 'Estate of LEE', 'estate of lee'],
    ['zero width', 'Ann\u200B Lee\uFEFF', 'Ann Lee'],
  ])('%s', (_, one, other) => {
    expect(sameText(one, other)).toBe(true)
    expect(sameText(other, one)).toBe(true)
  })

  test.each<[string, string, string]>([
    ['another number', 'Invoice 7', 'Invoice 8'],
    ['addresses in angle brackets', 'Pat <pat@x.example>', 'Pat <sam@x.example>'],
    ['nothing and a tag', '', '<p></p>'],
    ['a pictograph', 'Yes 👍', 'Yes 👎'],
    ['the beginning', long, long.slice(0, 255)],
  ])('but not: %s', (_, one, other) => {
    expect(sameText(one, other)).toBe(false)
  })

  test('every text is the same as itself', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => sameText(text, text) && becameText(text, text)))
  })
})

describe('what became of a text in Clio', () => {
  test.each<[string, string, string]>([
    ['pictographs dropped', 'Call Ann 👩‍⚖️ 🇺🇸 now', 'Call Ann now'],
    ['cut at 255', long, long.slice(0, 255)],
    ['cut at 255, with dots', long, `${long.slice(0, 252)}...`],
    ['cut within an entity', `${'a '.repeat(125)}& co. and many others`, `${'a '.repeat(125)}&am`],
    ['cut and without pictographs', `🙂 ${long}`, long.slice(0, 255)],
  ])('%s', (_, sent, read) => {
    expect(becameText(sent, read)).toBe(true)
  })

  test.each<[string, string, string]>([
    ['a short beginning', 'Call Ann Lee', 'Call Ann'],
    ['more than was sent', long.slice(0, 255), long],
    ['other pictographs', 'Call 👍', 'Call 👎'],
    ['nothing, of pictographs alone', '👍', ''],
    ['nothing', 'Call', ''],
  ])('but not: %s', (_, sent, read) => {
    expect(becameText(sent, read)).toBe(false)
  })

  test('texts that differ where Clio may cut them off can become the same', () => {
    expect(confusable(`${long} one`, `${long} two`)).toBe(true)
    expect(confusable('Call 👍', 'Call 👎')).toBe(true)
    expect(confusable('Call one', 'Call two')).toBe(false)
  })
})

describe('texts are nearly the same', () => {
  test.each<[string, string, string]>([
    ['a letter corrected', 'Call Jonh Smith', 'Call John Smith'],
    ['a word added', 'Adoption of Ann', 'Adoption of Ann (urgent)'],
    ['most of a long text', `${long}one`, `${long}and two`],
  ])('%s', (_, one, other) => {
    expect(nearText(one, other)).toBe(true)
  })

  test.each<[string, string, string]>([
    ['another name', 'Call Ann Lee', 'Call Bob Ray'],
    ['a short word', 'Ann', 'Joe'],
    ['nothing', 'Call', ''],
    ['another long text', long, 'The landlord keeps the deposit and does not answer. '.repeat(7)],
  ])('but not: %s', (_, one, other) => {
    expect(nearText(one, other)).toBe(false)
  })
})
