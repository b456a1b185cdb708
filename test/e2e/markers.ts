import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Words that nobody else writes, and the search for them in everything that was left on the disk. */

/** How a text may stand in bytes: as it is, in UTF-16, in hexadecimal digits, and in base64 wherever it begins. */
export function spellings(text: string): Map<string, Buffer> {
  const bytes = Buffer.from(text)
  const wide = Buffer.from(text, 'utf16le')
  const found = new Map<string, Buffer>([
    ['as it is', bytes],
    ['in small letters', Buffer.from(text.toLowerCase())],
    ['UTF-16, low byte first', wide],
    ['UTF-16, high byte first', Buffer.from(wide).swap16()],
    ['hexadecimal', Buffer.from(bytes.toString('hex'))],
    ['hexadecimal in capitals', Buffer.from(bytes.toString('hex').toUpperCase())],
    ['of an address', Buffer.from(encodeURIComponent(text))],
  ])
  for (const before of [0, 1, 2]) {
    const alike = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // The first and the last digit hold bits of what stands around it.
    const inner = alike.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1)
    found.set(`base64 from ${before}`, Buffer.from(inner))
    found.set(`base64url from ${before}`, Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_')))
  }
  return found
}

/** Every file below. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}

/** A file may be gone while it is looked for: what SQLite keeps beside a database that is open. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    return Buffer.alloc(0)
  }
}

/** Where one of the texts stands: `file: text, how it is spelled`. */
export function traces(files: readonly string[], texts: readonly string[]): string[] {
  const wanted = texts.flatMap(text => [...spellings(text)].map(([how, bytes]) => ({ text, how, bytes })))
  return files.flatMap(file => {
    const bytes = contentOf(file)
    return wanted.filter(one => bytes.includes(one.bytes)).map(({ text, how }) => `${file}: “${text}”, ${how}`)
  })
}
