import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { median, share } from './figures.ts'
import { replaced, table } from './table.ts'

describe('the figures of the bench', () => {
  it('takes the value below which a share lies, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, n) => 100 - n)
    expect([median(values), share(values, 0.99), share(values, 1)]).toEqual([51, 100, 100])
    expect(share([], 0.5)).toBeNaN()
  })
})

describe('the table of the bench', () => {
  it('says beside each figure what it is meant to be, and where it is not', () => {
    const rows = [
      { what: 'acks', figure: '10/s', ratio: '0.5 × no-op', aim: { text: '≥ 0.6 × no-op', met: false } },
      { what: 'size | all', figure: '1 KiB', aim: { text: '≤ 2 KiB', met: true } },
      { what: 'calls', figure: '3' },
    ]
    expect(table(rows).split('\n').slice(2)).toEqual([
      '| acks | 10/s | 0.5 × no-op | ≥ 0.6 × no-op **missed** |',
      '| size \\| all | 1 KiB |  | ≤ 2 KiB |',
      '| calls | 3 |  |  |',
    ])
  })

  it('takes its own place in a page, and nothing beside it', () => {
    expect(replaced('a\n<!-- bench -->\nold\n<!-- /bench -->\nb', 'new')).toBe(
      'a\n<!-- bench -->\nnew\n<!-- /bench -->\nb',
    )
    expect(() => replaced('a page without a place', 'new')).toThrow('has no')
  })

  it('has a place in the README', async () => {
    const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8')
    expect(replaced(readme, 'new')).toContain('<!-- bench -->\nnew\n<!-- /bench -->')
  })
})
