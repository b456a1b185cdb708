import { env } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type HashedKey, lookup, remember } from '../../src/kv/keys.ts'
import type { Delivery } from '../../src/model/event.ts'
import { hashOfKey } from '../../src/platform/sealing.ts'

const now = Date.UTC(2026, 10, 2, 9)
const given = (value: string, content = 'c1', strict = false) => ({
  key: { kind: 'given' as const, value },
  content,
  strict,
})
const match = new Uint8Array(32)
const hashing = { hash: (key: Delivery['key']) => hashOfKey(match, key), elder: false }
/** As the Docket keeps a delivery's key. */
const hashed = ({ key }: Pick<Delivery, 'key'>): HashedKey => ({ kind: key.kind, hash: hashOfKey(match, key) })
const byContent = (content: string) => ({ key: { kind: 'content' as const, value: content }, content, strict: false })
const entry = (run: string, content = 'c1', at = now) => ({ run, content, at })

afterEach(() => vi.restoreAllMocks())

describe('a key that KV knows', () => {
  it('names its run, for as long as a provider may deliver again', async () => {
    await remember(env.KV, 'smith', 'partner', hashed(given('m1')), entry('run-1'), now)
    expect(await lookup(env.KV, 'smith', 'partner', given('m1'), now, hashing)).toEqual({ kind: 'known', run: 'run-1' })
    const nextYear = now + 365 * 86_400_000
    expect(await lookup(env.KV, 'smith', 'partner', given('m1'), nextYear, hashing)).toEqual({
      kind: 'known',
      run: 'run-1',
    })
  })

  it('is that of one firm and one endpoint', async () => {
    await remember(env.KV, 'smith', 'partner', hashed(given('m2')), entry('run-2'), now)
    expect(await lookup(env.KV, 'jones', 'partner', given('m2'), now, hashing)).toBeNull()
    expect(await lookup(env.KV, 'smith', 'website', given('m2'), now, hashing)).toBeNull()
    expect(await lookup(env.KV, 'smith', 'partner', given('m3'), now, hashing)).toBeNull()
  })

  it("conflicts only for a caller's own key with other answers", async () => {
    await remember(env.KV, 'smith', 'partner', hashed(given('m4')), entry('run-4'), now)
    const other = given('m4', 'c2', true)
    expect(await lookup(env.KV, 'smith', 'partner', other, now, hashing)).toEqual({ kind: 'conflict', run: 'run-4' })
    const lenient = given('m4', 'c2', false)
    expect(await lookup(env.KV, 'smith', 'partner', lenient, now, hashing)).toEqual({ kind: 'known', run: 'run-4' })
    const same = given('m4', 'c1', true)
    expect(await lookup(env.KV, 'smith', 'partner', same, now, hashing)).toEqual({ kind: 'known', run: 'run-4' })
  })

  it('made of the answers is known for ten minutes after the run was accepted', async () => {
    const delivery = byContent('hash-1')
    await remember(env.KV, 'smith', 'website', hashed(delivery), entry('run-5', 'hash-1'), now + 1000)
    expect(await lookup(env.KV, 'smith', 'website', delivery, now + 599_999, hashing)).toEqual({
      kind: 'known',
      run: 'run-5',
    })
    expect(await lookup(env.KV, 'smith', 'website', delivery, now + 600_000, hashing)).toBeNull()
  })

  it('is never one kind for the other: who sends a hash as a key gets no stranger’s run', async () => {
    await remember(env.KV, 'smith', 'website', hashed(byContent('hash-2')), entry('run-6', 'hash-2'), now)
    expect(await lookup(env.KV, 'smith', 'website', given('hash-2', 'hash-2'), now, hashing)).toBeNull()
  })
})

describe('what is written', () => {
  const put = vi.fn<KVNamespace['put']>(async () => {})
  const kv = { put } as unknown as Pick<KVNamespace, 'put'>
  afterEach(() => put.mockReset())

  it('is one entry that holds no answers and no key in plain text', async () => {
    await remember(kv, 'smith', 'partner', hashed(given('secret-looking-key')), entry('run-1'), now)
    expect(put).toHaveBeenCalledOnce()
    const [name, value, options] = put.mock.calls[0]!
    expect(name).toMatch(/^key:smith:partner:~[\w-]{43}$/)
    expect(JSON.parse(value as string)).toEqual({ run: 'run-1', content: 'c1', at: now })
    expect(options).toEqual({ expirationTtl: 400 * 86_400 })
  })

  it('lasts ten minutes for answers alone, and is not written when those have passed', async () => {
    await remember(kv, 'smith', 'website', hashed(byContent('h')), entry('run-1'), now + 599_999)
    expect(put.mock.calls[0]![2]).toEqual({ expirationTtl: 600 })
    await remember(kv, 'smith', 'website', hashed(byContent('h')), entry('run-1'), now + 600_000)
    expect(put).toHaveBeenCalledOnce()
  })

  it('may fail: the Docket knows the key all the same', async () => {
    const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
    put.mockRejectedValue(new Error('429'))
    await remember(kv, 'smith', 'partner', hashed(given('m1')), entry('run-1'), now)
    expect(log.mock.calls[0]![0]).toContain('run-1')
  })
})

it('a KV that fails, knows nothing', async () => {
  const get = (async () => Promise.reject(new Error('down'))) as unknown as KVNamespace['get']
  expect(await lookup({ get }, 'smith', 'partner', given('m1'), now, hashing)).toBeNull()
})
