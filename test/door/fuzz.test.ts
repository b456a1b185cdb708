import { env } from 'cloudflare:test'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bodyOf, cases, optionsOf, requestOf, secretsOf, unusual } from '../sources/cases.ts'
import { openDoor } from './door.ts'

/**
 * Whatever comes to a source, proved or not: never an exception, never a 5xx, and a claim only with a 2xx. Proved bodies
 * matter most, since only they are read. `FUZZ_RUNS=10000 npx vitest run test/door/fuzz.test.ts` for a long look.
 */

const runs = { numRuns: Number((env as { FUZZ_RUNS?: string }).FUZZ_RUNS ?? 300) }
const now = Date.UTC(2026, 10, 2, 9)
const kv = { get: (async () => null) as unknown as KVNamespace['get'] }

/** One value somewhere in a body becomes another: another kind, another length, a name that means something to JavaScript. */
const values = fc.constantFrom(
  'null',
  '{}',
  '[]',
  '0',
  '-1',
  '1e400',
  '""',
  '"x"',
  'true',
  '[[]]',
  '{"__proto__":{"a":1}}',
  '"__proto__"',
  '"constructor"',
  `"${'x'.repeat(300)}"`,
  '{"value":null}',
  '{"url":"https://[","name":"x"}',
  '"https://a.example/%E0%A4%A"',
  '12345678901234567890',
)
const otherValue = (body: string) =>
  fc.tuple(fc.nat(), values).map(([at, value]) => {
    const places = [...body.matchAll(/(?<=: ?)(?:"(?:[^"\\]|\\.)*"|-?\d+|true|false|null)/g)]
    const place = places[at % Math.max(1, places.length)]
    return place ? body.slice(0, place.index) + value + body.slice(place.index + place[0].length) : value
  })

const otherText = (body: string) =>
  fc
    .tuple(
      fc.nat(),
      fc.nat(30),
      fc.constantFrom('', '%', '%00', '\r\n', '&', '=', '"', '{', ']', ',', '\0', '\u{1f600}', '------docketed--'),
    )
    .map(([at, length, put]) => body.slice(0, at % body.length) + put + body.slice((at % body.length) + length))

const bodiesLike = (body: string) =>
  fc.oneof(
    otherValue(body),
    otherText(body),
    fc.json({ maxDepth: 4 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('', 'null', '[]', '{}', '[{}]', '"', '0', '{"payload":{}}', '['.repeat(5000)),
  )

afterEach(() => vi.restoreAllMocks())

describe.each([...cases, ...unusual].map(one => [one.name, one] as const))('%s', (_name, one) => {
  it('stands whatever it is sent', { timeout: 10_000 + 50 * runs.numRuns }, async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const [right] = secretsOf(one)
    const { firm, docket, send } = await openDoor({
      endpoints: { hook: optionsOf(one) },
      env: { SECRET: right, TOKEN: 'a-token' },
      kv,
      now,
    })
    const answer = async (given: string, proved: boolean, type: string | null) => {
      const { path, headers, body } = requestOf(one, given, right, now, firm)
      const named = type === null ? headers : { ...headers, 'content-type': type }
      const before = docket.claims.length
      const response = await send(`hook${path}`, { method: 'POST', headers: named, body: proved ? body : `${body} ` })
      expect(response.status).toBeGreaterThanOrEqual(200)
      expect(response.status).toBeLessThan(500)
      expect(docket.claims.length - before).toBe(response.status < 300 ? 1 : 0)
      return response.status
    }
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(
        bodiesLike(bodyOf(one)),
        fc.integer({ min: 0, max: 9 }).map(chance => chance > 0),
        fc.constantFrom(
          null,
          null,
          null,
          'application/json',
          'application/x-www-form-urlencoded',
          'multipart/form-data',
          ';',
        ),
        async (body, proved, type) => {
          if ((await answer(body, proved, type)) < 300) accepted++
        },
      ),
      runs,
    )
    expect(error).not.toHaveBeenCalled()
    // The proof of the test: it does reach the reading of bodies.
    expect(accepted).toBeGreaterThan(0)
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })

  it('takes a word that every object knows (“constructor”) for a word like any other', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const [right] = secretsOf(one)
    const env = { SECRET: right, TOKEN: 'a-token' }
    const { firm, docket, send } = await openDoor({ endpoints: { hook: optionsOf(one) }, env, kv, now })
    const body = bodyOf(one)
    const words = [...body.matchAll(/"(?:[^"\\]|\\.)*"(?!\s*:)|(?<==)[^&]*/g)]
    for (const { 0: word, index } of words) {
      const put = word.startsWith('"') ? '"constructor"' : 'constructor'
      const given = body.slice(0, index) + put + body.slice(index + word.length)
      const { path, headers, body: sent } = requestOf(one, given, right, now, firm)
      const response = await send(`hook${path}`, { method: 'POST', headers, body: sent })
      expect(response.status, given).toBeLessThan(500)
    }
    expect(error).not.toHaveBeenCalled()
    // What reaches the Docket is plain data.
    expect(() => structuredClone(docket.claims)).not.toThrow()
  })
})
