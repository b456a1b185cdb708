import type { JsonObject } from '../../src/lib/json.ts'

/** Slack's Web API as far as Docketed calls it: users of a workspace, forms opened, messages posted and updated, replies taken. */

export interface Posted {
  readonly channel: string
  readonly ts: string
  body: JsonObject
}

export class StandIn {
  readonly users = new Map<string, JsonObject>()
  readonly calls: { method: string; body: JsonObject; token: string | null }[] = []
  readonly messages: Posted[] = []
  readonly views: JsonObject[] = []
  /** What came to a response_url, by its address. */
  readonly replies: { url: string; body: JsonObject }[] = []
  /** Set: Slack answers with this error. */
  error: string | null = null
  /** True: Slack does not answer at all. */
  silent = false

  constructor() {
    this.user('USAM', 'Sam Smith', 'sam@smith.example')
    this.user('UINA', 'Ina Take', 'intake@smith.example')
    this.user('UOUT', 'Pat Visitor', 'pat@elsewhere.example')
  }

  user(id: string, name: string, email: string | null, more: JsonObject = {}): void {
    const profile = { real_name: name, ...(email !== null && { email }) }
    this.users.set(id, { id, name: name.toLowerCase(), tz: 'America/New_York', profile, ...more })
  }

  call(method: string, body: JsonObject, token: string | null = null): JsonObject {
    this.calls.push({ method, body, token })
    if (this.error !== null) return { ok: false, error: this.error }
    switch (method) {
      case 'users.info': {
        const user = this.users.get(String(body.user))
        return user ? { ok: true, user } : { ok: false, error: 'user_not_found' }
      }
      case 'views.open':
        this.views.push(body)
        return { ok: true, view: { id: `V${this.views.length}` } }
      case 'chat.postMessage': {
        const ts = `1700000000.${String(this.messages.length + 1).padStart(6, '0')}`
        this.messages.push({ channel: String(body.channel), ts, body })
        return { ok: true, channel: `C-${String(body.channel)}`, ts }
      }
      case 'chat.update': {
        const message = this.messages.find(one => one.ts === body.ts)
        if (!message) return { ok: false, error: 'message_not_found' }
        message.body = body
        return { ok: true, channel: String(body.channel), ts: message.ts }
      }
      default:
        return { ok: false, error: 'unknown_method' }
    }
  }

  /** As `fetch`: the Web API below any host, and the addresses that take replies. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    if (this.silent) throw new TypeError('fetch failed')
    const request = new Request(input as string, init)
    const url = new URL(request.url)
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? null
    const body = (request.method === 'GET' ? Object.fromEntries(url.searchParams) : await request.json()) as JsonObject
    if (url.host === 'hooks.slack.com') {
      this.replies.push({ url: request.url, body })
      return new Response('ok')
    }
    return Response.json(this.call(url.pathname.split('/').at(-1)!, body, token))
  }
}
