import { html } from 'hono/html'
import { includes } from '../../model/access.ts'
import type { Page, Visit } from '../visit.ts'
import { act, type Html, nothing } from './html.ts'

/** What all pages have around them. */

/** Nothing but our own files is loaded, and nothing of a page is kept: not by the browser, nor on the way. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // Whoever opened it, a script of a bot check on a form of ours, has no hold of it.
  'cross-origin-opener-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  // Not `no-referrer`: a form of ours would be sent with `Origin: null`.
  'referrer-policy': 'same-origin',
}

export interface Document {
  readonly title: string
  readonly body: Html
  readonly header?: Html
  /** Of the body element. */
  readonly kind?: 'plain' | 'front' | ''
  /** @default true */
  readonly script?: boolean
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

export function documentOf({
  title,
  body,
  header = nothing,
  kind = '',
  script = true,
  status = 200,
  headers: more,
}: Document): Response {
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === 'Docketed' ? title : `${title} · Docketed`}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docketed.css">
${script ? html`<script src="/console.js" defer></script>` : ''}
</head>
<body class="${kind}">
<a class="skip" href="#main">Skip to the content</a>
${header}<main id="main">
${body}
</main>
</body>
</html>
`
  return new Response(text.toString(), { status, headers: { ...headers, ...more } })
}

export const brand = html`<a class="brand" href="/console"><img src="/icon.svg" alt="" width="24" height="24">Docketed</a>`

/** The bar at the top: whose pages these are, which there are, and who is signed in. @param pages those of a firm */
export function bar({ firm, caller, csrf, url, stats }: Visit, pages: readonly Page[]): Html {
  const links = pages
    .filter(({ nav, role }) => nav !== undefined && includes(caller.role, role))
    .map(({ nav, path }) => {
      const href = path.replace(':firm', firm)
      const here = url.pathname === href || (href !== `/console/${firm}` && url.pathname.startsWith(`${href}/`))
      const parked = href === `/console/${firm}` ? (stats?.counts.parked ?? 0) : 0
      const badge = parked > 0 ? html` <span class="badge">${parked}<span class="sr"> parked</span></span>` : ''
      return html`<li><a href="${href}"${here ? html` aria-current="page"` : ''}>${nav}${badge}</a></li>`
    })
  // Whom Cloudflare Access lets in, it lets out: no cookie of ours does.
  const signOut = /^(token:|vendor$)/.test(caller.actor)
    ? act(csrf, {}, 'Sign out', { action: '/console/sign-out' })
    : html`<a class="button" href="/cdn-cgi/access/logout">Sign out</a>`
  return html`<header class="bar"><div class="top">${brand}${
    firm === '' ? '' : html`<span class="firm">${firm}</span>`
  }<span class="who" title="${caller.actor}">${caller.actor === caller.role ? '' : `${nameOf(caller.actor)} · `}${caller.role}</span>${signOut}</div>
${firm === '' ? '' : html`<nav aria-label="Pages of ${firm}"><ul>${links}</ul></nav>`}</header>
`
}

/** `token:tok_1 (Ines)` is Ines to whoever reads it. */
export const nameOf = (actor: string): string => /^token:\S+ \((.*)\)$/.exec(actor)?.[1] ?? actor
