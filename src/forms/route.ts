import { readMirror } from '../kv/mirror.ts'
import { Hono } from '../lib/hono.ts'
import type { DocketRpc, Mirror } from '../model/docket-rpc.ts'
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
}

/** `GET /forms/{firm}/{endpoint}`: the hosted form of an endpoint; the asset `/forms/embed.js` puts it on any page. */
export function formRoutes(forms: Forms): Hono {
  const app = new Hono()
  app.get('/forms/:firm/:endpoint', async c => {
    const { firm, endpoint } = c.req.param()
    const options = await find(firm, endpoint)
    if (!options) return c.notFound()
    const { form: definition, redirect, captcha } = options
    const html = formPage({
      definition,
      action: `/in/${firm}/${endpoint}`,
      thanks: redirect ?? `/forms/${firm}/${endpoint}/thanks`,
      id: crypto.randomUUID(),
      now: forms.now(),
      captcha,
    })
    return page(html, options)
  })
  app.get('/forms/:firm/:endpoint/thanks', async c => {
    const options = await find(c.req.param('firm'), c.req.param('endpoint'))
    return options ? page(thanksPage(options.form), options) : c.notFound()
  })
  return app

  /** KV may be a minute behind: what is not there is asked of the Docket once. */
  async function find(firm: string, endpoint: string): Promise<Hosted | null> {
    const kept = await readMirror(forms.kv, firm)
    return (await hosted(kept)) ?? (await hosted(await forms.docket(firm).mirror()))

    async function hosted(mirror: Mirror | null): Promise<Hosted | null> {
      const located = mirror === null ? 'unknown' : await locate(mirror, firm, endpoint, forms.env, sources)
      if (typeof located === 'string' || located.source.name !== 'form') return null
      const options = located.endpoint.options as FormOptions
      return options.form ? { ...options, form: options.form } : null
    }
  }
}

type Hosted = FormOptions & { readonly form: FormDefinition }

function page(html: ReturnType<typeof formPage>, { origins, redirect, captcha }: Hosted): Response {
  // A form may be sent to where its answer redirects to, or browsers stop on the way.
  const target = redirect === undefined ? '' : ` ${new URL(redirect).origin}`
  const hosts = captcha?.sitekey === undefined ? '' : ` ${captchas[captcha.kind].hosts.join(' ')}`
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src 'self'${hosts}`,
    `script-src 'self'${hosts}`,
    `connect-src 'self'${hosts}`,
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
