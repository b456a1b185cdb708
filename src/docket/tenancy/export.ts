import { concat, toBase64, utf8 } from '../../lib/encoding.ts'
import type { Json } from '../../lib/json.ts'
import type { FileStore } from '../../platform/file-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { migrations } from '../ledger/migrations.ts'

/**
 * All that is kept of a firm, as lines of JSON (docs/firms.md): a head, the rows of its database, the bytes of its files, and an end by
 * which one that is cut off is known.
 */

export interface ExportDeps {
  readonly ledger: Ledger
  readonly firm: string
  readonly files: Pick<FileStore, 'get'>
  readonly now: number
}

/** The first line. */
export interface Head {
  docketed: 'firm'
  format: 1
  firm: string
  /** ISO 8601. */
  at: string
  /** Of the database. */
  schema: number
  /** Base64: what keys and subjects are hashed with, so that a redelivery is known where the firm goes. */
  match: string
  connection: string | null
  /** Names of the secrets that the firm has stored; no value travels. */
  secrets: string[]
}

/** Bytes of a file in one line: a multiple of three, which base64 writes without padding. */
const fileBytes = 192 * 1024

export async function* linesOf({ ledger, firm, files, now }: ExportDeps): AsyncGenerator<Uint8Array> {
  let lines = 0
  const line = (value: object) => {
    lines++
    return `${JSON.stringify(value)}\n`
  }
  const head: Head = {
    docketed: 'firm',
    format: 1,
    firm,
    at: new Date(now).toISOString(),
    schema: migrations.at(-1)!.id,
    match: toBase64(new Uint8Array(ledger.seals.keys.match)),
    connection: ledger.meta.get<string>('connection'),
    secrets: [...ledger.configs.owns()].sort(),
  }
  yield utf8(line(head))
  const kept = new Set<string>()
  for (const page of ledger.transfer.dump()) {
    let text = ''
    for (const one of page) {
      if (one.table === 'files') kept.add(String(one.row.key))
      text += line(one)
      if (text.length < fileBytes) continue
      yield utf8(text)
      text = ''
    }
    yield utf8(text)
  }
  for (const key of kept) {
    const file = await files.get(key)
    if (!file) continue
    yield utf8(line({ file: key, size: file.size }))
    for await (const part of parts(new Response(file.body).body!)) yield utf8(line({ bytes: toBase64(part) }))
  }
  yield utf8(line({ end: true, lines } satisfies Record<string, Json>))
}

async function* parts(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let rest = new Uint8Array()
  for await (const chunk of body) {
    const bytes = concat(rest, chunk)
    let at = 0
    for (; bytes.length - at >= fileBytes; at += fileBytes) yield bytes.slice(at, at + fileBytes)
    rest = bytes.slice(at)
  }
  if (rest.length > 0) yield rest
}

/** A stream that crosses to the Worker, and is made no faster than it is read. */
export function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream()
  void pump(chunks, writable.getWriter())
  return readable
}

/** Whoever reads may go away; what is half an export has no end, and says so. */
async function pump(
  chunks: AsyncGenerator<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  try {
    for await (const chunk of chunks) if (chunk.length > 0) await writer.write(chunk)
    await writer.close()
  } catch (error) {
    console.warn(`An export ended early: ${error instanceof Error ? error.name : 'fault'}`)
    await writer.abort(error).catch(() => {})
  }
}
