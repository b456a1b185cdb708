import { type Context, Hono } from 'hono'
import { empty, type SandboxRequest } from '../http.ts'
import type { Sandbox } from '../sandbox.ts'
import { control } from './control.ts'
import { page } from './page.ts'

/**
 * The sandbox as a Hono app. `app.fetch` serves it in process, in any runtime: a connection that breaks is then a rejected promise.
 * @param cut breaks the connection of a real server; left out, the fetch rejects
 */
export function createApp(sandbox: Sandbox, cut?: (context: Context) => Response): Hono {
  const app = new Hono()
  // A broken connection must reach the caller as one, not as Hono's 500.
  app.onError(cause => {
    throw cause
  })
  app.get('/', context => context.html(page(sandbox, context.req.query('account'))))
  app.route('/_sandbox', control(sandbox))
  app.all('*', async context => {
    const { reply, done } = sandbox.handle(await requestOf(context.req.raw))
    try {
      if (reply.kind === 'hang') await gone(context.req.raw.signal)
      else if (reply.after > 0) await new Promise(resolve => setTimeout(resolve, reply.after))
      if (reply.kind === 'answer') {
        const { status, headers, body } = reply.answer
        const none = status === 204 || status === 304
        return new Response(none ? null : (body as BodyInit), { status, headers })
      }
      if (cut) return cut(context)
      throw new TypeError('The connection was cut off.')
    } finally {
      done()
    }
  })
  return app
}

/** Waits for the caller to give up. */
function gone(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function requestOf(request: Request): Promise<SandboxRequest> {
  const url = new URL(request.url)
  const body =
    request.method === 'GET' || request.method === 'HEAD' ? empty : new Uint8Array(await request.arrayBuffer())
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(request.headers),
    body,
  }
}
