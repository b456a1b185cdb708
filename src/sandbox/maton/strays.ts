import type { Answer } from '../http.ts'

/** Answers of routers, firewalls and sign-in pages on the way: none of them is Clio's, and nothing was done. */
export const strays = {
  'no-route': json(404, '{"message":"no Route matched with those values"}'),
  detail: json(404, '{"detail":"Not Found"}'),
  'empty-404': json(404, ''),
  'page-404': page(404, 'Not found'),
  'error-404': json(404, '{"error":{"code":404,"message":"Requested entity was not found."}}'),
  gone: json(410, '{"message":"Gone"}'),
  blocked: page(403, 'Blocked'),
  forbidden: json(403, '{"message":"Forbidden"}'),
  conflict: json(409, '{"message":"Conflict"}'),
  moved: { status: 302, headers: { location: 'https://login.example/' }, body: '' },
  temporary: { status: 307, headers: { location: 'https://elsewhere.example/' }, body: '' },
  'sign-in': page(200, 'Sign in'),
  ok: json(200, '{"status":"ok"}'),
  'empty-200': json(200, ''),
} satisfies Record<string, Answer>

export type Stray = keyof typeof strays
export const strayNames = Object.keys(strays) as Stray[]

function json(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body }
}

function page(status: number, title: string): Answer {
  const body = `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1></html>`
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}
