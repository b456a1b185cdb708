import { html } from 'hono/html'
import { readMirror } from '../../kv/mirror.ts'
import { Hono } from '../../lib/hono.ts'
import { isObject } from '../../lib/json.ts'
import type { Mirror } from '../../model/docket-rpc.ts'
import { documentOf } from '../parts/layout.ts'
import { frontBody, thanksBody } from './page.ts'

/** What stands at the address itself: words for a stranger, and in a demonstration a form to try it with. */
export interface Front {
  readonly kv: Pick<KVNamespace, 'get'>
  /** The address of the Clio that stands in for the real one; null: none does, and there is no demonstration. */
  readonly sandbox: string | null
  /** Where events come in. */
  deliver(request: Request): Response | Promise<Response>
}

/** The firm of `npm start`, and its form. */
const demo = { firm: 'demo', endpoint: 'website' }
const action = `/in/${demo.firm}/${demo.endpoint}`

export async function frontPage({ kv, sandbox }: Front): Promise<Response> {
  const form = sandbox !== null && hasForm(await readMirror(kv, demo.firm))
  // Every load of the form has an id of its own.
  const body = frontBody({ action: form ? action : null, id: crypto.randomUUID(), sandbox })
  return documentOf({ title: 'Docketed', kind: 'front', script: false, body })
}

/** In a demonstration the page of thanks shows what became of it. Its form is sent as any other, and comes in at the same door. */
export function demoRoutes({ sandbox, deliver }: Front): Hono {
  const app = new Hono()
  if (sandbox === null) return app
  app.post(action, async (c, next) => {
    const request = c.req.raw
    const accept = request.headers.get('accept') ?? ''
    if (!accept.includes('text/html') || accept.includes('application/json')) return next()
    const headers = new Headers(request.headers)
    headers.set('accept', 'application/json')
    const answer = await deliver(new Request(request.clone(), { headers }))
    // What is refused is said as ever.
    if (!answer.ok) return next()
    const { run } = (await answer.json()) as { run: string }
    return new Response(null, { status: 303, headers: { location: `/thanks/${run}`, 'cache-control': 'no-store' } })
  })
  app.get('/thanks/:run{run_[a-z0-9]+}', c => {
    const run = `/console/${demo.firm}/runs/${c.req.param('run')}`
    return documentOf({ title: 'Thank you', kind: 'front', script: false, body: thanksBody(run, sandbox) })
  })
  return app
}

/** For a browser that asks for what is not there. */
export const nowhere = (): Response =>
  documentOf({
    title: 'There is no page here',
    kind: 'front',
    script: false,
    status: 404,
    body: html`<h1>There is no page here</h1>
<p>The address may be mistyped, or what stood here is gone.</p>
<p><a href="/">To the start</a></p>`,
  })

/** Whether a person asks, and not a program. */
export const wantsPage = (headers: Headers): boolean => headers.get('accept')?.includes('text/html') ?? false

function hasForm(mirror: Mirror | null): boolean {
  const endpoints = isObject(mirror?.document) ? mirror.document.endpoints : null
  const endpoint = isObject(endpoints) ? endpoints[demo.endpoint] : null
  return isObject(endpoint) && endpoint.source === 'form'
}
