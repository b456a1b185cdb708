import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Mirror } from '../../src/model/docket-rpc.ts'
import { resolveSecret } from '../../src/platform/secrets.ts'
import { document, newConnection, operator, problemOf } from './app.ts'

const { call, stranger } = operator()
const put = (firm: string, body: string | object, headers = {}, query = '') =>
  call('PUT', `/api/firms/${firm}/config${query}`, body, headers)
const versionOf = async (answer: Response) => ((await answer.json()) as { version: number }).version
const text = `{
  // Why this firm is here.
  "timezone": "Europe/London", "country": "GB", "connection": "${await newConnection()}",
  "endpoints": { "website": { "source": "form" } },
  "rules": [],
}
`

describe('a configuration', () => {
  it('comes back as it was written, comments included, with its version', async () => {
    expect((await put('comments', text)).status).toBe(200)
    const stored = await call('GET', '/api/firms/comments/config')
    expect(stored.status).toBe(200)
    expect(stored.headers.get('content-type')).toMatch(/^application\/json/)
    expect(stored.headers.get('etag')).toBe('"1"')
    expect(stored.headers.get('x-config-version')).toBe('1')
    expect(stored.headers.get('cache-control')).toBe('no-store')
    expect(await stored.text()).toBe(text)
  })

  it('gets a new version each time, with warnings about what does nothing', async () => {
    const one = await document()
    const first = await put('versions', one)
    const { version, warnings } = (await first.json()) as { version: number; warnings: { path: string }[] }
    expect(version).toBe(1)
    expect(warnings.map(({ path }) => path)).toEqual(['endpoints.website'])
    const second = await put('versions', one)
    expect(second.headers.get('etag')).toBe('"2"')
    expect(await versionOf(second)).toBe(2)
  })

  it('is mirrored for the door', async () => {
    await put('mirrored', await document())
    const mirror = await env.KV.get<Mirror>('firm:mirrored', 'json')
    expect(mirror).toMatchObject({ version: 1, document: { timezone: 'America/New_York' } })
  })

  it('that nobody stored is not there', async () => {
    const missing = await call('GET', '/api/firms/nobody/config')
    expect(missing.status).toBe(404)
    expect(await problemOf(missing)).toMatchObject({ type: 'urn:docketed:problem:no-configuration' })
  })

  it('that is wrong is refused with every place, and changes nothing', async () => {
    await put('wrong', await document())
    const refused = await put('wrong', await document({ timezone: 'Moon/Base', colour: 'red' }))
    expect(refused.status).toBe(422)
    const { errors } = await problemOf(refused)
    expect(errors?.map(({ path }) => path).sort()).toEqual(['colour', 'timezone'])
    expect((await call('GET', '/api/firms/wrong/config')).headers.get('etag')).toBe('"1"')
  })

  it.each(['', 'not json', '{"timezone":', '[]'])('that is no document at all (%j) is refused', async body => {
    expect((await put('broken', body)).status).toBe(422)
    expect((await call('GET', '/api/firms/broken/config')).status).toBe(404)
  })

  it('that is not UTF-8 is refused', async () => {
    const { stranger } = operator()
    const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` }
    const refused = await stranger(
      'PUT',
      '/api/firms/latin/config',
      headers,
      new Uint8Array([0x7b, 0xff, 0x7d]) as never,
    )
    expect(refused.status).toBe(400)
    expect((await problemOf(refused)).type).toBe('urn:docketed:problem:malformed-body')
  })

  it('may have 512 KiB and not a byte more', async () => {
    const small = JSON.stringify(await document())
    const most = 512 * 1024
    expect((await put('large', small.padEnd(most, ' '))).status).toBe(200)
    const refused = await put('large', small.padEnd(most + 1, ' '))
    expect(refused.status).toBe(413)
    expect((await call('GET', '/api/firms/large/config')).headers.get('etag')).toBe('"1"')
  })

  it('of one firm may not use the connection of another', async () => {
    const shared = await newConnection()
    expect((await put('first-firm', await document({}, shared))).status).toBe(200)
    const refused = await put('second-firm', await document({}, shared))
    expect(refused.status).toBe(422)
    expect((await problemOf(refused)).errors?.[0]?.path).toBe('connection')
  })
})

describe('a dry run', () => {
  it('checks, and stores nothing', async () => {
    const answer = await put('dry', await document(), {}, '?dry=1')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('etag')).toBeNull()
    expect((await call('GET', '/api/firms/dry/config')).status).toBe(404)
    expect(await env.KV.get('firm:dry')).toBeNull()
  })

  it('refuses what saving would refuse', async () => {
    expect((await put('dry', await document({ country: 'XX' }), {}, '?dry=1')).status).toBe(422)
  })

  it.each(['?dry=true', '?dry', '?drY=1', '?dry=1&dry=0'])(
    'is never a real one by a slip: %s is refused',
    async query => {
      const refused = await put('slip', await document(), {}, query)
      expect(refused.status).toBe(400)
      expect((await problemOf(refused)).type).toBe('urn:docketed:problem:malformed-query')
      expect((await call('GET', '/api/firms/slip/config')).status).toBe(404)
    },
  )
})

describe('If-Match', () => {
  it('replaces the version that it names, and no other', async () => {
    const one = await document()
    await put('matched', one)
    expect((await put('matched', one, { 'if-match': '"1"' })).status).toBe(200)
    const refused = await put('matched', one, { 'if-match': '"1"' })
    expect(refused.status).toBe(412)
    expect((await problemOf(refused)).detail).toContain('The stored version is 2')
    expect((await call('GET', '/api/firms/matched/config')).headers.get('etag')).toBe('"2"')
  })

  it('of several who change the same version at the same moment lets one', async () => {
    const one = await document()
    await put('together', one)
    const answers = await Promise.all([1, 2, 3].map(() => put('together', one, { 'if-match': '"1"' })))
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 412, 412])
  })

  it.each(['"7", "1"', '*'])('takes %s for version 1', async tags => {
    const firm = `tags-${tags.length}`
    const one = await document()
    await put(firm, one)
    expect((await put(firm, one, { 'if-match': tags })).status).toBe(200)
  })

  const weak = newConnection()
  it.each(['W/"1"', '1', '"01"', ''])('does not take %j for version 1', async tags => {
    const firm = 'weak'
    const one = await document({}, await weak)
    if ((await call('GET', `/api/firms/${firm}/config`)).status === 404) await put(firm, one)
    expect((await put(firm, one, { 'if-match': tags })).status).toBe(412)
  })

  it.each(['*', '"1"'])('%s fails when there is no version at all', async tags => {
    expect((await put('never', await document(), { 'if-match': tags })).status).toBe(412)
    expect((await call('GET', '/api/firms/never/config')).status).toBe(404)
  })
})

describe('a secret', () => {
  const secret = (firm: string, name: string, body?: string, method = 'PUT') =>
    call(method, `/api/firms/${firm}/secrets/${name}`, body)
  const opened = async (firm: string, name: string) => {
    const mirror = await env.KV.get<Mirror>(`firm:${firm}`, 'json')
    return resolveSecret(env, firm, mirror?.secrets ?? {}, name)
  }

  it('is stored sealed, and never told', async () => {
    await put('secretive', await document())
    const stored = await secret('secretive', 'SLACK_TOKEN', 'xoxb-very-secret')
    expect(stored.status).toBe(204)
    expect(await stored.text()).toBe('')
    expect(await opened('secretive', 'SLACK_TOKEN')).toBe('xoxb-very-secret')
    expect(await env.KV.get('firm:secretive')).not.toContain('xoxb')
    expect((await secret('secretive', 'SLACK_TOKEN', undefined, 'GET')).status).toBe(405)
  })

  it.each([
    ['the line break of echo is no part of it', 'a-secret-of-enough-letters\n', 'a-secret-of-enough-letters'],
    ['nor that of Windows', 'a-secret-of-enough-letters\r\n', 'a-secret-of-enough-letters'],
    ['but white space is', ' a secret with blanks ', ' a secret with blanks '],
    ['and so is JSON', '{"a":1,"b":2,"c":3}', '{"a":1,"b":2,"c":3}'],
  ])('is the body: %s', async (_, body, value) => {
    if ((await call('GET', '/api/firms/verbatim/config')).status === 404) await put('verbatim', await document())
    expect((await secret('verbatim', 'KEY', body)).status).toBe(204)
    expect(await opened('verbatim', 'KEY')).toBe(value)
  })

  it('may be sent as JSON, and then nothing else may', async () => {
    await put('jsonic', await document())
    const json = { 'content-type': 'application/json' }
    const send = (body: string) => call('PUT', '/api/firms/jsonic/secrets/KEY', body, json)
    expect((await send('{"value":"a-secret-of-enough-letters\\n"}')).status).toBe(204)
    expect(await opened('jsonic', 'KEY')).toBe('a-secret-of-enough-letters\n')
    for (const body of ['abc', '"abc"', '{}', '{"value":1}', '{"value":"a","valeu":"b"}', '']) {
      expect((await send(body)).status).toBe(400)
    }
    expect((await send('{"value":""}')).status).toBe(400)
    expect(await opened('jsonic', 'KEY')).toBe('a-secret-of-enough-letters\n')
  })

  it('is forgotten, once', async () => {
    await put('forgetful', await document())
    await secret('forgetful', 'KEY', 'a-secret-of-enough-letters')
    expect((await secret('forgetful', 'KEY', undefined, 'DELETE')).status).toBe(204)
    expect(await opened('forgetful', 'KEY')).toBeNull()
    const again = await secret('forgetful', 'KEY', undefined, 'DELETE')
    expect(again.status).toBe(404)
    expect((await problemOf(again)).detail).toContain('KEY')
  })

  it.each(['ADMIN_TOKEN', 'MATON_API_KEY', 'DATA_KEY', 'lower', '1ST', 'A-B', 'A'.repeat(65)])(
    'cannot be called %s',
    async name => {
      for (const method of ['PUT', 'DELETE']) {
        const refused = await secret('nameless', name, 'x', method)
        expect(refused.status).toBe(400)
        expect((await problemOf(refused)).type).toBe('urn:docketed:problem:secret-name')
      }
    },
  )

  it.each(['', '\n'])('cannot be empty (%j)', async body => {
    const refused = await secret('nameless', 'KEY', body)
    expect(refused.status).toBe(400)
    expect((await problemOf(refused)).type).toBe('urn:docketed:problem:empty-secret')
  })

  it('cannot be longer than 8 KiB', async () => {
    expect((await secret('nameless', 'KEY', 'x'.repeat(8193))).status).toBe(413)
  })

  it('needs a firm', async () => {
    expect((await secret('unheard-of', 'KEY', 'a-secret-of-enough-letters')).status).toBe(404)
    expect(await env.KV.get('firm:unheard-of')).toBeNull()
  })
})

describe('versions of a configuration', () => {
  it('say when and by whom, and one of before can be read and put back', async () => {
    const first = JSON.stringify(await document())
    expect((await call('PUT', '/api/firms/backtrack/config', first)).status).toBe(200)
    const made = await call('POST', '/api/firms/backtrack/tokens', { name: 'Ines', role: 'admin' })
    const authorization = `Bearer ${((await made.json()) as { token: string }).token}`
    const second = first.replace('"US"', '"CA"')
    expect((await stranger('PUT', '/api/firms/backtrack/config', { authorization }, second)).status).toBe(200)
    const at = expect.stringMatching(/^20.*Z$/)
    expect(await (await call('GET', '/api/firms/backtrack/config/versions')).json()).toEqual({
      versions: [
        { version: 2, at, actor: expect.stringMatching(/^token:.*\(Ines\)$/) },
        { version: 1, at, actor: 'vendor' },
      ],
    })
    const before = await call('GET', '/api/firms/backtrack/config?version=1')
    expect([before.headers.get('etag'), await before.text()]).toEqual(['"1"', first])
    expect((await call('GET', '/api/firms/backtrack/config?version=3')).status).toBe(404)
    const back = await call('PUT', '/api/firms/backtrack/config', first, { 'if-match': '"2"' })
    expect(await back.json()).toMatchObject({ version: 3 })
  })

  it('are 404 of a firm that there is not', async () => {
    expect((await call('GET', '/api/firms/nobody-here/config/versions')).status).toBe(404)
  })
})
