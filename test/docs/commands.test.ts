import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/tools/commands/index.ts'
import { common } from '../../src/tools/line.ts'
import { commandsIn, elsewhere, elsewhereOf, pages, pageText, shown } from './commands.ts'

/** What the pages tell people to type exists. The blocks themselves are run: test/long/pages.test.ts, test/docs/sources.test.ts. */

const root = join(import.meta.dirname, '../..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

/** What stands between backticks in a line, and each command of a block. */
const typed = pages.flatMap(page => [
  ...[...pageText(page).matchAll(/`([^`\n]+)`/g)].map(([, text]) => ({ page, text: text! })),
  ...shown
    .filter(block => block.page === page && block.language !== 'js')
    .flatMap(({ text }) => commandsIn(text).map(command => ({ page, text: command }))),
])

/** As a shell reads it, as far as the pages go: quotes and comments. */
const wordsOf = (line: string) =>
  [...line.replace(/\s+#.*$/s, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  )

describe('a command of docketed that a page shows', () => {
  const lines = typed.flatMap(({ page, text }) => {
    const [, line] = /^(?:npx )?docketed ([a-z].*)$/s.exec(text) ?? []
    return line === undefined ? [] : [{ page, line: line.split(/ [<|>] /)[0]! }]
  })

  it('is there, with its options', () => {
    expect(lines.length).toBeGreaterThan(20)
    for (const { page, line } of lines) {
      const [name = '', ...rest] = wordsOf(line)
      if (name === 'help') continue
      const command = commands.find(one => one.name === name)
      expect(command?.name, `${page}: docketed ${line}`).toBe(name)
      const options = { ...command!.options, ...common }
      // `docketed clio --out` names the option only.
      const last = rest.at(-1)?.slice(2) ?? ''
      const args = options[last]?.type === 'string' ? [...rest, '…'] : rest
      const { positionals } = parseArgs({ args, options, allowPositionals: true })
      // A bare name is what a text calls it; words that are said are not too many.
      expect(positionals.length, `${page}: docketed ${line}`).toBeLessThanOrEqual(command!.words[1])
    }
  })

  it('stands in docs/cli.md, and so does every other', () => {
    const table = [...pageText('docs/cli.md').matchAll(/^\| `([a-z-]+)[ `]/gm)].map(([, name]) => name!)
    expect(table.sort()).toEqual(commands.map(({ name }) => name).sort())
  })
})

describe('a script or a file that a page shows', () => {
  it('is there', () => {
    const run = typed.flatMap(({ page, text }) =>
      [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => `${page}: ${scripts[name!] ? 'there' : name}`),
    )
    expect(run.length).toBeGreaterThan(5)
    expect(run.filter(one => !one.endsWith(': there'))).toEqual([])
    const files = typed.flatMap(({ page, text }) =>
      [...text.matchAll(/^(?:node |npx vitest run (?:--project \w+ )?)?((?:test|src|docs)\/[\w./-]+)/g)].map(
        ([, file]) => `${page}: ${file}`,
      ),
    )
    expect(files.length).toBeGreaterThan(50)
    // ARCHITECTURE.md names tests without their ending.
    const there = (file: string) => existsSync(join(root, file)) || existsSync(join(root, `${file}.test.ts`))
    expect(files.filter(one => !there(one.split(': ')[1]!))).toEqual([])
  })
})

describe('what is not run as it stands', () => {
  const lines = shown.filter(({ language }) => language !== 'js').flatMap(({ text }) => commandsIn(text))

  it.each(elsewhere)('$begins … is on a page, and says why', one => {
    expect(lines.some(line => elsewhereOf(line) === one)).toBe(true)
    expect(one.needs ?? one.shownBy).toBeTruthy()
    if (one.shownBy !== undefined) expect(existsSync(join(root, one.shownBy))).toBe(true)
  })
})
