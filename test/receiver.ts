/** A receiver of webhooks that is down at first: each of its addresses fails once, then takes what comes. It keeps all that it took. */
export class Receiver {
  readonly #taken = new Map<string, Taken[]>()
  readonly #tried = new Set<string>()

  /** POST delivers; GET shows what was taken at the address. */
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    const taken = this.#taken.get(pathname) ?? []
    if (request.method === 'GET') return Response.json(taken)
    const body = await request.text()
    if (!this.#tried.has(pathname)) {
      this.#tried.add(pathname)
      return new Response('Not now.', { status: 503 })
    }
    this.#taken.set(pathname, [...taken, { headers: Object.fromEntries(request.headers), body }])
    return new Response(null, { status: 204 })
  }
}

export interface Taken {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
