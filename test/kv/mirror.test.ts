import { env } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { readMirror, writeMirror } from '../../src/kv/mirror.ts'

describe('the mirror of a firm', () => {
  it('is read as it was written, and stands under the firm’s name', async () => {
    const mirror = { version: 3, document: { endpoints: {} }, secrets: { A: 'sealed' } }
    await writeMirror(env.KV, 'mirrored', mirror)
    expect(await readMirror(env.KV, 'mirrored')).toEqual(mirror)
    expect(await env.KV.get('firm:mirrored')).not.toBeNull()
  })

  it('of a firm that has none is null, and so is one that cannot be read', async () => {
    expect(await readMirror(env.KV, 'nobody')).toBeNull()
    const broken = { get: () => Promise.reject(new Error('KV is down')) } as unknown as KVNamespace
    expect(await readMirror(broken, 'mirrored')).toBeNull()
  })
})
