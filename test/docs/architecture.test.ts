import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mutations } from '../simulation/mutations.ts'
import { modulesBelow, roomsOf, wallsOf } from '../structure/house.ts'

const page = readFileSync('ARCHITECTURE.md', 'utf8')
const section = (name: string) => page.split(/^## /m).find(one => one.startsWith(name))!
/** The rows of a section's table: of each, what its cells name in code. */
const rowsOf = (name: string) =>
  section(name)
    .split('\n')
    .filter(line => line.startsWith('| ') && !line.startsWith('| | '))
    .map(line => line.split('|').map(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)))
    .filter(cells => cells.flat().length > 0)

/** Whether a module holds more than types and data. */
function holdsLogic(path: string): boolean {
  const code = readFileSync(path, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^(?:export )?(?:interface \w[\s\S]*?^\}|type .*$)/gm, '')
  return /\bfunction\b|^(?:export )?class |=>/m.test(code)
}

const covers = (row: string, path: string) => path === row || path.startsWith(`${row}/`)

describe('ARCHITECTURE.md', () => {
  const named = [...page.matchAll(/`((?:src|test)\/[^`<>{}*]+)`/g)].map(([, path]) => path!)

  it('names only what there is', () => {
    expect(named.length).toBeGreaterThan(50)
    // The list of mutations leaves the ending away.
    expect(named.filter(path => !existsSync(path) && !existsSync(`${path}.test.ts`))).toEqual([])
  })

  it('shows every room in the order that Biome enforces', () => {
    const order = rowsOf('Rooms').map(([, first]) => first!.filter(name => !/\.ts$/.test(name)))
    const rooms = roomsOf(modulesBelow('src'))
    expect(rooms.filter(room => room !== 'sandbox' && !order.flat().includes(room))).toEqual([])
    const walls = wallsOf(readFileSync('biome.json', 'utf8'))
    const nested = (room: string) => room.startsWith('docket/')
    const open = order.flatMap((above, at) =>
      order
        .slice(at + 1)
        .flat()
        .flatMap(low => above.filter(high => nested(low) === nested(high)).map(high => ({ low, high })))
        .filter(({ low, high }) => !walls.get(low)?.has(high.replace('docket/', ''))),
    )
    expect(open).toEqual([])
  })

  it('names a test for each of I1 to I9', () => {
    const shown = section('What always holds').matchAll(/^\| (I\d) \|[^|]*\|(.*)\|$/gm)
    const tested = [...shown].filter(([, , tests]) => /`test\/\S+\.test\.ts`/.test(tests!)).map(([, name]) => name)
    expect(tested).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9'])
  })

  it('names the tests that hold what went wrong once', () => {
    const rows = rowsOf('What went wrong once').map(cells => cells.flat().slice(-2) as [string, string])
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter(([file, name]) => !readFileSync(file, 'utf8').includes(name))).toEqual([])
  })

  it('lists the mutations as they are, and each can be made', () => {
    const rows = section('Mutations')
      .split('\n')
      .filter(line => /^\| .*`test\//.test(line))
      .map(line => line.split('|').map(cell => cell.trim()))
    const listed = rows.map(([, what, by]) => [what, by!.replaceAll('`', '')])
    expect(listed).toEqual(mutations.map(({ what, by }) => [what, `test/simulation/${by}`]))
    const places = mutations.map(({ what, file, from }) => [what, readFileSync(file, 'utf8').split(from).length - 1])
    expect(places.filter(([, count]) => count !== 1)).toEqual([])
  })

  it('maps every module that holds logic to the test that covers it', () => {
    const rows = rowsOf('The map of tests').flatMap(([, modules]) => modules!)
    const unmapped = modulesBelow('src')
      .map(({ path }) => path)
      .filter(path => !existsSync(path.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts')))
      .filter(path => !rows.some(row => covers(row, path)))
      .filter(holdsLogic)
    expect(unmapped).toEqual([])
  })
})
