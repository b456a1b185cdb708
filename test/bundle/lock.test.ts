import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ranged, withoutIntegrity } from './lock.ts'

const root = join(import.meta.dirname, '../..')
const read = async (file: string) => JSON.parse(await readFile(join(root, file), 'utf8'))

describe('what is installed', () => {
  it('has a digest for every package in the lock file; if not: `rm -rf node_modules package-lock.json && npm install`', async () => {
    expect(withoutIntegrity(await read('package-lock.json'))).toEqual([])
  })

  it('is pinned to one version each', async () => {
    expect(ranged(await read('package.json'))).toEqual([])
  })
})

describe('the look at the lock file', () => {
  it('names an entry without a digest, or with a weak one, and not the project itself', () => {
    const packages = {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-abc' },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { version: '1.0.0', integrity: 'sha1-abc' },
    }
    expect(withoutIntegrity({ packages })).toEqual(['node_modules/b', 'node_modules/c'])
  })

  it('names a range, in either list', () => {
    const manifest = { dependencies: { a: '^1', b: '1.2.3' }, devDependencies: { c: '1.2.3-beta.1', d: '1.x' } }
    expect(ranged(manifest)).toEqual(['a@^1', 'd@1.x'])
  })
})
