import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { api, firmOf, Visitor } from './visitor.ts'

let tokens: Awaited<ReturnType<typeof firmOf>>

beforeAll(async () => {
  tokens = await firmOf('smith')
  await firmOf('jones')
})

const signedIn = async (token: string) => {
  const visitor = new Visitor()
  expect((await visitor.signIn(token)).status).toBe(303)
  return visitor
}

describe('signing in', () => {
  it('is asked for wherever somebody comes in', async () => {
    const stranger = new Visitor()
    for (const path of ['/console', '/console/smith', '/console/nobody', '/console/smith/runs/run_1']) {
      const answer = await stranger.get(path)
      expect(answer.status, path).toBe(path === '/console' ? 200 : answer.status === 404 ? 404 : 401)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    expect(await stranger.read('/console')).toContain('name="token"')
  })

  it('says to a stranger nothing of which firms there are', async () => {
    const [one, other] = await Promise.all(['smith', 'nobody'].map(firm => new Visitor().read(`/console/${firm}`)))
    expect(one!.replaceAll('smith', 'nobody')).toBe(other)
  })

  it('shows the vendor all firms, and a firm its own', async () => {
    const answer = await new Visitor().signIn(env.ADMIN_TOKEN)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console'])
    const own = await new Visitor().signIn(tokens.viewer)
    expect(own.headers.get('location')).toBe('/console/smith')
    const viewer = await signedIn(tokens.viewer)
    expect((await viewer.get('/console')).headers.get('location')).toBe('/console/smith')
  })

  it('goes on to the page that was asked for', async () => {
    const page = await new Visitor().read('/console/smith?did=x&n=1')
    expect(page).toContain('name="to" value="/console/smith?did=x&amp;n=1"')
    const answer = await new Visitor().signIn(tokens.viewer, '/console/smith?did=x&n=1')
    expect(answer.headers.get('location')).toBe('/console/smith?did=x&n=1')
  })

  it.each([
    'https://evil.example/console',
    '//evil.example/console',
    '/\\evil.example',
    '/console\\..\\..\\evil',
    '/consoleevil',
    '/api/firms',
    '/console/sign-out',
    '/console/../api',
    'javascript:alert(1)',
  ])('goes nowhere else: %s', async to => {
    const answer = await new Visitor().signIn(env.ADMIN_TOKEN, to)
    expect(answer.headers.get('location')).toBe('/console')
  })

  it('keeps the session out of scripts’ reach, and the token out of the session', async () => {
    const answer = await new Visitor().signIn(tokens.operator)
    const cookie = answer.headers.get('set-cookie')!
    for (const flag of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/console']) expect(cookie).toContain(flag)
    expect(cookie).not.toContain(tokens.operator)
    const program = await new Visitor({ authorization: `Bearer ${cookie.slice(9).split(';')[0]}` }).get(
      '/api/firms/smith/stats',
    )
    expect(program.status).toBe(401)
  })

  it('does without `Secure` on this machine, where there is no https', async () => {
    const { createApp } = await import('../../src/app.ts')
    const body = new URLSearchParams({ token: tokens.viewer })
    const answer = await createApp(env).request('http://127.0.0.1:8787/console/sign-in', { method: 'POST', body }, env)
    expect(answer.headers.get('set-cookie')).not.toContain('Secure')
  })

  it('refuses a wrong token in words, and gives no cookie', async () => {
    const answer = await new Visitor().signIn('dkt_smith_wrong')
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null])
    expect(await answer.text()).toContain('This token is not known')
  })

  it('brakes whoever guesses, as the API does', async () => {
    const limit = { limit: async () => ({ success: false }) }
    const guesser = new Visitor({ 'cf-connecting-ip': '203.0.113.9' }, { GUESS_LIMIT: limit })
    const answer = await guesser.signIn('dkt_smith_guess')
    expect(answer.status).toBe(429)
    expect((await guesser.signIn(tokens.viewer)).status).toBe(429)
  })

  it('is refused to a form of another website', async () => {
    const answer = await new Visitor().post(
      '/console/sign-in',
      { token: tokens.viewer },
      { origin: 'https://evil.example' },
    )
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null])
  })

  it('is not there without DATA_KEY, and says so', async () => {
    const answer = await new Visitor({}, { DATA_KEY: 'nonsense' }).get('/console')
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('DATA_KEY')
  })
})

describe('a session', () => {
  it('ends with its token', async () => {
    const made = await api<{ id: string; token: string }>('POST', '/firms/smith/tokens', {
      name: 'gone',
      role: 'admin',
    })
    const visitor = await signedIn(made.token)
    expect((await visitor.get('/console/smith')).status).toBe(200)
    await api('DELETE', `/firms/smith/tokens/${made.id}`)
    expect((await visitor.get('/console/smith')).status).toBe(401)
    const late = await visitor.post('/console/smith', { act: 'discard', code: 'by-rule' })
    expect([late.status, await late.text()]).toEqual([401, expect.stringContaining('nothing was changed')])
  })

  it('of the vendor ends when ADMIN_TOKEN is another one', async () => {
    const visitor = await signedIn(env.ADMIN_TOKEN)
    const later = new Visitor({}, { ADMIN_TOKEN: 'another-admin-token-of-forty-characters-!' })
    later.cookie = visitor.cookie
    expect(await later.read('/console')).toContain('name="token"')
  })

  it('ends after a working day', async () => {
    const { passIn, signedIn: cookie } = await import('../../src/console/session.ts')
    const { keyringOf } = await import('../../src/platform/sealing.ts')
    const ring = keyringOf(env)!
    const pass = { firm: 'smith', hash: 'h' }
    const text = cookie(pass, ring, true, 0).slice(9).split(';')[0]!
    expect(passIn(text, ring, 11 * 3_600_000)).toMatchObject(pass)
    expect(passIn(text, ring, 12 * 3_600_000)).toBeNull()
    expect(passIn(`${text.slice(0, 20)}${text[20] === 'A' ? 'B' : 'A'}${text.slice(21)}`, ring, 0)).toBeNull()
  })

  it('is signed out by its own form only', async () => {
    const visitor = await signedIn(tokens.viewer)
    const before = visitor.cookie
    expect((await visitor.post('/console/sign-out', { csrf: 'guessed' })).status).toBe(403)
    expect(visitor.cookie).toBe(before)
    expect((await visitor.press('/console/smith', {}, '/console/sign-out')).status).toBe(303)
    expect(visitor.cookie).toBe('docketed=')
  })

  it.each(['viewer', 'vendor'])(
    'that a %s signed out of is over for whoever has copied the cookie, and no other is',
    async who => {
      const token = who === 'vendor' ? env.ADMIN_TOKEN : tokens.viewer
      const [visitor, thief, colleague] = [await signedIn(token), new Visitor(), await signedIn(token)]
      thief.cookie = visitor.cookie
      expect((await thief.get('/console/smith')).status).toBe(200)
      expect((await visitor.press('/console/smith', {}, '/console/sign-out')).status).toBe(303)
      // The last character of base64url holds bits that stand for nothing: another text, the same session.
      const spelled = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map(
        last => thief.cookie.slice(0, -1) + last,
      )
      for (const cookie of [thief.cookie, ...spelled]) {
        thief.cookie = cookie
        expect((await thief.get('/console/smith')).status).toBe(401)
      }
      expect((await colleague.get('/console/smith')).status).toBe(200)
    },
  )

  it('is not said to be over when that could not be written down', async () => {
    const put = async () => Promise.reject(new Error('429'))
    const visitor = new Visitor({}, { KV: { get: async () => null, put } })
    await visitor.signIn(tokens.viewer)
    const before = visitor.cookie
    expect((await visitor.press('/console/smith', {}, '/console/sign-out')).status).toBe(500)
    expect(visitor.cookie).toBe(before)
  })

  it('stands while KV does not answer', async () => {
    const visitor = new Visitor({}, { KV: { get: async () => Promise.reject(new Error('500')) } })
    await visitor.signIn(tokens.viewer)
    expect((await visitor.get('/console/smith')).status).toBe(200)
  })

  it('of one firm finds nothing of another', async () => {
    const visitor = await signedIn(tokens.admin)
    const [other, none] = await Promise.all(['jones', 'nobody'].map(firm => visitor.get(`/console/${firm}`)))
    expect([other!.status, none!.status]).toEqual([404, 404])
    expect(await other!.text()).toBe(await none!.text())
  })

  it('changes nothing for a form that does not carry its field, or was sent from elsewhere', async () => {
    const visitor = await signedIn(tokens.operator)
    const asked = { act: 'discard', code: 'by-rule' }
    expect((await visitor.post('/console/smith', asked)).status).toBe(403)
    const other = await signedIn(tokens.operator)
    const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(await other.read('/console/smith')) ?? []
    expect((await visitor.post('/console/smith', { ...asked, csrf })).status).toBe(403)
    const [, own = ''] = /name="csrf" value="([^"]+)"/.exec(await visitor.read('/console/smith')) ?? []
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await visitor.post('/console/smith', { ...asked, csrf: own }, headers)).status).toBe(403)
    expect((await visitor.post('/console/smith', { ...asked, csrf: own })).status).toBe(303)
  })

  it('of a viewer acts on nothing', async () => {
    const visitor = await signedIn(tokens.viewer)
    expect((await visitor.press('/console/smith', { act: 'discard', code: 'by-rule' })).status).toBe(403)
  })
})

describe('a page', () => {
  it('that is not there is a page', async () => {
    const answer = await new Visitor().get('/console/smith/nothing/here')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  })

  it('is found with a stroke at its end, too', async () => {
    const answer = await new Visitor().get('/console/smith/runs/')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/smith/runs'])
  })

  it.each(['%0d%0aset-cookie:%20x=1', '%e2%80%ae', '%2f%2fevil.example'])(
    'whose address ends with a slash is the one without, as it is written: %s',
    async odd => {
      const answer = await new Visitor().get(`/console/smith/${odd}/`)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/console/smith/${odd}`])
    },
  )

  it('loads only our own files, and is kept nowhere', async () => {
    const visitor = await signedIn(tokens.viewer)
    const answer = await visitor.get('/console/smith')
    expect(answer.headers.get('content-security-policy')).toContain(
      "default-src 'none'; style-src 'self'; script-src 'self'",
    )
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    // Whoever opened it in a window has no hold of it.
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(await answer.text()).not.toMatch(/<style|<script>|\son\w+=|\sstyle=/)
  })
})
