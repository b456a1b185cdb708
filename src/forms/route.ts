import type { Context } from 'hono'
import { readMirror } from '../kv/mirror.ts'
import { isName } from '../kv/names.ts'
import { addressOf } from '../lib/address.ts'
import { Hono } from '../lib/hono.ts'
import { problemResponse } from '../lib/problem.ts'
import type { DocketRpc, Mirror } from '../model/docket-rpc.ts'
import { tooMany } from '../reading/refusals.ts'
import { sources } from '../sources/index.ts'
import { locate } from '../sources/locate.ts'
import { captchas } from '../sources/own-form/captcha.ts'
import type { FormOptions } from '../sources/own-form/form.ts'
import type { FormDefinition } from '../sources/own-form/form-definition.ts'
import { framedBy } from '../sources/own-form/page.ts'
import { formPage, thanksPage } from './page.ts'

export interface Forms {
  docket(firm: string): Pick<DocketRpc, 'mirror'>
  readonly kv: Pick<KVNamespace, 'get'>
  readonly env: object
  now(): number
  /** False when an address has asked too often for what is not there. */
  admitRefused(address: string): Promise<boolean>
}

/** `GET /forms/{firm}/{endpoint}`: the hosted form of an endpoint; the asset `/forms/embed.js` puts it on any page. */
export function formRoutes(forms: Forms): Hono {
  const app = new Hono()
  app.get('/forms/:firm/:endpoint', c =>
    answered(c, options => {
      const { firm, endpoint } = c.req.param() as { firm: string; endpoint: string }
      return formPage({
        definition: options.form,
        action: `/in/${firm}/${endpoint}`,
        thanks: options.redirect ?? `/forms/${firm}/${endpoint}/thanks`,
        id: crypto.randomUUID(),
        now: forms.now(),
        captcha: options.captcha,
      })
    }),
  )
  app.get('/forms/:firm/:endpoint/thanks', c => answered(c, options => thanksPage(options.form)))
  return app

  async function answered(c: Context, shown: (options: Hosted) => ReturnType<typeof formPage>): Promise<Response> {
    const { firm = '', endpoint = '' } = c.req.param() as Record<string, string>
    const options = isName(firm) && isName(endpoint) ? await find(firm, endpoint, c.req.raw.headers) : null
    if (options === 'too-many') return problemResponse(tooMany)
    return options === null
      ? c.notFound()
      : page(shown(options), options, `${new URL(c.req.url).origin}/in/${firm}/${endpoint}`)
  }

  /** KV may be a minute behind: what is not there is asked of the Docket once. Each time wakes one, so an address has only so many. */
  async function find(firm: string, endpoint: string, headers: Headers): Promise<Hosted | 'too-many' | null> {
    const kept = await hosted(await readMirror(forms.kv, firm))
    if (kept) return kept
    const address = addressOf(headers)
    if (address !== null && !(await forms.admitRefused(address).catch(() => true))) return 'too-many'
    return hosted(await forms.docket(firm).mirror())

    async function hosted(mirror: Mirror | null): Promise<Hosted | null> {
      const located = mirror === null ? 'unknown' : await locate(mirror, firm, endpoint, forms.env, sources)
      if (typeof located === 'string' || located.source.name !== 'form') return null
      const options = located.endpoint.options as FormOptions
      return options.form ? { ...options, form: options.form } : null
    }
  }
}

type Hosted = FormOptions & { readonly form: FormDefinition }

/** @param door where the form is sent */
function page(html: ReturnType<typeof formPage>, { origins, redirect, captcha, form }: Hosted, door: string): Response {
  // A form may be sent to where its answer redirects to, or browsers stop on the way.
  const target = redirect === undefined ? '' : ` ${new URL(redirect).origin}`
  // Only a form with files is sent by its script. That of a bot check has no way to our other pages, the console's among them.
  const own = form.fields.some(({ type }) => type === 'file') ? ` ${door}` : ''
  const hosts = captcha?.sitekey === undefined ? '' : ` ${captchas[captcha.kind].hosts.join(' ')}`
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src 'self'${hosts}`,
    `script-src 'self'${hosts}`,
    `connect-src${`${own}${hosts}` || " 'none'"}`,
    `frame-src${hosts || " 'none'"}`,
    `form-action 'self'${target}`,
    `frame-ancestors ${framedBy(origins)}`,
    "base-uri 'none'",
  ]
  return new Response(html.toString(), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      // Kept for the back button, whose page sends the same one-time id again; a reload makes a new one.
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    },
  })
}
