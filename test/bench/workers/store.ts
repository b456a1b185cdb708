/** Bytes of a part, as the Worker's own (`src/platform/file-writer.ts`). One piece of memory stands for all of them. */
const part = new Uint8Array(5_243_200)

/** Calls R2 as the Worker does for a file of that size, and holds nothing of what it is sent. */
export default {
  async fetch(request: Request, { FILES }: { FILES: R2Bucket }): Promise<Response> {
    if (request.method !== 'POST' || request.body === null) return new Response(null)
    const reader = request.body.getReader({ mode: 'byob' })
    const name = crypto.randomUUID()
    const parts: R2UploadedPart[] = []
    let upload: R2MultipartUpload | null = null
    let buffer = new Uint8Array(131_072)
    let filled = 0
    for (;;) {
      const { value, done } = await reader.read(buffer)
      if (done) break
      // The memory moves with what was read into it.
      buffer = new Uint8Array(value.buffer as ArrayBuffer)
      filled += value.length
      if (filled < part.length) continue
      upload ??= await FILES.createMultipartUpload(name)
      parts.push(await upload.uploadPart(parts.length + 1, part))
      filled -= part.length
    }
    const rest = part.subarray(0, filled)
    if (upload === null) await FILES.put(name, rest)
    else await upload.complete([...parts, await upload.uploadPart(parts.length + 1, rest)])
    return new Response(null, { status: 202 })
  },
}
