import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { Refused } from '../api/reply.ts'
import type { Api } from '../api/route.ts'
import { isName } from '../kv/names.ts'
import { fromUtf8 } from '../lib/encoding.ts'
import { failureLine } from '../lib/failure.ts'
import { Hono } from '../lib/hono.ts'
import { isProblem, type Problem } from '../lib/problem.ts'
import { readBody } from '../lib/read-body.ts'
import { type Caller, includes } from '../model/access.ts'
import type { Stats } from '../model/docket-rpc.ts'
import type { Keyring } from '../platform/sealing.ts'
import { pages } from './pages/index.ts'
import { bar, documentOf } from './parts/layout.ts'
import { broken, elsewhere, ended, forged, noKey, noPage, notForRole, problemBody, problemOf } from './parts/problem.ts'
import { cookieIn, csrfOf, end, hasEnded, passIn, signedIn, signedOut } from './session.ts'
import { ownPath, signInPage } from './sign-in.ts'
import type { Page, Visit } from './visit.ts'

/**
 * The console: pages over the API's own table. Every page asks the API as whoever is signed in, so there is no second way round what a
 * role may see; here is only who that is, and that what a form asks was asked on one of our pages.
 */
export interface ConsoleOptions {
  readonly api: Api
  /** Which sessions were signed out of. */
  readonly kv: Pick<KVNamespace, 'get' | 'put'>
  /** null: DATA_KEY is missing, and nobody can sign in. */
  readonly ring: Keyring | null
  /** The address of the Clio that stands in for the real one, in a demonstration. */
  readonly sandbox: string | null
  now(): number
}

/** Bytes of a form: a configuration is the largest. */
const largestForm = 1024 * 1024

/** Who is signed in, and what made it known: the cookie, or the address for which Cloudflare Access vouches. */
interface Signed {
  readonly caller: Caller
  readonly session: string
  /** The only firm that they see; null: all, or the one in the path. */
  readonly firm: string | null
}

export function consoleRoutes(options: ConsoleOptions): Hono {
  const { api, kv, ring, sandbox, now } = options
  const app = new Hono()

  app.post('/console/sign-in', async c => {
    const form = await formOf(c.req.raw)
    const to = ownPath(form.get('to'))
    if (ring === null) return signInPage(to, noKey)
    if (!isOwn(c.req.raw)) return signInPage(to, elsewhere)
    const known = await api.who.shows((form.get('token') ?? '').trim().slice(0, 512), c.req.raw.headers)
    if (isProblem(known)) return signInPage(to, known)
    const headers = { 'set-cookie': signedIn(known.pass, ring, isSecure(c), now()) }
    return goTo(to === '/console' && known.pass.firm !== null ? `/console/${known.pass.firm}` : to, headers)
  })

  app.post('/console/sign-out', async c => {
    const form = await formOf(c.req.raw)
    const cookie = cookieIn(c.req.raw.headers)
    if (ring === null || !isOwn(c.req.raw) || form.get('csrf') !== csrfOf(cookie, ring)) return failing(forged)
    const session = passIn(cookie, ring, now())
    if (session) await end(session, kv)
    return goTo('/console', { 'set-cookie': signedOut(isSecure(c)) })
  })

  for (const page of pages) app.on(page.method, page.path, c => shown(page, c))
  app.all('/console/*', c => {
    // As it was written, and not as it reads: no line break of it gets into a header.
    const { pathname } = new URL(c.req.url)
    return pathname.endsWith('/') ? goTo(pathname.slice(0, -1)) : failing(noPage)
  })
  app.onError((error, c) => {
    if (error instanceof Refused) return failing(error.problem)
    console.error(`${c.req.method} ${routePath(c, -1)} failed: ${failureLine(error)}`)
    return failing(broken)
  })
  return app

  async function shown(page: Page, c: Context): Promise<Response> {
    const request = c.req.raw
    const url = new URL(request.url)
    const firm = c.req.param('firm') ?? ''
    // `smith%2Fruns%2F…%3Freveal=1` would be another call of the API than a page's own.
    if (firm !== '' && !isName(firm)) return failing(noPage)
    const signed = await whoIs(request, firm)
    if (isProblem(signed)) return failing(signed)
    if (signed === null)
      return signInPage(
        ownPath(url.pathname + url.search),
        request.method === 'POST' ? ended : null,
        url.pathname === '/console' ? 200 : 401,
      )
    const { caller, session } = signed
    if (firm === '' && signed.firm !== null) return goTo(`/console/${signed.firm}`)
    // Another firm's people learn nothing of this one, not even that it is there.
    if (signed.firm !== null && signed.firm !== firm) return failing(noPage)
    const csrf = csrfOf(session, ring!)
    const form = request.method === 'POST' ? await formOf(request) : new URLSearchParams()
    const raw: Visit['raw'] = (method, path, body, headers = {}) => {
      const text = typeof body === 'object' ? JSON.stringify(body) : body
      return api.call(caller, path, { origin: url.origin, method, headers, ...(text !== undefined && { body: text }) })
    }
    const call: Visit['api'] = async (...asked) => readAnswer(await raw(...asked))
    const stats = firm === '' ? null : await call<Stats>('GET', `/firms/${firm}/stats`)
    const visit: Visit = {
      url,
      firm,
      caller,
      csrf,
      form,
      sandbox,
      stats: isProblem(stats) ? null : stats,
      now: now(),
      param: name => c.req.param(name) ?? '',
      raw,
      api: call,
      ask: (method, path, body) => call(method, `/firms/${firm}${path}`, body),
    }
    if (request.method === 'POST' && (!isOwn(request) || form.get('csrf') !== csrf)) return refused(visit, forged)
    if (!includes(caller.role, page.role)) return refused(visit, notForRole(caller, page))
    if (isProblem(stats) && !(stats.code === 'unknown-firm' && page.unconfigured)) return refused(visit, stats)
    const what = await page.show(visit)
    if (what instanceof Response) return what
    if ('to' in what) return goTo(what.to)
    if (isProblem(what)) return refused(visit, what)
    return documentOf({ ...what, header: bar(visit, pages) })
  }

  /** null: nobody is. */
  async function whoIs(request: Request, firm: string): Promise<Signed | Problem | null> {
    if (ring === null) return noKey
    const cookie = cookieIn(request.headers)
    const pass = passIn(cookie, ring, now())
    const [caller, ended] = pass ? await Promise.all([api.who.recalls(pass), hasEnded(pass, kv)]) : []
    if (pass && caller && !ended) return { caller, session: cookie, firm: pass.firm }
    if (!request.headers.has('cf-access-jwt-assertion') || firm === '') return null
    // Only the assertion: a token in a header is for programs.
    const headers = new Headers(request.headers)
    headers.delete('authorization')
    const person = await api.who.calls(headers, firm)
    if (isProblem(person)) return person.status === 401 ? null : person
    return { caller: person, session: `${firm}/${person.actor}`, firm }
  }

  function refused(visit: Visit, what: Problem): Response {
    return documentOf({
      title: what.title,
      status: what.status,
      body: problemBody(what, visit),
      header: bar(visit, pages),
    })
  }
}

function failing(what: Problem): Response {
  return documentOf({ title: what.title, status: what.status, body: problemBody(what, null), kind: 'plain' })
}

const isSecure = (c: Context): boolean => new URL(c.req.url).protocol === 'https:'

/** 303: what was posted is not posted again by a reload. */
function goTo(location: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store', ...headers } })
}

/** Browsers say where a form was sent from; a program that says nothing still needs the hidden field. */
function isOwn({ url, headers }: Request): boolean {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  return (
    (origin === null || origin === new URL(url).origin) && (site === null || site === 'same-origin' || site === 'none')
  )
}

async function formOf(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) return new URLSearchParams()
  const bytes = await readBody(request, largestForm)
  return new URLSearchParams(typeof bytes === 'string' ? '' : (fromUtf8(bytes) ?? ''))
}

/** A JSON answer of the API as its value, or as the refusal that it tells. */
async function readAnswer<T>(answer: Response): Promise<T | Problem> {
  if (!answer.ok) return problemOf(answer)
  const text = await answer.text()
  return (text === '' ? {} : answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T
}
