import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** How the project is built, read from its own imports (those of types counted, since a reader follows them too). */

/** A file and the files of ours that it imports, as paths from the project's root. */
export interface Module {
  readonly path: string
  readonly lines: number
  readonly imports: readonly string[]
}

const importing = /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^'?]+)/g

/** Every TypeScript module below a folder of the project. */
export function modulesBelow(folder: string): Module[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return modulesBelow(path)
    if (!/\.tsx?$/.test(entry.name)) return []
    const text = readFileSync(path, 'utf8')
    const imports = [...text.matchAll(importing)].map(([, to]) => join(dirname(path), to!))
    return [{ path, lines: text.split('\n').length - 1, imports: [...new Set(imports)] }]
  })
}

/** Files that import each other, in a round: each such round once. */
export function circles(modules: readonly Module[]): string[][] {
  const importsOf = new Map(modules.map(({ path, imports }) => [path, imports]))
  const found: string[][] = []
  const way: string[] = []
  const left = new Set<string>()
  const walk = (path: string): void => {
    const at = way.indexOf(path)
    if (at >= 0) found.push(way.slice(at))
    if (at >= 0 || left.has(path)) return
    way.push(path)
    for (const to of importsOf.get(path) ?? []) walk(to)
    way.pop()
    left.add(path)
  }
  for (const { path } of modules) walk(path)
  return found
}

/** Two folders that stand side by side and need each other: `a, b: a/x.ts > b/y.ts, b/z.ts > a/w.ts`. */
export function mutualFolders(modules: readonly Module[]): string[] {
  const first = new Map<string, string>()
  for (const { path, imports } of modules)
    for (const to of imports) {
      const [from, into] = parted(path, to)
      const key = `${from}, ${into}`
      if (isFolder(from) && isFolder(into) && !first.has(key)) first.set(key, `${path} > ${to}`)
    }
  return [...first].flatMap(([key, there]) => {
    const [a, b] = key.split(', ') as [string, string]
    const back = a < b ? first.get(`${b}, ${a}`) : undefined
    return back === undefined ? [] : [`${key}: ${there}, ${back}`]
  })
}

/** Where the two paths part: the entries of the deepest folder that holds both. */
function parted(one: string, other: string): [string, string] {
  const [a, b] = [one.split('/'), other.split('/')]
  const at = a.findIndex((name, place) => name !== b[place])
  return [a.slice(0, at + 1).join('/'), b.slice(0, at + 1).join('/')]
}

const isFolder = (path: string) => !/\.\w+$/.test(path)

/** How many modules stand in each folder itself. */
export function folderSizes(modules: readonly Module[]): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const { path } of modules) sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + 1)
  return sizes
}

/** The rooms: folders of `src`, and those of the Docket, `docket/run`. */
export function roomsOf(modules: readonly Module[]): string[] {
  const rooms = modules.flatMap(({ path }) => {
    const [, top, ...rest] = dirname(path).split('/')
    return top === undefined ? [] : top === 'docket' && rest[0] ? [`docket/${rest[0]}`] : [top]
  })
  return [...new Set(rooms)].sort()
}

interface Override {
  readonly includes: readonly string[]
  readonly linter?: {
    readonly rules: {
      readonly style: { readonly noRestrictedImports: { readonly options: { readonly patterns: readonly Pattern[] } } }
    }
  }
}
interface Pattern {
  readonly group: readonly string[]
}

/** What biome.json keeps each room from importing: names of rooms, those of the Docket's by their last part. */
export function wallsOf(biome: string): Map<string, ReadonlySet<string>> {
  const { overrides } = JSON.parse(biome) as { overrides: Override[] }
  const walls = new Map<string, ReadonlySet<string>>()
  for (const { includes, linter } of overrides) {
    const patterns = linter?.rules.style.noRestrictedImports.options.patterns ?? []
    const names = patterns
      .flatMap(({ group }) => group)
      .filter(pattern => pattern.startsWith('**/../'))
      .flatMap(pattern => pattern.replace(/^\*\*\/\.\.\/\{?|\}?\/\*\*$/g, '').split(','))
    for (const include of includes) {
      const room = /^src\/(.+?)\/\*/.exec(include)?.[1]
      if (room) walls.set(room, new Set(names))
    }
  }
  return walls
}
