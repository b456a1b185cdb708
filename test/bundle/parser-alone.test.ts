import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { told } from './told.ts'

const texts = [
  "fields.a == 'x' && !(fields.b in ['y', 'z']) || has(fields.c)",
  "fields.a != null ? fields.a : {'b': [1, 2.5, -3]}.b[0]",
  "files.filter(f, f.size > 5).map(f, f.name.lower()).join(', ')",
  'files.map(f, f.size > 5, f.name)',
  "fields['Matter type'].split(' ')[1] + ' x' + fields.b",
  '[1, 2].exists(x, x == 2) && [1].all(x, x > 0) && [1].exists_one(x, x == 1) == true',
  '1 + 2 * 3 - 4 / 5 % 6 <= 7',
  "steps.client.id >= links['meeting']",
  "date('+1 business day') // why",
  "r'\\d' + '''a''' + \"b\\n\"",
  'fields.a > 1 && null == fields.b',
  'fields.a and fields.b',
  'fields.a =',
  "'a",
  "has(fields['a'])",
  'has(1)',
  'fields.?a',
  'fields[?a]',
  '1u',
  "b'x'",
  'if',
  'optional.of(1)',
  'fields.a.exists(x)',
  `${'('.repeat(60)}1${')'.repeat(60)}`,
]

describe('an expression in the bundle, where cel-js is a parser alone', () => {
  it('is read, refused and worked out as with the whole library', async () => {
    const script = new URL('parser-alone.ts', import.meta.url).pathname
    const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(texts)])
    const alone = JSON.parse(stdout) as unknown[]
    expect(texts.map((text, at) => [text, alone[at]])).toEqual(
      texts.map(text => [text, JSON.parse(JSON.stringify(told(text)))]),
    )
  })
})
