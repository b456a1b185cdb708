import { expect, it } from 'vitest'
import { inPieces, type Pieces } from '../../src/lib/pieces.ts'

function* work(pieces: number, bytes: number, done: string[]): Pieces<string> {
  for (let n = 1; n <= pieces; n++) {
    done.push(`piece ${n}`)
    yield bytes
  }
  return 'made'
}

it('lets others have the thread between long pieces', async () => {
  const done: string[] = []
  const other = new Promise<void>(resolve => setTimeout(resolve, 0)).then(() => done.push('other'))
  expect(await inPieces(work(3, 2_000_000, done))).toBe('made')
  await other
  expect(done).toEqual(['piece 1', 'other', 'piece 2', 'piece 3'])
})

it('goes on where pieces are short', async () => {
  const done: string[] = []
  const other = new Promise<void>(resolve => setTimeout(resolve, 0)).then(() => done.push('other'))
  expect(await inPieces(work(3, 1000, done))).toBe('made')
  await other
  expect(done).toEqual(['piece 1', 'piece 2', 'piece 3', 'other'])
})
