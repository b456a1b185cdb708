import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Every regular expression of the source, and how it bears long text made of what it looks for itself. JavaScript's own engine goes back
 * and forth: a pattern that can read the same text in two ways takes quadratic time or worse, and 60,000 characters stop an object.
 */

export interface Pattern {
  readonly file: string
  readonly source: string
  readonly flags: string
}

/** Where a literal can stand: behind what an operand follows. */
const literal =
  /(?<=[=(,:!&|?[{};+]\s*|=>\s*|\breturn\s+|^\s*)\/(?![/*])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)(?=[\s.,;)\]}:]|$)/gm

export function patternsIn(folder: string): Pattern[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.startsWith('sandbox'))
    .flatMap(file => {
      const text = readFileSync(join(folder, file), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '')
      return [...text.matchAll(literal)].map(([, source = '', flags = '']) => ({ file, source, flags }))
    })
}

const length = 12_000
/** ms that a pattern may take for one text of that length; a quadratic one takes several times as long. */
export const longest = 150

/** Pieces of text that the pattern itself names, and those that most patterns read. */
function unitsOf(source: string): string[] {
  const words = source.replace(/\\[a-z]|[()[\]{}|^$*+?.]/gi, ' ').split(/\s+/)
  const chars = [...new Set(source.replace(/\\/g, ''))]
  const usual = [
    '1',
    'a',
    'A',
    ' ',
    '\n',
    '\t',
    '-',
    '.',
    ',',
    '/',
    '"',
    '<',
    '&',
    '\\',
    '@',
    'a1',
    '1 ',
    'a ',
    '1.',
    ' \n',
    '1h ',
    'a.',
  ]
  return [...new Set([...usual, ...chars, ...words.filter(word => word.length > 1)])]
}

/** ms of a processor that this thread has used: whatever else the machine does, it counts only our own. */
function spent(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The text that takes the pattern longest, in ms. */
export function slowest({ source, flags }: Pattern): { ms: number; unit: string } {
  const pattern = new RegExp(source, flags.replace(/[gy]/g, ''))
  let worst = { ms: 0, unit: '' }
  const lead = unitsOf(source)
    .filter(unit => unit.length > 1 || /[^\w\s]/.test(unit))
    .slice(0, 8)
  for (const unit of unitsOf(source)) {
    const body = unit.repeat(Math.ceil(length / unit.length))
    for (const text of [`${body}\u0000`, ...lead.map(head => `${head}${body}\u0000!`)]) {
      const start = spent()
      pattern.test(text)
      const ms = spent() - start
      if (ms > worst.ms) worst = { ms, unit }
      if (ms > longest) return worst
    }
  }
  return worst
}
