import { env } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { lookup, remember } from '../../src/kv/keys.ts'
import type { Delivery } from '../../src/model/event.ts'
import { hashOfKey } from '../../src/platform/sealing.ts'

const given = (value: string, content = 'c1', strict = false) => ({
  key: { kind: 'given' as const, value },
  content,
  strict,
})
const match = new Uint8Array(32)
const hashing = { hash: (key: Delivery['key']) => hashOfKey(match, key), elder: false }
/** As the Docket keeps a delivery's key. */
const hashed = ({ key }: Pick<Delivery, 'key'>): string => hashOfKey(match, key)
const byContent = (content: string) => ({ key: { kind: 'content' as const, value: content }, content, strict: false })
const entry = (run: string, content = 'c1') => ({ run, content })

afterEach(() => vi.restoreAllMocks())

describe('a key that KV knows', () => {
  it('names its run', async () => {
    await remember(env.KV, 'smith', 'partner', hashed(given('m1')), entry('run-1'))
    expect(await lookup(env.KV, 'smith', 'partner', given('m1'), hashing)).toEqual({ kind: 'known', run: 'run-1' })
  })

  it('is that of one firm and one endpoint', async () => {
    await remember(env.KV, 'smith', 'partner', hashed(given('m2')), entry('run-2'))
    expect(await lookup(env.KV, 'jones', 'partner', given('m2'), hashing)).toBeNull()
    expect(await lookup(env.KV, 'smith', 'website', given('m2'), hashing)).toBeNull()
    expect(await lookup(env.KV, 'smith', 'partner', given('m3'), hashing)).toBeNull()
  })

  it("conflicts only for a caller's own key with other answers", async () => {
    await remember(env.KV, 'smith', 'partner', hashed(given('m4')), entry('run-4'))
    const other = given('m4', 'c2', true)
    expect(await lookup(env.KV, 'smith', 'partner', other, hashing)).toEqual({ kind: 'conflict', run: 'run-4' })
    const lenient = given('m4', 'c2', false)
    expect(await lookup(env.KV, 'smith', 'partner', lenient, hashing)).toEqual({ kind: 'known', run: 'run-4' })
    const same = given('m4', 'c1', true)
    expect(await lookup(env.KV, 'smith', 'partner', same, hashing)).toEqual({ kind: 'known', run: 'run-4' })
  })

  it('made of the answers alone is the Docket’s: KV is not even asked', async () => {
    const get = vi.fn()
    const kv = { get } as unknown as Pick<KVNamespace, 'get'>
    expect(await lookup(kv, 'smith', 'website', byContent('hash-1'), hashing)).toBeNull()
    expect(get).not.toHaveBeenCalled()
  })

  it('is never one kind for the other: who sends a hash as a key gets no stranger’s run', async () => {
    await remember(env.KV, 'smith', 'website', hashed(byContent('hash-2')), entry('run-6', 'hash-2'))
    expect(await lookup(env.KV, 'smith', 'website', given('hash-2', 'hash-2'), hashing)).toBeNull()
  })
})

describe('what is written', () => {
  const put = vi.fn<KVNamespace['put']>(async () => {})
  const kv = { put } as unknown as Pick<KVNamespace, 'put'>
  afterEach(() => put.mockReset())

  it('is one entry that holds no answers and no key in plain text', async () => {
    await remember(kv, 'smith', 'partner', hashed(given('secret-looking-key')), entry('run-1'))
    expect(put).toHaveBeenCalledOnce()
    const [name, value, options] = put.mock.calls[0]!
    expect(name).toMatch(/^key:smith:partner:~[\w-]{43}$/)
    expect(JSON.parse(value as string)).toEqual({ run: 'run-1', content: 'c1' })
    expect(options).toEqual({ expirationTtl: 400 * 86_400 })
  })

  it('may fail: the Docket knows the key all the same', async () => {
    const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
    put.mockRejectedValue(new Error('429'))
    await remember(kv, 'smith', 'partner', hashed(given('m1')), entry('run-1'))
    expect(log.mock.calls[0]![0]).toContain('run-1')
  })
})

it('a KV that fails, knows nothing', async () => {
  const get = (async () => Promise.reject(new Error('down'))) as unknown as KVNamespace['get']
  expect(await lookup({ get }, 'smith', 'partner', given('m1'), hashing)).toBeNull()
})
