import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FirmReport } from '../../src/model/registry-rpc.ts'
import { migrations } from '../../src/registry/migrations.ts'
import { eventually } from '../eventually.ts'

/** The real Durable Object over its real storage and KV. */

let registries = 0

/** A registry of its own, that has read nothing yet. */
function registry(name = `registry-${++registries}`) {
  return env.REGISTRY.get(env.REGISTRY.idFromName(name))
}

const report = (firm: string, connection: string | null): FirmReport => ({
  firm,
  open: 2,
  parked: 1,
  held: 0,
  connection,
  lastEventAt: Date.UTC(2026, 10, 26),
  nextWake: null,
  visited: false,
  keys: null,
  unfit: null,
  figures: null,
})

const one = '21fd90f9-5935-43cd-b6c8-bde9d915ca80'
const other = 'a0000000-0000-4000-8000-00000000000b'

afterEach(async () => {
  vi.restoreAllMocks()
  for (const { name } of (await env.KV.list()).keys) await env.KV.delete(name)
})

describe('a connection', () => {
  it('belongs to the one of two firms that was first, however close they come', async () => {
    const all = registry()
    const answers = await Promise.all(['smith', 'jones'].map(firm => all.take(firm, one, false)))
    expect(answers.filter(answer => answer === null)).toHaveLength(1)
    const refused = answers.find(answer => answer !== null)
    const owner = answers[0] === null ? 'smith' : 'jones'
    expect(refused).toMatchObject({ status: 422, code: 'connection-taken', detail: expect.stringContaining(owner) })
  })

  it('is the same in capitals', async () => {
    const all = registry()
    expect(await all.take('smith', one.toUpperCase(), false)).toBeNull()
    expect(await all.take('jones', one, false)).toMatchObject({ code: 'connection-taken' })
    expect(await all.take('smith', one, false)).toBeNull()
  })

  it('is not taken by a check', async () => {
    const all = registry()
    expect(await all.take('smith', one, true)).toBeNull()
    expect(await all.take('jones', one, false)).toBeNull()
    expect(await all.take('smith', one, true)).toMatchObject({ code: 'connection-taken' })
  })

  it('stays the firm’s until another one is stored, and is free then', async () => {
    const all = registry()
    await all.take('smith', one, false)
    await all.uses('smith', one)
    await all.take('smith', other, false)
    expect(await all.take('jones', one, false)).toMatchObject({ code: 'connection-taken' })
    await all.uses('smith', other)
    expect(await all.take('jones', one, false)).toBeNull()
    expect(await all.take('jones', other, false)).toMatchObject({ code: 'connection-taken' })
  })

  it('that was taken and never stored is let go with a report, when there was time to store it', async () => {
    const all = registry()
    await all.take('smith', one, false)
    await all.uses('smith', one)
    await all.take('smith', other, false)
    await all.report(report('smith', one))
    expect(await all.take('jones', other, false)).toMatchObject({ code: 'connection-taken' })
    await runInDurableObject(all, (_, { storage }) => {
      storage.sql.exec('update connections set taken_at = taken_at - 600001')
    })
    await all.report(report('smith', one))
    expect(await all.take('jones', other, false)).toBeNull()
    expect(await all.take('jones', one, false)).toMatchObject({ code: 'connection-taken' })
  })

  it('is not let go by a Docket that cannot say which it has', async () => {
    const all = registry()
    await all.take('smith', one, false)
    await all.uses('smith', one)
    await runInDurableObject(all, (_, { storage }) => {
      storage.sql.exec('update connections set taken_at = taken_at - 600001')
    })
    await all.report(report('smith', null))
    expect(await all.take('jones', one, false)).toMatchObject({ code: 'connection-taken' })
    expect((await all.firms(10, null)).firms).toMatchObject([{ id: 'smith', connection: one }])
  })

  it('is a firm’s that says it runs on it, unless another has it', async () => {
    const all = registry()
    await all.report(report('smith', one))
    await all.report(report('jones', one.toUpperCase()))
    expect(await all.take('jones', one, false)).toMatchObject({ detail: expect.stringContaining('smith') })
  })

  it('in use is not removed; one that is being removed is nobody’s', async () => {
    const all = registry()
    await all.take('smith', one, false)
    expect(await all.condemn(one.toUpperCase())).toMatchObject({ status: 409, code: 'connection-in-use' })
    expect(await all.condemn(other)).toBeNull()
    expect(await all.condemn(other)).toBeNull()
    expect(await all.take('smith', other.toUpperCase(), false)).toMatchObject({ code: 'connection-removed' })
    await all.spare(other)
    expect(await all.take('smith', other, false)).toBeNull()
    await all.spare(other)
    expect(await all.take('jones', other, false)).toMatchObject({ code: 'connection-taken' })
  })

  it('of an erased firm is free, and the firm’s name is not given again', async () => {
    const all = registry()
    await all.take('smith', one, false)
    await all.uses('smith', one)
    await all.bury('smith', 'vendor')
    expect(await all.tombstone('smith')).toMatchObject({ by: 'vendor', at: expect.any(Number) })
    expect(await all.tombstone('jones')).toBeNull()
    await all.report(report('smith', one))
    expect(await all.take('jones', one, false)).toBeNull()
    expect(await all.take('smith', other, false)).toMatchObject({ status: 404, code: 'firm-erased' })
    expect((await all.firms(10, null)).firms).toEqual([])
  })
})

describe('the firms of before there was a registry', () => {
  it('are read from KV, once, with their connections', async () => {
    for (const firm of ['smith', 'jones']) await env.KV.put(`firm:${firm}`, '{}')
    await env.KV.put(`connection:${one}`, 'smith')
    await env.KV.put('key:smith:website:abc', '{}')
    const all = registry()
    expect((await all.firms(10, null)).firms.map(({ id }) => id)).toEqual(['jones', 'smith'])
    expect(await all.take('jones', one, false)).toMatchObject({ detail: expect.stringContaining('smith') })
    await env.KV.put('firm:later', '{}')
    expect((await all.firms(10, null)).firms).toHaveLength(2)
  })

  it('are woken at the next run, for nobody knows what they have to do', async () => {
    await env.KV.put('firm:smith', '{}')
    expect(await registry().overdue(40)).toEqual(['smith'])
  })

  it('keep a connection that two of them use, in capitals and in small letters, for one; the log says so', async () => {
    const log = vi.spyOn(console, 'warn').mockReturnValue()
    await env.KV.put(`connection:${one.toUpperCase()}`, 'smith')
    await env.KV.put(`connection:${one}`, 'jones')
    const all = registry()
    expect(await all.take('smith', one, false)).toBeNull()
    expect(await all.take('jones', one, false)).toMatchObject({ code: 'connection-taken' })
    expect(log).toHaveBeenCalledTimes(1)
  })

  it('are read in parts where they are many; until then nobody takes a connection', async () => {
    const pages: { prefix: string; cursor: string | null }[] = []
    const kv = {
      list: async ({ prefix, cursor }: { prefix: string; cursor: string | null }) => {
        pages.push({ prefix, cursor })
        const page = Number(cursor ?? 0)
        const keys = Array.from({ length: 10 }, (_, n) => ({
          name: `${prefix}${String(page * 10 + n).padStart(4, '0')}`,
        }))
        const more = page < 29
        return { keys, list_complete: !more, ...(more && { cursor: String(page + 1) }) }
      },
      get: async (names: string[]) => new Map(names.map(name => [name, name.slice('connection:'.length)])),
    }
    const all = registry()
    await runInDurableObject(all, instance => Object.assign(instance, { env: { ...env, KV: kv } }))
    expect(await all.take('0001', '0007', false)).toMatchObject({ status: 503, code: 'registry-filling' })
    expect(pages.length).toBeLessThanOrEqual(40)
    await eventually(
      async () => expect(await all.take('0001', '0007', false)).toMatchObject({ code: 'connection-taken' }),
      100,
    )
    expect(pages).toHaveLength(60)
    expect(new Set(pages.map(page => JSON.stringify(page))).size).toBe(60)
    const { firms, cursor } = await all.firms(200, null)
    expect([firms.length, cursor]).toEqual([200, '0199'])
  })

  it('are asked for again when KV fails', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const all = registry()
    const kv = { list: () => Promise.reject(new Error('maria')) }
    await runInDurableObject(all, instance => Object.assign(instance, { env: { ...env, KV: kv } }))
    expect(await all.take('smith', one, false)).toMatchObject({ code: 'registry-filling' })
    expect(await all.overdue(40)).toEqual([])
    expect(String(log.mock.calls)).not.toContain('maria')
    await runInDurableObject(all, instance => Object.assign(instance, { env }))
    expect(await all.take('smith', one, false)).toBeNull()
  })
})

describe('its database', () => {
  const versionOf = (all: ReturnType<typeof registry>) =>
    runInDurableObject(all, (_, { storage }) =>
      storage.sql.exec<{ value: string }>("select value from meta where key = 'version'").one(),
    )
  const dies = (all: ReturnType<typeof registry>) =>
    runInDurableObject(all, (_, state) => state.abort()).catch(() => {})

  it('carries its version, and is opened again as it was left', async () => {
    const all = registry()
    await all.report(report('smith', one))
    await dies(all)
    const again = registry(all.name)
    expect((await again.firms(10, null)).firms).toMatchObject([{ id: 'smith', open: 2, parked: 1, connection: one }])
    expect(await versionOf(again)).toEqual({ value: String(migrations.length) })
  })

  it('that is newer than the code is left alone', async () => {
    const all = registry()
    await all.report(report('smith', one))
    await runInDurableObject(all, (_, { storage }) => {
      storage.sql.exec("update meta set value = '99' where key = 'version'")
    })
    await dies(all)
    const again = registry(all.name)
    expect((await again.firms(10, null)).firms).toHaveLength(1)
    expect(await versionOf(again)).toEqual({ value: '99' })
  })
})
