import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readJsonc } from '../../src/configuration/jsonc.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import type { RunSummary } from '../../src/model/docket-rpc.ts'
import { blocksOf, commandsIn, elsewhereOf, shown } from '../docs/commands.ts'
import { type Runtime, startRuntime, until } from '../e2e/runtime.ts'

/**
 * The pages' own commands, typed as they stand, one after another, against a Worker that runs: what they promise happens. Whatever needs
 * more than this machine is named in test/docs/commands.ts; requests of docs/sources are held to their sources by test/docs/sources.test.ts.
 */

const root = join(import.meta.dirname, '../..')
/** The Worker of the pages. */
const anyWorker = 'https://docketed.example.workers.dev'
/** Where `npm start` listens. */
const local = 'http://127.0.0.1:8787'

/** What a person would answer, and what an account of Cloudflare would be needed for. */
const answered: Readonly<Record<string, string>> = {
  'npx docketed init':
    '--firm smith --timezone America/New_York --country US --website https://smith.example --assignee intake@smith.example',
  'npx docketed push': '--yes',
  'npx wrangler deploy': '--dry-run',
}

let home = ''
let runtime: Runtime | null = null
/** What the blocks typed so far have exported, as in one shell. */
const exported: Record<string, string> = {}
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'docketed-pages-'))
  // Of the clone; the folder in which it is typed is another, so that nothing is written into the project.
  const npx = `#!/bin/sh
name="$1"; shift
case "$name" in
  docketed) exec "${process.execPath}" "${root}/src/tools/docketed.ts" "$@" ;;
  wrangler) cd "${root}" && exec "${process.execPath}" node_modules/wrangler/bin/wrangler.js "$@" ;;
  *) echo "npx $name is not here" >&2; exit 127 ;;
esac
`
  writeFileSync(join(home, 'npx'), npx)
  chmodSync(join(home, 'npx'), 0o755)
})
afterAll(async () => {
  await runtime?.close()
  if (home) rmSync(home, { recursive: true })
})

/** Types the commands of a block, but those that are shown elsewhere. @throws with what was said, when one fails */
async function type(script: string): Promise<string> {
  const lines = commandsIn(script)
    .filter(line => elsewhereOf(line) === undefined)
    .map(line => {
      const more = Object.entries(answered).find(([begins]) => line.startsWith(begins))?.[1]
      const [command = '', remark = ''] = line.split(/(?=\s+# )/)
      return more === undefined ? line : `${command} ${more}${remark}`
    })
    .map(line => line.replaceAll(anyWorker, runtime?.url ?? anyWorker).replaceAll(local, runtime?.url ?? local))
  const rest = `\nfor name in DOCKETED_URL DOCKETED_TOKEN EXPORT_PASSPHRASE; do printf '%s=%s\\0' "$name" "\${!name-}"; done > "${home}/exported"`
  const env = {
    ...process.env,
    ...exported,
    HOME: home,
    PATH: `${home}:${process.env.PATH}`,
    WRANGLER_SEND_METRICS: 'false',
  }
  const said = await new Promise<string>((resolve, reject) =>
    execFile('bash', ['-euo', 'pipefail', '-c', lines.join('\n') + rest], { env, cwd: home }, (failed, out, err) =>
      failed ? reject(new Error(`${lines.join('\n')}\n${out}${err}`)) : resolve(out),
    ),
  )
  for (const pair of readFileSync(join(home, 'exported'), 'utf8').split('\0').slice(0, -1)) {
    const at = pair.indexOf('=')
    if (pair.length > at + 1) exported[pair.slice(0, at)] = pair.slice(at + 1)
  }
  return said
}

/** Blocks that this file runs, and those of docs/sources that another does. */
const typed = new Set<string>()
function block(page: string, words: string): string {
  const found = shown.filter(one => one.page === page && one.text.includes(words))
  expect(found.map(({ text }) => text)).toHaveLength(1)
  typed.add(found[0]!.text)
  return found[0]!.text
}

const call = async (method: string, path: string, body?: string) => {
  const headers = { authorization: `Bearer ${runtime!.adminToken}` }
  const answer = await fetch(`${runtime!.url}/api/firms/smith/${path}`, { method, headers, ...(body && { body }) })
  expect([path, answer.ok]).toEqual([path, true])
  return answer
}
const runs = async () => ((await (await call('GET', 'runs')).json()) as { runs: RunSummary[] }).runs

describe('docs/deploying.md, by hand', () => {
  it('makes a file of secrets that only its owner reads, and deploys with it', async () => {
    const said = await type(block('docs/deploying.md', 'cat > ~/docketed.secrets'))
    expect(said).toContain('--dry-run: exiting now.')
    for (const bound of ['env.DOCKET', 'env.REGISTRY', 'env.KV', 'env.FILES', 'env.ASSETS'])
      expect(said).toContain(bound)
    const secrets = readFileSync(join(home, 'docketed.secrets'), 'utf8')
    const made = Object.fromEntries(
      secrets
        .trim()
        .split('\n')
        .map(line => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    )
    expect(Object.keys(made)).toEqual(['MATON_API_KEY', 'ADMIN_TOKEN', 'DATA_KEY'])
    const { ADMIN_TOKEN, DATA_KEY } = made as { ADMIN_TOKEN: string; DATA_KEY: string }
    runtime = await startRuntime({ vars: { ADMIN_TOKEN, DATA_KEY } })
  })

  it('writes the first document, stores it, connects Clio, and finds the Worker well', async () => {
    // Whoever opens the page that is printed.
    const { connections } = runtime!.sandbox
    const person = setInterval(() => {
      for (const one of connections.all()) if (one.status === 'PENDING') connections.activate(one, 'smith')
    }, 250)
    const said = await type(block('docs/deploying.md', 'npx docketed init')).finally(() => clearInterval(person))
    expect(said).toContain('smith.jsonc is written')
    expect(said).toContain('1 of 1 document can be saved')
    expect(said).toContain('1 saved')
    expect(said).toContain('session_token=')
    expect(said).toContain('It stands in the configuration of firm smith')
    expect(said).toContain('"status":"ok"')
    expect(exported.DOCKETED_TOKEN).toBe(runtime!.adminToken)
  })

  it('makes the variables of a Worker on this machine', async () => {
    await type(block('docs/deploying.md', '> .dev.vars'))
    const lines = readFileSync(join(home, '.dev.vars'), 'utf8').trim().split('\n')
    expect(lines.map(line => line.split('=')[0])).toEqual(['MATON_API_KEY', 'ADMIN_TOKEN', 'DATA_KEY'])
    expect(lines[1]!.split('=')[1]).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('README.md', () => {
  /** The document that it shows; with the endpoints and rules of other pages, and the connection of before. */
  async function document(): Promise<string> {
    const connected = readJsonc(await (await call('GET', 'config')).text())
    const [readme] = blocksOf('README.md', ['jsonc']).map(({ text }) => readJsonc(text))
    const [booking] = blocksOf('docs/recipes.md', ['jsonc']).map(({ text }) => readJsonc(text))
    const [mail] = blocksOf('docs/sources/email.md', ['jsonc']).map(({ text }) => readJsonc(`{${text}}`))
    const [base, smith, calendly, contact] = [connected, readme, booking, mail].map(read =>
      read?.ok ? (read.value as { endpoints: JsonObject; rules?: JsonObject[] } & JsonObject) : null,
    )
    return JSON.stringify({
      ...smith!,
      connection: base!.connection,
      endpoints: { ...smith!.endpoints, ...calendly!.endpoints, ...contact!.endpoints },
      rules: [...smith!.rules!, ...calendly!.rules!],
    })
  }

  it('sends something in: a run, which is done; sent again, a duplicate', async () => {
    await call('PUT', 'config', await document())
    const script = block('README.md', "-H 'Idempotency-Key: visit-4711'")
    const first = JSON.parse(await type(script)) as { run: string }
    expect(first).toEqual({ run: expect.stringMatching(/^run_[a-z0-9]{20}$/), status: 'accepted', duplicate: false })
    const [shownAnswer] = blocksOf('README.md', ['json'])
    expect(Object.keys(JSON.parse(shownAnswer!.text) as object)).toEqual(Object.keys(first))
    await until(runs, all => all.some(({ id, state }) => id === first.run && state === 'done'))
    expect(JSON.parse(await type(script))).toEqual({ ...first, duplicate: true })
    const other = await type(script.replace('Please call me', 'Something else'))
    expect(JSON.parse(other)).toMatchObject({ status: 422 })
  })
})

describe('docs/sources/email.md', () => {
  it('sends a mail in', async () => {
    await type(block('docs/sources/email.md', 'cdn-cgi/handler/email'))
    const seen = await until(runs, all => all.some(({ endpoint }) => endpoint === 'contact'))
    expect(seen[0]).toMatchObject({ endpoint: 'contact', type: 'mail.received' })
  })
})

describe('docs/agents.md', () => {
  it('makes a token of an agent', async () => {
    const made = JSON.parse(await type(block('docs/agents.md', '/api/firms/smith/tokens'))) as { token: string }
    expect(made).toMatchObject({ role: 'operator', agent: 'propose', token: expect.stringMatching(/^dkt_smith_/) })
  })
})

describe('docs/firms.md', () => {
  it('tells of what another tool made', async () => {
    expect(JSON.parse(await type(block('docs/firms.md', '/api/firms/smith/links')))).toEqual({ links: 1 })
  })

  it('exports a firm, and opens the file in Node without anything of ours', async () => {
    const said = await type(block('docs/firms.md', 'npx docketed export'))
    expect(said).toMatch(/smith\.docketed: \d+ bytes\.$/m)
    writeFileSync(join(home, 'open.mjs'), block('docs/firms.md', "from 'node:crypto'"))
    const lines = (await type(`"${process.execPath}" open.mjs`))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as JsonObject)
    expect(lines[0]).toMatchObject({ docketed: 'firm', format: 1, firm: 'smith' })
    expect(lines.at(-1)).toEqual({ end: true, lines: lines.length - 1 })
    expect(JSON.stringify(lines)).toContain('ada@mail.example')
    exported.EXPORT_PASSPHRASE = 'another one than it was sealed to'
    await expect(type(`"${process.execPath}" open.mjs`)).rejects.toThrow('unable to authenticate data')
  })
})

describe('every page', () => {
  it('shows nothing that is not typed here, held to its source, or named as shown elsewhere', async () => {
    await type(block('docs/cli.md', 'export DOCKETED_URL'))
    const bySources = ({ page, text }: { page: string; text: string }) =>
      page.startsWith('docs/sources/') && (text.includes('--data-binary') || page.endsWith('google-forms.md'))
    const left = shown.filter(
      one =>
        !typed.has(one.text) &&
        !bySources(one) &&
        !(one.language !== 'js' && commandsIn(one.text).every(line => elsewhereOf(line) !== undefined)),
    )
    expect(left).toEqual([])
  })
})
