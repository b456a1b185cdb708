import { html, raw } from 'hono/html'
import { filled, type Language, visitorWords } from './words.ts'

/** The door's few pages, for a browser that posted a form without a script: words, a way back, and nothing loaded from anywhere. */

export interface Page {
  readonly status: number
  readonly language: Language
  readonly title: string
  readonly paragraphs: readonly string[]
  /** An address to go back to; only `http(s)` becomes a link. */
  readonly back?: string | null
  /** Pages that may show it in a frame: where the form itself stands in one. @default none */
  readonly frames?: readonly string[] | undefined
  readonly headers?: Readonly<Record<string, string>>
}

const style =
  'body{font:1.125rem/1.6 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:34rem;margin:15vh auto 0;padding:0 1.25rem}' +
  'h1{font-size:1.75rem;line-height:1.25}a{color:#0b4f9e}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#8cc2ff}}'

/** `frame-ancestors`: our own pages, and those that the firm named. */
export const framedBy = (origins: readonly string[] | undefined): string => ["'self'", ...(origins ?? [])].join(' ')

export function pageResponse(page: Page): Response {
  const back = webAddress(page.back)
  const text = html`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${page.title}</h1>
${page.paragraphs.map(words => html`<p>${words}</p>\n`)}
${back ? html`<p><a href="${back.href}">${filled(visitorWords[page.language].back, back.host)}</a></p>` : ''}
</main>
</body>
</html>
`
  return new Response(text.toString(), {
    status: page.status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; frame-ancestors ${framedBy(page.frames)}; base-uri 'none'; form-action 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      ...page.headers,
    },
  })
}

function webAddress(text: string | null | undefined): URL | null {
  const url = text ? URL.parse(text) : null
  return url && /^https?:$/.test(url.protocol) ? url : null
}
