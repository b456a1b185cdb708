import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routes } from '../../src/api/routes.ts'
import { readConfiguration, schema } from '../../src/configuration/configuration.ts'
import { Ledger } from '../../src/docket/ledger/ledger.ts'
import { rule, step, VERBS } from '../../src/model/rule.ts'
import { Keyring } from '../../src/platform/sealing.ts'
import { FUNCTIONS, MACROS } from '../../src/rules/language/functions.ts'
import { KEYS, NAMES } from '../../src/rules/scope.ts'
import { Disk } from '../simulation/storage.ts'

/** The README and the pages of docs say what is true, and all of it. */

const root = join(import.meta.dirname, '../..')
const page = (name: string) => readFileSync(join(root, name), 'utf8')
const configuration = page('docs/configuration.md')

/** What stands between backticks, whole or as a word of it. */
const coded = (text: string) =>
  new Set([...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => [code!, ...code!.split(/[^\w$]+/)]))

const blocks = (text: string) => [...text.matchAll(/^```jsonc\n(.*?)^```/gms)].map(([, block]) => block!)

/** A block that is no whole document holds the steps of a rule. */
const whole = (block: string) =>
  block.startsWith('{')
    ? block
    : `{ "timezone": "America/New_York", "country": "US", "endpoints": { "website": { "source": "form", "files": { "types": ["image/*"] } } },
        "rules": [{ "name": "example", "on": { "type": "form.submitted" }, "steps": { ${block} } }] }`

describe.each(['README.md', 'docs/configuration.md'])('%s', name => {
  it.each(blocks(page(name)))('shows a configuration that may be saved as it stands: %#', block => {
    const reading = readConfiguration(whole(block))
    expect(reading.ok ? reading.warnings : reading.problem).toEqual([])
  })

  it('shows some', () => {
    expect(blocks(page(name)).length).toBeGreaterThan(0)
  })
})

describe('docs/configuration.md', () => {
  const words = coded(configuration)
  const missing = (names: readonly string[]) => names.filter(name => !words.has(name))

  it('names every key of the document, of a rule and of a step', () => {
    expect(missing(Object.keys(schema().shape))).toEqual([])
    expect(missing([...Object.keys(rule.shape), ...Object.keys(step.shape)])).toEqual([])
  })

  it('says of every verb what it takes', () => {
    for (const [verb, { takes }] of Object.entries(VERBS)) {
      const [row] = configuration.split('\n').filter(line => line.startsWith(`| \`${verb}\` |`))
      const told = [...(row?.split('|')[3] ?? '').matchAll(/`(\w+)`/g)].map(([, option]) => option!)
      expect([verb, ...told.sort()]).toEqual([verb, ...[...takes].sort()])
    }
  })

  it('names everything that an expression may', () => {
    expect(missing([...NAMES, ...Object.values(KEYS).flat()])).toEqual([])
    expect(missing([...Object.keys(FUNCTIONS), ...MACROS])).toEqual([])
  })
})

describe('docs/storage.md', () => {
  const storage = page('docs/storage.md')
  const words = coded(storage)

  it('names every table of the Docket', () => {
    const disk = new Disk('')
    new Ledger(
      disk.access(() => {}),
      { firm: 'smith', keyring: new Keyring([Buffer.alloc(32).toString('base64')]) },
    ).putConfig('{}', {}, 0)
    const made = disk.query("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
    const tables = made.map(({ name }) => String(name))
    expect(tables.length).toBeGreaterThan(10)
    expect(tables.filter(table => !words.has(table))).toEqual([])
  })

  it('names every kind of key in KV', () => {
    const kinds = [...page('src/kv/names.ts').matchAll(/['`](\w+:)/g)].map(([, kind]) => kind!)
    expect(new Set(kinds)).toEqual(new Set(['firm:', 'connection:', 'ended:', 'key:']))
    for (const kind of kinds) expect(storage).toContain(`| \`${kind}`)
  })
})

describe('README.md', () => {
  it('lists every call of the API, and no other', () => {
    const calls = routes
      .filter(({ role }) => role !== 'anybody')
      .map(({ method, path }) => `${method} /api${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
    const listed = [...page('README.md').matchAll(/^\| `((?:GET|PUT|POST|DELETE) \/api[^`]*)`/gm)].map(
      ([, call]) => call!,
    )
    expect(listed.sort()).toEqual([...new Set(calls)].sort())
  })

  it('has a Deploy button as soon as package.json says where the repository is public, and none before', () => {
    const { repository, cloudflare } = JSON.parse(page('package.json')) as {
      repository?: string | { url: string }
      cloudflare: { bindings: Record<string, object> }
    }
    const url = typeof repository === 'object' ? repository.url : repository
    const [, button = null] = /deploy\.workers\.cloudflare\.com\/\?url=([^)\s]+)/.exec(page('README.md')) ?? []
    expect(button).toBe(url?.replace(/^git\+|\.git$/g, '') ?? null)
    // What it asks for is what the Worker must have.
    const [, required = ''] = /^required = (\[.*\])$/m.exec(page('wrangler.toml')) ?? []
    const asked = [...page('.dev.vars.example').matchAll(/^(\w+)=$/gm)].map(([, name]) => name)
    expect(asked).toEqual(JSON.parse(required))
    expect(Object.keys(cloudflare.bindings)).toEqual(asked)
  })

  it('links to nothing that is not there', () => {
    const pages = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], { cwd: root })
    expect(pages.length).toBeGreaterThan(50)
    for (const name of pages) {
      const links = [...page(name).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) =>
        join(root, name, '..', link!),
      )
      expect(links.filter(link => !existsSync(link))).toEqual([])
    }
  })
})
