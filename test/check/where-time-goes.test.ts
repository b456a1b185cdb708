import { describe, expect, it } from 'vitest'
import { type Spent, told } from './where-time-goes.ts'

const file = (project: string, n: number, loading: number, tests: number): Spent => ({
  project,
  file: `test/${project}/${n}.test.ts`,
  loading,
  tests,
})

describe('where the time of the tests went', () => {
  const many = Array.from({ length: 11 }, (_, n) => file('workerd', n, 1000, n * 1000))

  it('adds up each project, loading apart from tests', () => {
    const text = told([...many, file('node', 1, 500, 1500)], 60_000)
    expect(text).toMatch(/of +60\.0 s/)
    expect(text).toMatch(/workerd +11 files +loading +11\.0 s +tests +55\.0 s/)
    expect(text).toMatch(/node +1 files +loading +0\.5 s +tests +1\.5 s/)
  })

  it('names the ten slowest, slowest first', () => {
    const [, slow = ''] = told(many, 60_000).split('The slowest files:\n')
    const named = [...slow.matchAll(/workerd\/(\d+)/g)].map(([, n]) => Number(n))
    expect(named).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  })
})
