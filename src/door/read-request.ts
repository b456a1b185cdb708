import { type Bytes, concat } from '../lib/encoding.ts'
import { readBody } from '../lib/read-body.ts'
import type { FileLimits, Part, PartHead } from '../model/event.ts'
import type { FileWriter } from '../platform/file-writer.ts'
import { maxFields } from '../reading/body/body.ts'
import { MultipartReader, type Taker } from '../reading/body/multipart.ts'
import { isKeyedText } from '../reading/keys.ts'
import type { Kept } from './keep-bytes.ts'

/** The body of a request, read once; or why it was not: more than it may have, more answers than an event has room for, or it broke off. */
export type ReadBody =
  | {
      readonly bytes: Bytes
      /** Of a form whose files went into the store as they came; there are no bytes then. Null when it is none. */
      readonly parts?: readonly Part[] | null
      /** Bytes of all of it, and of what may become part of an event. */
      readonly size: number
      readonly text: number
    }
  | 'too-large'
  | 'too-much'
  | 'cut'

/** A form as browsers send it with files. */
export const isForm = ({ method, headers }: Request): boolean =>
  method === 'POST' && /^\s*multipart\/form-data\s*(?:;|$)/i.test(headers.get('content-type') ?? '')

export async function wholeBody(request: Request, maxBytes: number): Promise<ReadBody> {
  const said = Number(request.headers.get('content-length') ?? Number.NaN)
  // What is short and says so is read in one go, which costs a tenth; the rest is counted as it comes.
  const bytes = said <= Math.min(shortBytes, maxBytes) ? await inOneGo(request) : await readBody(request, maxBytes)
  return typeof bytes === 'string' ? bytes : { bytes, size: bytes.length, text: bytes.length }
}

/** Bytes of a body that need no watching. HTTP holds a sender to the length that it said (RFC 9112 §6.3). */
const shortBytes = 65_536

const inOneGo = (request: Request): Promise<Bytes | 'cut'> =>
  request.arrayBuffer().then(
    buffer => new Uint8Array(buffer),
    () => 'cut' as const,
  )

/** Bytes that are read at once. */
const bufferBytes = 131_072
/** Bytes of answers that are held; one event has no room for more. */
export const textMost = 1_048_576
/** Bytes of a file that tell what it is. */
const tellingBytes = 1024

class TooMuchText extends Error {}

/**
 * A form with files, which go into the store as they come.
 * @throws Unkept
 */
export async function streamForm(
  request: Request,
  limits: FileLimits,
  maxBytes: number,
  kept: Kept,
): Promise<ReadBody> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return 'too-large'
  const form = new Form(limits, kept)
  const parts = new MultipartReader(request.headers.get('content-type') ?? '', maxFields, head => form.open(head))
  const reader = request.body?.getReader({ mode: 'byob' })
  let buffer: Bytes = new Uint8Array(bufferBytes)
  let filled = 0
  let size = 0
  try {
    while (reader) {
      const { value, done } = await reader.read(buffer.subarray(filled)).catch(() => ({ value: undefined, done: null }))
      if (done === null) return 'cut'
      if (done || value === undefined) break
      // The memory moves with what was read into it.
      buffer = new Uint8Array(value.buffer as ArrayBuffer)
      size += value.length
      if (size > maxBytes) return 'too-large'
      filled += value.length
      const used = await parts.take(buffer.subarray(0, filled))
      buffer.copyWithin(0, used, filled)
      filled -= used
    }
  } catch (error) {
    if (error instanceof TooMuchText) return 'too-much'
    throw error
  } finally {
    await form.abort()
    // Whoever is refused half way may stop sending.
    await reader?.cancel().catch(() => {})
  }
  return { bytes: new Uint8Array(), parts: parts.state === 'over' ? parts.parts : null, size, text: form.text }
}

class Form {
  readonly #limits: FileLimits
  readonly #kept: Kept
  #writer: FileWriter | null = null
  #files = 0
  #fileBytes = 0
  /** Bytes of files that stand in memory, of all of them. */
  #held = 0
  /** Bytes of answers. */
  text = 0

  constructor(limits: FileLimits, kept: Kept) {
    this.#limits = limits
    this.#kept = kept
  }

  open(head: PartHead): Taker {
    return head.filename === null ? this.#answer(head) : this.#file(head)
  }

  /** The file that was under way when the form ended too early. */
  async abort(): Promise<void> {
    await this.#writer?.abort()
  }

  #answer(head: PartHead): Taker {
    const pieces: Bytes[] = []
    return {
      write: bytes => {
        this.text += bytes.length
        if (this.text > textMost) throw new TooMuchText()
        pieces.push(bytes.slice())
      },
      end: () => {
        const bytes = concat(...pieces)
        return { ...head, bytes, size: bytes.length }
      },
    }
  }

  #file(head: PartHead): Taker {
    // Its key may be hashed from it as from an answer, which stands in memory.
    const most = isKeyedText(head.head) ? Math.max(textMost - this.#held, tellingBytes) : tellingBytes
    const first: Bytes[] = []
    let held = 0
    let size = 0
    return {
      write: async bytes => {
        if (size === 0) this.#files++
        size += bytes.length
        this.#fileBytes += bytes.length
        if (held < most) {
          const piece = bytes.slice(0, most - held)
          first.push(piece)
          held += piece.length
          this.#held += piece.length
        }
        const { most: files, maxBytes } = this.#limits
        // What will be refused is only counted.
        if (this.#files > files || this.#fileBytes > maxBytes) return this.#leave()
        this.#writer ??= this.#kept.begin()
        const writer = this.#writer
        await writer.write(bytes).catch(() => this.#kept.failed(writer))
      },
      end: async () => {
        const writer = this.#writer
        this.#writer = null
        const part = { ...head, bytes: concat(...first), size }
        return writer === null ? part : { ...part, stored: await this.#kept.end(writer) }
      },
    }
  }

  async #leave(): Promise<void> {
    const writer = this.#writer
    this.#writer = null
    await writer?.abort()
  }
}
