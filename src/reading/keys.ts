import { type Bytes, fromUtf8, toHex } from '../lib/encoding.ts'
import type { JsonObject } from '../lib/json.ts'
import { trimEdges } from '../lib/trim.ts'
import type { Part } from '../model/event.ts'

/**
 * What idempotency keys are hashed from: version 1, the reading of 24 November 2026, apart from what is read of a delivery today. Nothing
 * here gets better: a changed key would carry a redelivery out again. A better form would be a version beside this one, and deliveries
 * would be looked up under both while keys of this one live (`test/reading/keys.test.ts` holds known hashes).
 */

/** Answers by name; null where this version refused the body, so that no key of it exists. */
export function keyedAnswers(pairs: readonly [string, string][]): JsonObject | null {
  const answers = new Map<string, string | string[]>()
  for (const [raw, text] of pairs) {
    const list = raw.endsWith('[]') && raw.length > 2
    const name = list ? raw.slice(0, -2) : raw
    if (name === '__proto__') return null
    const value = text.replace(/\r\n?/g, '\n').trim()
    const before = answers.get(name)
    if (before === undefined) answers.set(name, list ? [value] : value)
    else answers.set(name, [before, value].flat())
  }
  return Object.fromEntries(answers)
}

/** The pairs of a URL-encoded body; null for one that is no UTF-8, or has a broken percent-encoding. */
export function keyedPairs(body: Bytes): [string, string][] | null {
  const text = fromUtf8(body)
  if (text === null) return null
  const pairs: [string, string][] = []
  for (const part of text.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = unescaped(equals < 0 ? part : part.slice(0, equals))
    const value = unescaped(equals < 0 ? '' : part.slice(equals + 1))
    if (name === null || value === null) return null
    pairs.push([name, value])
  }
  return pairs
}

function unescaped(text: string): string | null {
  const spaced = text.replaceAll('+', ' ')
  if (/%(?![0-9a-f]{2})/i.test(spaced)) return null
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced.replace(/(?:%[0-9a-f]{2})+/gi, run =>
      new TextDecoder('windows-1252').decode(Uint8Array.from(run.slice(1).split('%'), hex => Number.parseInt(hex, 16))),
    )
  }
}

export interface KeyedParts {
  readonly answers: JsonObject
  readonly files: readonly { readonly name: string; readonly bytes: Bytes; readonly sha256?: string }[]
}

/** Answers and files of a multipart body; null where a part would have been refused. */
export function keyedParts(parts: readonly Part[]): KeyedParts | null {
  const pairs: [string, string][] = []
  const files: { name: string; bytes: Bytes; sha256?: string }[] = []
  for (const { head, filename: today, bytes, size, stored } of parts) {
    const named = parametersOf(new TextDecoder().decode(head))
    const name = named.get('name')
    if (name === undefined) return null
    // What this version took for an answer, and as one was too long for it, has no key of it: that one is a file's.
    const filename = named.get('filename') ?? (bytes.length < size ? (today ?? '') : undefined)
    const isFile = filename !== undefined && (filename !== '' || size > 0)
    if (!isFile) pairs.push([name, new TextDecoder().decode(bytes)])
    else if (size > 0) files.push({ name: safeName(filename), bytes, ...(stored && { sha256: stored.sha256 }) })
  }
  const answers = keyedAnswers(pairs)
  return answers && { answers, files }
}

/** True for a part that this version took for an answer, whatever it is taken for today: it is hashed as text. */
export const isKeyedText = (head: Bytes): boolean => !parametersOf(new TextDecoder().decode(head)).has('filename')

function parametersOf(head: string): Map<string, string> {
  const line = head.split('\r\n').findLast(each => /^content-disposition\s*:/i.test(each)) ?? ''
  const disposition = line.slice(line.indexOf(':') + 1).trim()
  const found = new Map<string, string>()
  for (const [, name = '', quoted, bare] of disposition.matchAll(/;\s*([\w*-]+)=(?:"((?:\\"|[^"])*)"|([^;\s]*))/g)) {
    const value = (quoted ?? bare ?? '').replaceAll('\\"', '"')
    const plain = value.replace(/%(22|0D|0A)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), plain)
  }
  return found
}

function safeName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const written = last.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '').replace(/[<>:"|?*]/g, '_')
  const plain = trimEdges(written, /[\s.]/, 'end')
  const dot = plain.lastIndexOf('.')
  const extension = dot >= 0 && plain.length - dot <= 12 ? plain.slice(dot) : ''
  const stem = plain.slice(0, plain.length - extension.length).replace(/^[\s.]+/u, '')
  let cut = ''
  for (const character of stem) {
    if (cut.length + character.length > 120 - extension.length) break
    cut += character
  }
  return `${cut.trim() || 'file'}${extension}`
}

/** What tells one set of files from another. */
export function keyedFiles(files: KeyedParts['files']): Promise<{ name: string; sha256: string }[]> {
  return Promise.all(
    files.map(async ({ name, bytes, sha256 }) => ({
      name,
      sha256: sha256 ?? toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))),
    })),
  )
}
