import { createExecutionContext, env } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { routes } from '../../src/api/routes.ts'
import { guarded } from '../../src/platform/headers.ts'
import worker from '../../src/worker.ts'
import { document, operator } from './app.ts'

/** What every answer carries: the calls of the table, the pages, the door, and what is not there. */

const firm = 'guarded'
const { call } = operator()
const saved = async () => {
  const form = { title: 'Tell us', fields: [{ name: 'email', label: 'E-mail' }] }
  const hosted = { source: 'form', form }
  const endpoints = {
    website: hosted,
    named: { ...hosted, origins: ['https://smith.example'] },
    plain: { source: 'form' },
  }
  expect((await call('PUT', `/api/firms/${firm}/config`, await document({ endpoints }))).status).toBe(200)
}

function ask(method: string, path: string, more: RequestInit = {}, scheme = 'https'): Promise<Response> {
  const init = { method, redirect: 'manual', ...more } as RequestInit<IncomingRequestCfProperties>
  const request = new Request<unknown, IncomingRequestCfProperties>(`${scheme}://docketed.example${path}`, init)
  return Promise.resolve(worker.fetch(request, env, createExecutionContext()))
}

const html = { accept: 'text/html' }
const bearer = { authorization: `Bearer ${env.ADMIN_TOKEN}` }
const pathOf = (path: string) =>
  `/api${path.replace(':firm', firm).replace(':id', 'nobody').replace(':name', 'NOBODY').replace(':path{.+}', 'users')}`

const calls = routes.map(({ method, path }) => [method, pathOf(path)] as const)
const pages = [
  ['GET', '/'],
  ['GET', '/console'],
  ['GET', '/console/sign-in'],
  ['GET', `/console/${firm}`],
  ['GET', `/console/firms/${firm}`],
  ['GET', `/forms/${firm}/website`],
  ['GET', `/forms/${firm}/website/thanks`],
  ['GET', `/forms/${firm}/nothing`],
  ['GET', '/forms/embed.js'],
  ['GET', '/healthz'],
  ['GET', '/metrics'],
  ['POST', '/mcp'],
  ['GET', `/in/${firm}/plain`],
  ['POST', `/in/${firm}/plain`],
  ['POST', '/in/nobody/nothing'],
  ['GET', '/no/such/page'],
] as const

/** @returns the policy's directives by name */
function policyOf(answer: Response): Map<string, string> {
  const parts = (answer.headers.get('content-security-policy') ?? '').split(';').map(part => part.trim())
  return new Map(parts.map(part => [part.split(' ')[0]!, part.split(' ').slice(1).join(' ')]))
}

describe('every answer', () => {
  it.each([...calls, ...pages])(
    '%s %s: is what it says, on https only, and framed and sent where it may',
    async (method, path) => {
      await saved()
      for (const headers of [html, { ...html, ...bearer }]) {
        const answer = await ask(method, path, { headers })
        await answer.body?.cancel()
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
        expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}$/)
        expect(answer.headers.get('referrer-policy')).not.toBeNull()
        const policy = policyOf(answer)
        if (policy.has('sandbox')) continue
        expect(policy.get('default-src')).toBe("'none'")
        expect(policy.get('base-uri')).toBe("'none'")
        expect(["'none'", "'self'"]).toContain(policy.get('form-action'))
        expect(["'none'", "'self'"]).toContain(policy.get('frame-ancestors'))
      }
    },
  )

  it('promises nothing of https where it is not', async () => {
    expect((await ask('GET', '/healthz', {}, 'http')).headers.has('strict-transport-security')).toBe(false)
  })

  it('keeps what it says itself', () => {
    const own = new Response('x', {
      headers: { 'content-security-policy': 'sandbox', 'retry-after': '3' },
      status: 429,
    })
    const answer = guarded(own, 'https://docketed.example/')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3'])
    expect(answer.headers.get('content-security-policy')).toBe('sandbox')
  })
})

describe('a hosted form', () => {
  const framedBy = async (path: string, init?: RequestInit) =>
    policyOf(await ask('GET', path, init)).get('frame-ancestors')
  it('stands in a frame only on the pages that the firm named, and so do its answers', async () => {
    await saved()
    for (const page of ['', '/thanks']) {
      expect(await framedBy(`/forms/${firm}/website${page}`)).toBe("'self'")
      expect(await framedBy(`/forms/${firm}/named${page}`)).toBe("'self' https://smith.example")
    }
    const refused = await ask('POST', `/in/${firm}/named`, {
      headers: { ...html, origin: 'https://evil.example' },
      body: 'a=b',
    })
    expect(refused.status).toBe(403)
    expect(policyOf(refused).get('frame-ancestors')).toBe("'self' https://smith.example")
  })
})
