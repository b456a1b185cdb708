import { describe, expect, it } from 'vitest'
import { Access } from '../../src/api/access/access-jwt.ts'

const settings = { team: 'https://smith.cloudflareaccess.com', audience: 'aud-1', keysUrl: 'https://keys.example' }
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const now = Date.UTC(2026, 10, 26)
const url64 = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const part = (value: object) => url64(new TextEncoder().encode(JSON.stringify(value)))
const pair = async () =>
  (await crypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  )) as CryptoKeyPair
const keys = await pair()
const claims = { iss: settings.team, aud: ['aud-1'], exp: now / 1000 + 60, email: 'Ines@Smith.example' }

async function person(said: object = {}, by = keys, head: object = {}): Promise<string | null> {
  const jwk = (await crypto.subtle.exportKey('jwk', keys.publicKey)) as JsonWebKey
  const { kty, n, e } = jwk
  const access = new Access({
    settings,
    now: () => now,
    fetch: async () => Response.json({ keys: [{ kid: 'k1', kty, n, e }] }),
  })
  const signed = `${part({ alg: 'RS256', kid: 'k1', ...head })}.${part({ ...claims, ...said })}`
  const mac = await crypto.subtle.sign(algorithm.name, by.privateKey, new TextEncoder().encode(signed))
  return access.person(`${signed}.${url64(new Uint8Array(mac))}`)
}

describe('an assertion of Cloudflare Access', () => {
  it('names a person, in small letters', async () => {
    expect(await person()).toBe('ines@smith.example')
  })

  it.each<[string, object]>([
    ['another team', { iss: 'https://jones.cloudflareaccess.com' }],
    ['another application', { aud: ['aud-2'] }],
    ['the past', { exp: now / 1000 - 61 }],
    ['the future', { nbf: now / 1000 + 61 }],
    ['nobody', { email: undefined }],
  ])('of %s names nobody', async (_, said) => {
    expect(await person(said)).toBeNull()
  })

  it('of another key, another algorithm or an unknown key names nobody', async () => {
    expect(await person({}, await pair())).toBeNull()
    expect(await person({}, keys, { alg: 'none' })).toBeNull()
    expect(await person({}, keys, { kid: 'k2' })).toBeNull()
  })
})
