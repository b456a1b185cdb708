import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { htmlText } from '../../../src/sources/mail/html.ts'
import { fieldsIn, forwardedIn, written } from '../../../src/sources/mail/words.ts'

describe('lines of label and value', () => {
  it.each<[string, Record<string, unknown>]>([
    ['Name: Dana Whitfield\nE-mail: dana@mail.example', { Name: 'Dana Whitfield', 'E-mail': 'dana@mail.example' }],
    ['*Name:* Dana\n- Phone : 212 555 0147', { Name: 'Dana', Phone: '212 555 0147' }],
    ['Name:\nDana Whitfield\n\nPhone:\n\n212 555 0147', { Name: 'Dana Whitfield', Phone: '212 555 0147' }],
    ['Message: first\nsecond\n\nthird\nPhone: 1', { Message: 'first\nsecond\n\nthird', Phone: '1' }],
    ['Message:\nfirst\nsecond', { Message: 'first\nsecond' }],
    ['Teléfono: 555\nCorreo electrónico: a@b.example', { Teléfono: '555', 'Correo electrónico': 'a@b.example' }],
    ['Child: Ella\nChild: Max', { Child: ['Ella', 'Max'] }],
    ['Website: https://a.example/b?c=d', { Website: 'https://a.example/b?c=d' }],
    ['Phone: 1\nSent from my phone', { Phone: '1' }],
    ['Empty:\n', {}],
    ['https://a.example/x', {}],
    ['Please ring at 10:30', {}],
    ['No colon here', {}],
    [': nothing', {}],
    ['__proto__: x', {}],
  ])('%j', (text, fields) => {
    expect(fieldsIn(text)).toEqual(fields)
  })

  it('are read at once, whatever is sent', () => {
    for (const piece of ['a: b\n', ':', '*', 'a:\n', '>', '\n', 'Message: x\n', '--\n'])
      expect(Object.keys(fieldsIn(piece.repeat(200_000 / piece.length))).length).toBeLessThan(10)
  })
})

describe('a forwarded mail', () => {
  const inner = 'My landlord keeps the deposit.\nPhone: 212 555 0147'

  it.each([
    [
      'Gmail',
      `Please open\n\n---------- Forwarded message ---------\nFrom: Jane Roe <jane@mail.example>\nDate: Tue, Nov 24, 2026 at 9:00 AM\nSubject: My lease\nTo: <office@smith.example>\n\n\n${inner}`,
      'Please open',
    ],
    [
      'Apple',
      `Begin forwarded message:\n\nFrom: Jane Roe <jane@mail.example>\nSubject: My lease\nDate: November 24, 2026\nTo: office@smith.example\n\n${inner}`,
      '',
    ],
    [
      'Outlook',
      `FYI\n________________________________\nFrom: Jane Roe <jane@mail.example>\nSent: Tuesday, November 24, 2026\nTo: Office\nSubject: My lease\n\n${inner}`,
      'FYI',
    ],
    [
      'an older Outlook',
      `-----Original Message-----\nFrom: Jane Roe <jane@mail.example>\nSent: Tuesday\nSubject: My lease\n\n${inner}`,
      '',
    ],
    [
      'Spanish',
      `---------- Forwarded message ---------\nDe: Jane Roe <jane@mail.example>\nAsunto: My lease\nPara: x\n\n${inner}`,
      '',
    ],
    [
      'German',
      `-------- Weitergeleitete Nachricht --------\nBetreff: My lease\nDatum: x\nVon: Jane Roe <jane@mail.example>\nAn: y\n\n${inner}`,
      '',
    ],
  ])('of %s', (_, text, before) => {
    expect(forwardedIn(text)).toEqual({
      from: 'Jane Roe <jane@mail.example>',
      subject: 'My lease',
      before,
      text: inner,
    })
  })

  it.each(['From: Jane\nSubject: x', '---------- Forwarded message ---------\nnothing', '', '-----\nFrom: a'])(
    'is not %j',
    text => {
      expect(forwardedIn(text)).toBeNull()
    },
  )

  it('is not the mail that this one answers', () => {
    expect(written('Yes, please.\n\nOn Tue, Nov 24, 2026 at 9:00 AM Sam <sam@smith.example> wrote:\n> Shall we?')).toBe(
      'Yes, please.',
    )
    expect(written('Yes.\n> Shall we?\n>')).toBe('Yes.')
    expect(written('> quoted\nand more')).toBe('> quoted\nand more')
  })
})

describe('what was written now', () => {
  it('stands before what is quoted', () => {
    expect(written('Yes, please.\n\n> Shall we?\n>\n\n> Say yes.\n')).toBe('Yes, please.')
    expect(written('> Shall we?\nYes.')).toBe('> Shall we?\nYes.')
  })

  it('is found at once, whatever is quoted', { timeout: 20_000 }, () => {
    expect(written(`${'>\n'.repeat(99_000)}x`)).toContain('x')
  })
})

describe('HTML as people see it', () => {
  it.each([
    ['<p>Hello,</p><p>I need <b>help</b>.</p>', 'Hello,\n\nI need help.'],
    ['<b>Name:</b> Dana<br>E-mail: <a href="mailto:d@m.example">d@m.example</a>', 'Name: Dana\nE-mail: d@m.example'],
    [
      '<table><tr><td>Name</td><td>Dana</td></tr><tr><th>Phone:</th><td> 212 </td></tr></table>',
      'Name: Dana\n\nPhone: 212',
    ],
    ['<table><tr><td><p>Name</p></td><td><div>Dana</div></td></tr></table>', 'Name: Dana'],
    ['<dl><dt>Name</dt><dd>Dana</dd></dl>', 'Name: Dana'],
    ['<style>p{}</style><script>alert(1)</script><title>x</title>Hi<!-- <p>no</p> -->!', 'Hi!'],
    ['O&#39;Brien &amp; S&ouml;hne &lt;x&gt; &nbsp;&unknown; &#x2019;', "O'Brien & Söhne <x> &unknown; ’"],
    ['a < b', 'a'],
    ['<script>never closed', ''],
    ['', ''],
  ])('%s', (html, text) => {
    expect(htmlText(html)).toBe(text)
  })

  it('is read at once, whatever it is', { timeout: 20_000 }, () => {
    for (const piece of ['<', '<td>', '</td>', '<script>', '<!--', '&', '&#1;', '<p>a</p>', ' '])
      htmlText(piece.repeat(1_000_000 / piece.length))
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), html => typeof htmlText(html) === 'string'),
      { numRuns: 300 },
    )
  })
})
