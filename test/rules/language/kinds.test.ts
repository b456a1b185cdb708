import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/rules/language/expression.ts'
import type { Kind } from '../../../src/rules/language/kind.ts'
import { noCondition } from '../../../src/rules/language/kinds.ts'

/** What is told of an expression when its document is saved: what it comes out as, or why it never comes out as it is meant. */

function sense(text: string): string {
  const compiled = compile(text)
  const told = compiled.ok ? compiled.expression.sense() : compiled.refusal
  return typeof told === 'string' ? told : told.message
}

/** Why it is no condition. */
function condition(text: string): string | null {
  const told = sense(text)
  return /^\w+$/.test(told) ? noCondition(told as Kind, text) : told
}

describe('what never comes out as it is meant', () => {
  it.each<[string, string]>([
    ['person.email.domain', 'person.email is text, and has no ‘domain’ below it'],
    ['message.text', 'message is text, and has no ‘text’ below it'],
    ['firm.name', 'firm is text, and has no ‘name’ below it'],
    ['event.time.hour > 17', 'event.time is text, and has no ‘hour’ below it'],
    ['links.meeting.id', 'links.meeting is an id, and has no ‘id’ below it'],
    ['files.length > 0', 'a length is written size(files)'],
    ['person.phone.length > 9', 'a length is written size(person.phone)'],
    ['fields.story.length > 9', 'a length is written size(fields.story)'],
    ['files.name', 'files is a list: write files[0].name, or item.name in a step with "each": "files"'],
    ['files[0].filename', 'a file has no ‘filename’; did you mean ‘name’?'],
    ['files.exists(f, f.filename == null)', 'a file has no ‘filename’; did you mean ‘name’?'],
    [
      "fields.a || 'none'",
      '‘||’ is between conditions: for another value where there is none, write fields.a != null ? fields.a : ‘none’',
    ],
    ["!fields.a in ['x']", '‘!’ goes before the whole: !(fields.a in [‘x’])'],
    ['date(fields.a) - date(fields.b)', '‘-’ does not go between text and text'],
    ['date(booking.start) + true', '‘+’ does not go between text and true or false'],
    ["date(fields.a) + 30 > date('today')", '‘+’ does not go between text and a number'],
    ['person.first_name + index', '‘+’ does not go between text and a number'],
    ["time(event.time) > '17:00'", 'time() is written for people to read: compare date(x), or format(x, ‘EEEE HH:mm’)'],
    ["day(event.time) == 'Friday'", 'day() is written for people to read: compare date(x), or format(x, ‘EEEE HH:mm’)'],
    [
      "event.time.day() in ['Saturday', 'Sunday']",
      'day() is written for people to read: compare date(x), or format(x, ‘EEEE HH:mm’)',
    ],
    ["steps.client == 'Jane'", '‘==’ does not go between what a step leaves behind and text'],
    ["fields.a == '{{ fields.b }}'", 'within an expression a name stands without {{ }}'],
  ])('%s: %s', (text, why) => {
    expect(sense(text)).toBe(why.replace(/[‘’]/g, "'"))
  })

  it.each<[string, string]>([
    ['person.email', 'is text: write person.email != null'],
    ['!message', 'is text: write message != null'],
    ['files', 'is a list: write size(files) > 0'],
    ['links.meeting', 'is an id: write links.meeting != null'],
    ['steps.client', 'is what a step leaves behind: write steps.client != null'],
    ['booking && true', 'is an object: write booking != null'],
    ['size(files)', 'is a number'],
    ["person.email ? 'a' : 'b'", 'is text: write person.email != null'],
    ['fields.list.exists(x, lower(x).size())', 'is a number'],
  ])('%s as a condition: %s', (text, why) => {
    expect(condition(text)).toMatch(new RegExp(`${why.replace(/[()>]/g, '.')}$`))
  })

  it.each([
    "'Child ' + person.first_name + index == 'x'",
    "'Topics: ' + choices(fields.a) == 'x'",
    "time(event.time, 'HH:mm') > '17:00'",
    "time(event.time) == '5:30 PM'",
    "day(fields.a) != '' && day(fields.a) != null",
    "format(event.time, 'EEEE') in ['Saturday', 'Sunday']",
    'fields.newsletter',
    '!fields.newsletter',
    'fields.a && fields.b',
    'booking.all_day',
    'steps.client.created && !steps.matter.found',
    "bool(fields.a) || fields.b.contains('x')",
    'fields.a == null',
    'null',
  ])('%s is a condition', text => {
    expect(condition(text)).toBe(null)
  })

  it.each<[string, Kind]>([
    ["fields.a != null ? 'x' : 5", 'value'],
    ["fields.a != null ? 'x' : null", 'text'],
    ["'Age: ' + 5", 'text'],
    ['1 + 1 == 2.0', 'bool'],
    ["fields.a in 'x, y'", 'bool'],
    ["['a', 1].join(', ')", 'text'],
    ['event.data.length', 'value'],
    ['fields.length', 'value'],
    ['int(fields.a, 0)', 'value'],
    ['date(fields.a, null)', 'text'],
    ['files.filter(f, f.size > 1)[0].name', 'text'],
    ["fields.email == '{{email}}'", 'bool'],
    ['person.email[0]', 'text'],
  ])('%s is %s', (text, kind) => {
    expect(sense(text)).toBe(kind)
  })
})

describe('what people write who know another language', () => {
  it.each<[string, string]>([
    ['fields.a and fields.b', "'and' cannot stand here: write && for 'and'"],
    ['fields.a OR fields.b', "'OR' cannot stand here: write || for 'or'"],
    ['not fields.a', "'fields' cannot stand here: write ! for 'not'"],
    ["fields.a not in ['x']", "'not' cannot stand here: write !(a in b)"],
    ['fields.a is null', "'is' cannot stand here: write == for 'is', and != for 'is not'"],
    ["fields.a === 'x'", "'=' cannot stand here: write == to compare"],
    ["fields.a <> 'x'", "'>' cannot stand here: write != for 'is not'"],
    ["fields.a like 'x'", "'like' cannot stand here: write fields.a.contains('x')"],
    ['fields.Matter type', "'type' cannot stand here: a name with blanks is written fields['Matter type']"],
    ["fields.a ?? 'x'", "'?' cannot stand here: for another value where there is none, write a != null"],
    ['fields.a | upper', "'|' cannot stand here: there are no filters"],
    ['fields.a == ‘x’', "'‘' cannot stand here: text stands in straight quotes"],
    ["'it's'", "'s' cannot stand here: a quote inside of text"],
    ["fields.a ' ' fields.b", "''' cannot stand here: put texts together with +"],
    ['fields.1st', "'1st' cannot stand here: a name stands behind a dot"],
    ['fields.a == None', "there is no 'None': write null"],
    ["fields.a.includes('x')", "there is no function 'includes': write contains(text)"],
    ['if fields.a', "'if' is not used: a choice is written a ? b : c"],
  ])('%s: %s', (text, why) => {
    expect(sense(text)).toContain(why)
  })
})
