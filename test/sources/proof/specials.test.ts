import { describe, expect, it } from 'vitest'
import {
  hubspotUri,
  verifyDropboxSign,
  verifyHubspotLegacy,
  verifyNetlify,
  verifyToken,
  verifyTwilio,
} from '../../../src/sources/proof/specials.ts'
import { inbound, mac } from '../../door/requests.ts'

const passed = { ok: true, id: null, time: null }

describe('a shared token', () => {
  it('is compared with each of the secrets', async () => {
    expect(await verifyToken('blue', ['blue'], 'token')).toEqual(passed)
    expect(await verifyToken('old', ['blue', 'old'], 'token')).toEqual(passed)
    for (const wrong of ['blu', 'bluee', 'Blue', ' blue']) {
      expect(await verifyToken(wrong, ['blue'], 'token')).toEqual({ ok: false, reason: 'mismatch' })
    }
  })

  it('is never empty on either side', async () => {
    expect(await verifyToken('', [''], 'token')).toEqual({ ok: false, reason: 'no-secret' })
    expect(await verifyToken('blue', [], 'token')).toEqual({ ok: false, reason: 'no-secret' })
    expect(await verifyToken(null, ['blue'], 'token')).toEqual({ ok: false, reason: 'missing', where: 'token' })
    expect(await verifyToken('', ['blue'], 'token')).toEqual({ ok: false, reason: 'missing', where: 'token' })
  })
})

describe("HubSpot's older signatures", () => {
  const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'
  const address = 'https://www.example.com/webhook_uri'
  const created =
    '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]'
  const published = [
    {
      version: 'v1',
      method: 'POST',
      body: created,
      signature: '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de',
    },
    {
      version: 'v2',
      method: 'GET',
      body: '',
      signature: 'eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e',
    },
    {
      version: 'v2',
      method: 'POST',
      body: '{"example_field":"example_value"}',
      signature: '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900',
    },
  ]
  const verify = (vector: (typeof published)[number], secrets = [secret], changed: object = {}) =>
    verifyHubspotLegacy(
      inbound({
        method: vector.method,
        headers: { 'x-hubspot-signature': vector.signature, 'x-hubspot-signature-version': vector.version },
        body: vector.body,
        ...changed,
      }),
      secrets,
      address,
    )

  it.each(published)('$version $method of their documentation', async vector => {
    expect(await verify(vector)).toEqual(passed)
    expect(await verify(vector, ['other', secret])).toEqual(passed)
    expect(await verify(vector, ['other'])).toMatchObject({ reason: 'mismatch' })
    expect(await verify(vector, [secret], { body: `${vector.body} ` })).toMatchObject({ reason: 'mismatch' })
    expect(await verify(vector, [''])).toMatchObject({ reason: 'no-secret' })
  })

  it('knows versions 1 and 2 only', async () => {
    const [first] = published
    const headers = { 'x-hubspot-signature': first!.signature }
    expect(await verify(first!, [secret], { headers })).toMatchObject({ reason: 'malformed' })
    const third = { ...headers, 'x-hubspot-signature-version': 'v3' }
    expect(await verify(first!, [secret], { headers: third })).toMatchObject({ reason: 'malformed' })
    expect(await verify(first!, [secret], { headers: {} })).toMatchObject({ reason: 'missing' })
  })

  it('decodes in an address what HubSpot decodes before it signs (v3), and nothing else', () => {
    expect(hubspotUri('https://a.example/x%3Fy%2f%40?n=%20%26%3b')).toBe('https://a.example/x?y/@?n=%20%26;')
  })
})

describe('Netlify', () => {
  const secret = 'netlify-secret'
  const body = '{"form_name":"contact"}'
  const digest = 'd1de19c0a47e2b4a8e0a8b6f3c4b8d0f'
  const url64 = (text: string) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  const token = (claims: object, header: object = { alg: 'HS256', typ: 'JWT' }, key = secret) => {
    const signed = `${url64(JSON.stringify(header))}.${url64(JSON.stringify(claims))}`
    const signature = mac('sha256', key, signed, 'base64').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
    return `${signed}.${signature}`
  }
  const hashOf = async (text: string) =>
    [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))]
      .map(byte => byte.toString(16).padStart(2, '0'))
      .join('')
  const verify = (jws: string, given = body, secrets = [secret]) =>
    verifyNetlify(inbound({ headers: { 'x-webhook-signature': jws }, body: given }), secrets)

  it('accepts a token over the hash of the body', async () => {
    const jws = token({ iss: 'netlify', sha256: await hashOf(body) })
    expect(await verify(jws)).toEqual(passed)
    expect(await verify(jws, body, ['other', secret])).toEqual(passed)
    expect(await verify(jws, `${body} `)).toMatchObject({ reason: 'mismatch' })
    expect(await verify(jws, body, ['other'])).toMatchObject({ reason: 'mismatch' })
    expect(await verify(jws, body, [''])).toMatchObject({ reason: 'no-secret' })
  })

  it('refuses another issuer, another body and no hash', async () => {
    const sha256 = await hashOf(body)
    for (const claims of [
      { iss: 'other', sha256 },
      { iss: 'netlify', sha256: digest },
      { iss: 'netlify' },
      { sha256 },
    ]) {
      expect(await verify(token(claims))).toMatchObject({ reason: 'mismatch' })
    }
  })

  it('pins the algorithm: the token does not choose', async () => {
    const claims = { iss: 'netlify', sha256: await hashOf(body) }
    expect(await verify(token(claims, { alg: 'HS512' }))).toMatchObject({ reason: 'malformed' })
    const unsigned = token(claims, { alg: 'none' }).replace(/[^.]*$/, '')
    expect(await verify(unsigned)).toMatchObject({ reason: 'malformed' })
  })

  it.each(['', 'a', 'a.b', 'a.b.c', 'a.b.c.d', '..', '!.!.!', `${'a'.repeat(40)}.e30.${'A'.repeat(43)}`])(
    'refuses %j',
    async jws => {
      expect(await verify(jws)).toMatchObject({ ok: false, reason: jws === '' ? 'missing' : 'malformed' })
    },
  )
})

describe('Twilio', () => {
  const uri = 'https://mycompany.com/myapp.php'
  const form = 'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212'
  const voice = {
    url: `${uri}?foo=1&bar=2`,
    headers: { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
    body: form,
  }

  it('verifies the form of its own library’s tests, in any order of the fields', async () => {
    expect(await verifyTwilio(inbound(voice), ['12345'], uri)).toEqual(passed)
    expect(await verifyTwilio(inbound(voice), ['other', '12345'], `${uri}?foo=1`)).toEqual(passed)
    const shuffled = { ...voice, body: form.split('&').reverse().join('&') }
    expect(await verifyTwilio(inbound(shuffled), ['12345'], uri)).toEqual(passed)
  })

  it('refuses other bytes, another address, another token', async () => {
    const changed = { ...voice, body: form.replace('1234&', '1235&') }
    expect(await verifyTwilio(inbound(changed), ['12345'], uri)).toMatchObject({ reason: 'mismatch' })
    expect(await verifyTwilio(inbound(voice), ['12345'], 'https://other.example/')).toMatchObject({
      reason: 'mismatch',
    })
    const query = { ...voice, url: `${uri}?foo=2&bar=2` }
    expect(await verifyTwilio(inbound(query), ['12345'], uri)).toMatchObject({ reason: 'mismatch' })
    expect(await verifyTwilio(inbound(voice), ['54321'], uri)).toMatchObject({ reason: 'mismatch' })
    expect(await verifyTwilio(inbound(voice), [], uri)).toMatchObject({ reason: 'no-secret' })
  })

  it('signs a repeated field once for each different value, sorted', async () => {
    const signature = mac('sha1', '12345', `${uri}a1a2b3`, 'base64')
    const request = { url: uri, headers: { 'x-twilio-signature': signature }, body: 'b=3&a=2&a=1&a=2' }
    expect(await verifyTwilio(inbound(request), ['12345'], uri)).toEqual(passed)
  })

  const hash = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620'
  const json = {
    url: `${uri}?foo=1&bar=2&bodySHA256=${hash}`,
    headers: { 'x-twilio-signature': 'a9nBmqA0ju/hNViExpshrM61xv4=' },
    body: '{"property": "value", "boolean": true}',
  }

  it('verifies a JSON body by its hash in the address', async () => {
    expect(await verifyTwilio(inbound(json), ['12345'], uri)).toEqual(passed)
    const other = { ...json, body: '{"property": "value", "boolean": false}' }
    expect(await verifyTwilio(inbound(other), ['12345'], uri)).toMatchObject({ reason: 'mismatch' })
  })

  it('refuses what cannot be a signature', async () => {
    const bare = { ...voice, headers: {} }
    expect(await verifyTwilio(inbound(bare), ['12345'], uri)).toMatchObject({ reason: 'missing' })
    const short = { ...voice, headers: { 'x-twilio-signature': 'RSOYDt4T' } }
    expect(await verifyTwilio(inbound(short), ['12345'], uri)).toMatchObject({ reason: 'malformed' })
  })
})

describe('Dropbox Sign', () => {
  const key = '324e3b0840f065eb51f3fd63231d0d33daa35d4ed10d27718839e81737065782'
  const event = {
    event_time: '1669926463',
    event_type: 'account_confirmed',
    event_hash: 'ff8b03439122f9160500c3fb855bdee5a9ccba5fff27d3b258745d8f3074832f',
  }

  it('verifies the event of its own fixtures', async () => {
    expect(await verifyDropboxSign(event, [key])).toEqual(passed)
    expect(await verifyDropboxSign(event, ['other', key])).toEqual(passed)
    expect(await verifyDropboxSign({ ...event, event_time: '1669926464' }, [key])).toMatchObject({ reason: 'mismatch' })
    expect(await verifyDropboxSign({ ...event, event_type: 'account_confirmee' }, [key])).toMatchObject({
      reason: 'mismatch',
    })
    expect(await verifyDropboxSign(event, ['other'])).toMatchObject({ reason: 'mismatch' })
    expect(await verifyDropboxSign({ ...event, event_hash: 'ff' }, [key])).toMatchObject({ reason: 'malformed' })
    expect(await verifyDropboxSign(event, [''])).toMatchObject({ reason: 'no-secret' })
  })
})
