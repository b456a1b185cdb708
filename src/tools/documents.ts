import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readConfiguration } from '../configuration/configuration.ts'
import type { Remark } from '../lib/path.ts'
import { bom, exit, Failed } from './command.ts'

/** Documents of firms on this disk: `smith.jsonc` is the firm `smith`'s. */

export interface Document {
  readonly firm: string
  readonly file: string
  readonly text: string
}

/** What the check has to say of a document; it may be saved when `errors` is empty. */
export interface Verdict {
  readonly errors: readonly Remark[]
  readonly warnings: readonly Remark[]
}

const isName = (name: string) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)
const ending = /\.jsonc?$/

/** @throws Failed when it is no name of a firm */
export function firmNamed(name: string): string {
  if (isName(name)) return name
  throw new Failed(`'${name}' is no name of a firm: small letters, digits and hyphens.`, exit.usage)
}

/** The documents at the paths: files, and all `.jsonc` and `.json` files of folders. @throws Failed */
export function documentsAt(paths: readonly string[], firm?: string): Document[] {
  const files = paths.flatMap(filesAt)
  if (firm !== undefined && files.length !== 1)
    throw new Failed(`--firm names one firm, but there are ${files.length} documents.`, exit.usage)
  const documents = files.map(file => ({
    firm: firmNamed(firm ?? basename(file).replace(ending, '')),
    file,
    text: readFileSync(file, 'utf8').replace(bom, ''),
  }))
  const seen = new Map<string, string>()
  for (const { firm: name, file } of documents) {
    const other = seen.get(name)
    if (other) throw new Failed(`${other} and ${file} are both the document of ${name}.`, exit.usage)
    seen.set(name, file)
  }
  return documents
}

function filesAt(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new Failed(`There is no ${path}.`, exit.usage)
  if (!found.isDirectory()) return [path]
  const files = readdirSync(path, { withFileTypes: true }).filter(one => one.isFile() && ending.test(one.name))
  if (files.length === 0) throw new Failed(`There is no document (.jsonc) in ${path}.`, exit.usage)
  return files.map(({ name }) => join(path, name)).sort()
}

/** The same checks as on saving, but for the firm's stored secrets, which only its Docket knows. */
export function verdictOn(text: string): Verdict {
  const reading = readConfiguration(text)
  if (reading.ok) return { errors: [], warnings: reading.warnings }
  const { errors, detail } = reading.problem
  return { errors: errors ?? [{ path: '', message: detail }], warnings: [] }
}
