import { type Bytes, concat } from './encoding.ts'

/**
 * The raw bytes of a body, read once. `too-large` as soon as that is known: by Content-Length, or by counting, since the
 * header may be absent or wrong. `cut` when the sender went away.
 */
export async function readBody(
  message: { readonly headers: Headers; readonly body: ReadableStream | null },
  maxBytes: number,
): Promise<Bytes | 'too-large' | 'cut'> {
  if (Number(message.headers.get('content-length') ?? 0) > maxBytes) return 'too-large'
  if (message.body === null) return new Uint8Array()
  const chunks: Bytes[] = []
  let length = 0
  try {
    for await (const chunk of message.body as ReadableStream<Bytes>) {
      length += chunk.length
      if (length > maxBytes) return 'too-large'
      chunks.push(chunk)
    }
  } catch {
    return 'cut'
  }
  return concat(...chunks)
}
