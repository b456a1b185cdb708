import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { circles, folderSizes, type Module, modulesBelow, mutualFolders, roomsOf, wallsOf } from './house.ts'

const src = modulesBelow('src')
const test = modulesBelow('test')

/** About fifteen: more than that, nobody takes in at a glance. */
const folderMost = 16
/** A folder of tests holds its helpers besides. */
const testFolderMost = 20
const docketLinesMost = 400

const made = (imports: Record<string, readonly string[]>): Module[] =>
  Object.entries(imports).map(([path, to]) => ({ path, lines: 1, imports: to }))

describe('the house', () => {
  it('has no circle of imports, those of types counted', () => {
    expect(circles([...src, ...test])).toEqual([])
  })

  it('has no two folders side by side that need each other', () => {
    expect(mutualFolders(src)).toEqual([])
  })

  it('has no folder that cannot be taken in at a glance', () => {
    const above = (modules: readonly Module[], most: number) =>
      [...folderSizes(modules)].filter(([, size]) => size > most)
    expect(above(src, folderMost)).toEqual([])
    expect(above(test, testFolderMost)).toEqual([])
  })

  it('has no long file in the Docket', () => {
    const long = src.filter(({ path, lines }) => path.startsWith('src/docket/') && lines > docketLinesMost)
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([])
  })

  it('has no test that waits a second and no longer: they wait with `eventually`', () => {
    const waits = test.filter(
      ({ path }) => path.endsWith('.test.ts') && readFileSync(path, 'utf8').includes('vi.waitFor('),
    )
    expect(waits.map(({ path }) => path)).toEqual(['test/structure/house.test.ts'])
  })

  it('lets at most one of any two rooms import the other', () => {
    const walls = wallsOf(readFileSync('biome.json', 'utf8'))
    const rooms = roomsOf(src)
    expect(rooms.filter(room => !walls.has(room))).toEqual([])
    const level = (room: string) => room.startsWith('docket/')
    const keptFrom = (from: string, to: string) => walls.get(from)!.has(to.replace('docket/', ''))
    const open = rooms.flatMap(one =>
      rooms
        .filter(other => one < other && level(one) === level(other))
        .filter(other => !keptFrom(one, other) && !keptFrom(other, one))
        .map(other => `${one}, ${other}`),
    )
    // These four speak to the outside and stand side by side: what circles there would be, Biome finds.
    const outside = new Set(['forms', 'mail', 'agents', 'console', 'api'])
    expect(open.filter(pair => !pair.split(', ').every(room => outside.has(room)))).toEqual([])
  })
})

describe('what looks for faults in it', () => {
  it('sees a circle through types and three files', () => {
    const files = made({ 'a.ts': ['b.ts'], 'b.ts': ['c.ts'], 'c.ts': ['a.ts'], 'd.ts': ['a.ts'] })
    expect(circles(files)).toEqual([['a.ts', 'b.ts', 'c.ts']])
    expect(circles(made({ 'a.ts': ['b.ts', 'c.ts'], 'b.ts': ['c.ts'], 'c.ts': [] }))).toEqual([])
  })

  it('sees two folders that need each other through different files', () => {
    const files = made({
      'src/a/x.ts': ['src/b/y.ts'],
      'src/b/deep/z.ts': ['src/a/w.ts'],
      'src/c/u.ts': ['src/a/x.ts'],
    })
    expect(mutualFolders(files)).toEqual(['src/a, src/b: src/a/x.ts > src/b/y.ts, src/b/deep/z.ts > src/a/w.ts'])
  })

  it('reads the walls', () => {
    const wall = {
      rules: { style: { noRestrictedImports: { options: { patterns: [{ group: ['**/../{a,b}/**', '!../c/**'] }] } } } },
    }
    const biome = JSON.stringify({
      overrides: [{ includes: ['src/x/**', 'src/docket/y/**', 'src/docket/*.ts'], linter: wall }],
    })
    const names = new Set(['a', 'b'])
    expect([...wallsOf(biome)]).toEqual([
      ['x', names],
      ['docket/y', names],
      ['docket', names],
    ])
  })
})
