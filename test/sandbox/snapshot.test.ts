import { describe, expect, it } from 'vitest'
import { restore, type Snapshot, snapshotOf } from '../../src/sandbox/run/snapshot.ts'
import { startClio } from './helpers.ts'

/** As a file would keep it. */
const kept = (snapshot: Snapshot) => JSON.parse(JSON.stringify(snapshot)) as Snapshot

describe('a sandbox after a restart', () => {
  it('has every record as it was, ids and etags included', async () => {
    const before = startClio()
    const { data } = await before.post('contacts', { type: 'Company', name: 'Acme' })
    await before.patch(`contacts/${data.id}`, { name: 'Acme & Sons' })
    await before.delete(`matters/${(await before.get('matters')).list[0]?.id}`)

    const after = startClio()
    restore(after.sandbox, kept(snapshotOf(before.sandbox)))

    expect(after.sandbox.records()).toEqual(before.sandbox.records())
    expect((await after.get(`contacts/${data.id}?fields=name`)).data.name).toBe('Acme & Sons')
  })

  it('gives no id away twice', async () => {
    const before = startClio()
    const first = await before.post('contacts', { type: 'Company', name: 'One' })
    await before.delete(`contacts/${first.data.id}`)
    const gone = before.sandbox.connect('jones')
    before.sandbox.connections.remove(gone)

    const after = startClio()
    restore(after.sandbox, kept(snapshotOf(before.sandbox)))

    const second = await after.post('contacts', { type: 'Company', name: 'Two' })
    expect(Number(second.data.id)).toBeGreaterThan(Number(first.data.id))
    expect(after.sandbox.connect('jones')).not.toBe(gone)
  })

  it('has its connections, each with its own account', () => {
    const before = startClio()
    const jones = before.sandbox.connect('jones')
    before.sandbox.account('jones').insert('contacts', { type: 'Company', name: 'Only at Jones' })

    const after = startClio()
    restore(after.sandbox, kept(snapshotOf(before.sandbox)))

    expect(after.sandbox.connections.all()).toEqual(before.sandbox.connections.all())
    expect(after.sandbox.connections.get(jones)?.account).toBe('jones')
    expect(after.sandbox.records('jones').contacts).toEqual(before.sandbox.records('jones').contacts)
    expect(JSON.stringify(after.sandbox.records('smith'))).not.toContain('Only at Jones')
  })

  it('has the uploads, byte for byte', () => {
    const before = startClio()
    const bytes = new Uint8Array([0, 255, 128, 10])
    before.sandbox.account('smith').uploads.set('u1', { headers: { 'content-type': 'image/png' }, bytes })

    const after = startClio()
    restore(after.sandbox, kept(snapshotOf(before.sandbox)))

    expect(after.sandbox.account('smith').uploads.get('u1')).toEqual({
      headers: { 'content-type': 'image/png' },
      bytes,
    })
  })
})
