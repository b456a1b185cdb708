import { readMirror } from '../kv/mirror.ts'
import { isObject } from '../lib/json.ts'
import type { Mirror } from '../model/docket-rpc.ts'
import { page } from './page.ts'

/** The front page: what stands here, and in a demonstration the form to try it with. */

/** The firm of `npm start`, and its form. */
const demo = { firm: 'demo', endpoint: 'website' }

export async function consolePage(env: Pick<Env, 'KV'> & { readonly SANDBOX_URL?: string }): Promise<Response> {
  const mirror = await readMirror(env.KV, demo.firm)
  const nonce = crypto.randomUUID()
  const html = page({
    nonce,
    action: hasForm(mirror) ? `/in/${demo.firm}/${demo.endpoint}` : null,
    id: crypto.randomUUID(),
    sandbox: webAddress(env.SANDBOX_URL),
  })
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      // Nothing is loaded and no script runs; a form goes nowhere but here.
      'content-security-policy': `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      // Every load of the form has an id of its own.
      'cache-control': 'no-store',
    },
  })
}

function hasForm(mirror: Mirror | null): boolean {
  const endpoints = isObject(mirror?.document) ? mirror.document.endpoints : null
  const endpoint = isObject(endpoints) ? endpoints[demo.endpoint] : null
  return isObject(endpoint) && endpoint.source === 'form'
}

function webAddress(text: string | undefined): string | null {
  const url = text ? URL.parse(text) : null
  return url && /^https?:$/.test(url.protocol) ? url.href : null
}
