/** Hands bodies on to R2 as they come; nothing of them is held here. */
export default {
  async fetch(request: Request, { FILES }: { FILES: R2Bucket }): Promise<Response> {
    if (request.method === 'POST') await FILES.put(crypto.randomUUID(), request.body)
    return new Response(null, { status: request.method === 'POST' ? 202 : 200 })
  },
}
