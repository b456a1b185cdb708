import { beforeAll, describe, expect, it } from 'vitest'
import { api, firmOf, Visitor } from './visitor.ts'

/** People for whom Cloudflare Access vouches: no token, no cookie of ours. */

const variables = { ACCESS_TEAM_DOMAIN: 'https://smith.cloudflareaccess.com', ACCESS_AUDIENCE: 'aud-1' }
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const firm = 'seats'
const url64 = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const part = (value: object) => url64(new TextEncoder().encode(JSON.stringify(value)))
const keys = (await crypto.subtle.generateKey(
  { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  true,
  ['sign', 'verify'],
)) as CryptoKeyPair

async function person(email: string): Promise<Visitor> {
  const { kty, n, e } = (await crypto.subtle.exportKey('jwk', keys.publicKey)) as JsonWebKey
  const claims = { iss: variables.ACCESS_TEAM_DOMAIN, aud: ['aud-1'], exp: Date.now() / 1000 + 60, email }
  const signed = `${part({ alg: 'RS256', kid: 'k1' })}.${part(claims)}`
  const mac = await crypto.subtle.sign(algorithm.name, keys.privateKey, new TextEncoder().encode(signed))
  const headers = { 'cf-access-jwt-assertion': `${signed}.${url64(new Uint8Array(mac))}` }
  return new Visitor(headers, variables, async () => Response.json({ keys: [{ kid: 'k1', kty, n, e }] }))
}

beforeAll(async () => {
  await firmOf(firm)
  await api('POST', `/firms/${firm}/tokens`, { email: 'ines@smith.example', role: 'operator' })
})

describe('a person with a seat', () => {
  it('is signed in at the firm, as the seat’s role', async () => {
    const page = await (await person('Ines@Smith.example')).get(`/console/${firm}`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('ines@smith.example · operator')
  })

  it('acts by forms that carry a field of their own, and by no other’s', async () => {
    const ines = await person('ines@smith.example')
    const asked = { act: 'discard', code: 'by-rule' }
    expect((await ines.post(`/console/${firm}`, asked)).status).toBe(403)
    expect((await ines.press(`/console/${firm}/endpoints`, asked, `/console/${firm}`)).status).toBe(303)
  })

  it('is signed out by Access, which alone lets them in', async () => {
    const page = await (await person('ines@smith.example')).read(`/console/${firm}`)
    expect(page).toContain('<a class="button" href="/cdn-cgi/access/logout">Sign out</a>')
    expect(page).not.toContain('/console/sign-out')
  })

  it('is asked for a token where no firm is named', async () => {
    expect(await (await person('ines@smith.example')).read('/console')).toContain('name="token"')
  })
})

describe('a person without', () => {
  it('is told so, and nothing of the firm', async () => {
    const one = await (await person('eve@smith.example')).get(`/console/${firm}`)
    const other = await (await person('eve@smith.example')).get('/console/nobody')
    expect([one.status, other.status]).toEqual([403, 403])
    expect(await one.text()).toContain('you have no role at this firm')
  })

  it('whose assertion is forged is asked to sign in', async () => {
    const forged = new Visitor({ 'cf-access-jwt-assertion': 'a.b.c' }, variables, async () =>
      Response.json({ keys: [] }),
    )
    expect((await forged.get(`/console/${firm}`)).status).toBe(401)
  })
})
