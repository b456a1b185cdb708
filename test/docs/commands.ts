import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the pages tell people to type, and what becomes of it here. */

const root = join(import.meta.dirname, '../..')

/** Every page of ours. */
export const pages: readonly string[] = globSync(['*.md', 'docs/**/*.md', 'test/bench/peers/*.md'], {
  cwd: root,
}).sort()
export const pageText = (name: string) => readFileSync(join(root, name), 'utf8')

export interface Block {
  readonly page: string
  readonly language: string
  readonly text: string
}

/** Fenced blocks of these languages, in the order of the page. */
export const blocksOf = (page: string, languages: readonly string[]): Block[] =>
  [...pageText(page).matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .map(([, language = '', text = '']) => ({ page, language, text }))
    .filter(({ language }) => languages.includes(language))

/** Every block that is to be typed or run. */
export const shown: readonly Block[] = pages.flatMap(page => blocksOf(page, ['sh', 'bash', 'console', 'js']))

/**
 * A line that is not run as it stands, by how it begins: what it needs that is not here, or the test that shows it. It may stand for the
 * lines that go on with it.
 */
export interface Elsewhere {
  readonly begins: string
  readonly needs?: string
  readonly shownBy?: string
}

export const elsewhere: readonly Elsewhere[] = [
  { begins: 'npm install && npm start', needs: 'a registry of npm', shownBy: 'test/e2e/start.test.ts' },
  { begins: 'npm install-test', needs: 'a registry of npm', shownBy: '.ci/run' },
  { begins: 'npm install', needs: 'a registry of npm', shownBy: '.ci/run' },
  { begins: 'npx vitest run', shownBy: 'package.json' },
  { begins: 'npm run format', shownBy: 'test/check/check.ts' },
  { begins: 'npm run check', shownBy: '.ci/run' },
  { begins: 'npm run test:long', shownBy: '.github/workflows/long.yml' },
  { begins: 'node test/bench/peers/peers.ts', needs: 'a registry of npm' },
  { begins: 'npm run deploy', needs: 'an account of Cloudflare', shownBy: 'test/e2e/deploy.test.ts' },
  { begins: 'npx wrangler login', needs: 'an account of Cloudflare' },
  { begins: 'npx wrangler dev', shownBy: 'test/e2e/runtime.ts' },
  { begins: 'npx cloudflared tunnel', needs: 'the network' },
  { begins: 'claude mcp add', needs: 'Claude Code', shownBy: 'test/e2e/agents.test.ts' },
  { begins: 'curl https://api.calendly.com/', needs: 'an account of Calendly' },
]

export const elsewhereOf = (line: string): Elsewhere | undefined =>
  elsewhere.find(({ begins }) => line.startsWith(begins))

/** A script by its commands: a command goes on behind a backslash, in quotes and in a here document. */
export function commandsIn(script: string): string[] {
  const commands: string[] = []
  let begun = ''
  for (const line of script.split('\n')) {
    begun += begun === '' ? line : `\n${line}`
    const until = /<<(\w+)/.exec(begun)?.[1]
    const goesOn = until === undefined ? line.endsWith('\\') || odd(begun) : line !== until
    if (goesOn) continue
    if (begun.trim() !== '') commands.push(begun)
    begun = ''
  }
  return commands
}

/** Whether a quote is open at the end; a comment has none. */
function odd(text: string): boolean {
  const bare = text.replace(/(^|\s)#.*$/gm, '')
  return bare.split("'").length % 2 === 0
}
