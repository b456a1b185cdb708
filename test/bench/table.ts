import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import type { Row } from './part.ts'

/** The bench's output: a Markdown table, and its place in the README. */

export function table(rows: readonly Row[]): string {
  const cell = (text = '') => text.replaceAll('|', '\\|')
  const aim = (row: Row) => (row.aim ? `${row.aim.text}${row.aim.met ? '' : ' **missed**'}` : '')
  const lines = rows.map(row => `| ${[row.what, row.figure, row.ratio, aim(row)].map(cell).join(' | ')} |`)
  return ['| what | measured | beside | meant to be |', '|---|---|---|---|', ...lines].join('\n')
}

/** When and where. @param now the day of the run */
export function heading(now: Date): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, Node ${process.version}`
  const day = now.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  return `One run of \`npm run bench\` on ${day} (${machine}; load generator and sandbox on the same processors):`
}

const [begin, end] = ['<!-- bench -->', '<!-- /bench -->']

/** What stands between the markers is the bench's. @throws when the page has no place for it */
export function replaced(page: string, text: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`The page has no ${begin} … ${end}.`)
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`
}

export async function write(file: string, text: string): Promise<void> {
  await writeFile(file, replaced(await readFile(file, 'utf8'), text))
}
