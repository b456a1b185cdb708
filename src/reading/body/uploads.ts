import * as z from 'zod/mini'
import type { Bytes } from '../../lib/encoding.ts'
import { type Problem, problem } from '../../lib/problem.ts'
import { trimEdges } from '../../lib/trim.ts'
import type { FileLimits, InboundFile, Part, StoredFile } from '../../model/event.ts'
import { allowedType, typePattern } from './file-types.ts'

/** Files that come with a form: which ones are taken, and under what name. */

/** Bytes of all files of one request. Those of mail and of JSON are held in memory, of which a Worker has 128 MB for all that it does at once. */
const largest = 26_214_400
/** Each is a write to R2 before the answer. */
const mostEver = 20

export const fileOptions = z.strictObject({
  /** Media types that may come: `application/pdf`, `image/*`. */
  types: z
    .array(z.string().check(z.regex(typePattern, 'is a media type such as application/pdf or image/*')))
    .check(z.minLength(1)),
  /** Bytes of all files together. @default 26214400, which is also the most */
  maxBytes: z._default(z.int().check(z.gte(1), z.lte(largest)), largest),
  /** Files in one form. @default 10 */
  most: z._default(z.int().check(z.gte(1), z.lte(mostEver)), 10),
})

export interface Received {
  readonly file: InboundFile
  readonly content: Bytes | StoredFile
}

/** The file parts of a form; a file field that was left empty sends one of no bytes, which is none. */
export function receive(parts: readonly Part[], options: FileLimits): Received[] | Problem {
  const files = parts.filter(part => part.size > 0)
  if (files.length > options.most) return tooMany(options.most)
  if (files.reduce((sum, { size }) => sum + size, 0) > options.maxBytes) return tooLarge(options.maxBytes)
  const received: Received[] = []
  for (const { name: field, filename, type: named, bytes, size, stored } of files) {
    const name = safeName(filename ?? '')
    const type = allowedType(named, name, bytes, options.types)
    if (type === null) return typeRefused(options.types)
    received.push({ file: { name, content_type: type, size, field }, content: stored ?? bytes })
  }
  return received
}

const longest = 120

/**
 * A name that is only a name: no path, no control or direction characters (which make `exe.fdp` read `pdf.exe`), none that a file
 * system refuses, no dots or spaces at its ends; at most 120 characters, extension kept; never empty.
 */
export function safeName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const written = last.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '').replace(/[<>:"|?*]/g, '_')
  const plain = trimEdges(written, /[\s.]/, 'end')
  const dot = plain.lastIndexOf('.')
  const extension = dot >= 0 && plain.length - dot <= 12 ? plain.slice(dot) : ''
  const stem = plain.slice(0, plain.length - extension.length).replace(/^[\s.]+/u, '')
  return `${shortened(stem, longest - extension.length).trim() || 'file'}${extension}`
}

/** Never in the middle of a character. */
function shortened(text: string, length: number): string {
  let cut = ''
  for (const character of text) {
    if (cut.length + character.length > length) break
    cut += character
  }
  return cut
}

const nothing = 'Nothing was recorded.'

const tooMany = (most: number) =>
  problem(
    413,
    'too-many-files',
    'Too many files came with the form',
    `This form takes at most ${most}. ${nothing} Send fewer.`,
  )

const tooLarge = (maxBytes: number) =>
  problem(
    413,
    'files-too-large',
    'The files are too large',
    `This form takes at most ${maxBytes} bytes of files together. ${nothing} Send smaller ones.`,
  )

const typeRefused = (types: readonly string[]) =>
  problem(
    415,
    'file-type',
    'A file is of a kind that is not taken',
    `This form takes ${types.join(', ')}; type, name and content of a file have to agree. ${nothing} Send it as one of these.`,
  )
