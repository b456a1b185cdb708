import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/json.ts'
import { unseal } from '../../src/platform/secrets.ts'
import '../simulation/bookings/firm.ts'
import { Office } from '../simulation/slack/office.ts'
import { dataKey } from '../simulation/world.ts'
import { env, outside } from './firm.ts'
import { type Frozen, ledgers, standing } from './frozen.ts'
import { carryOn, claim, secretOf } from './story.ts'

/** I8: the ledger of any earlier version opens under this code, with its runs, and goes on. */

const offices: Office[] = []
afterEach(() => {
  for (const one of offices.splice(0)) one.close()
})

/** The firm's Docket, born anew on what an earlier one left. */
function opened({ now, sql, clio, files }: Frozen): Office {
  const left = { now, sql, clio, files }
  const one: Office = new Office(undefined, { config: null, opened: left, env, vendor: outside(() => one.slack) })
  offices.push(one)
  return one
}

const states = (one: Office) => Object.fromEntries(one.runs().map(({ id, state }) => [id, state]))
const final = (state: string) => ['done', 'ignored', 'discarded'].includes(state)

describe('ledgers of earlier versions', () => {
  it('are kept without a gap from the first on', () => {
    const kept = ledgers().map(({ version }) => version)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => n + 1))
    expect(kept.length).toBeGreaterThan(0)
  })

  it('can be made of the code as it stands, with something in every table and a run in every state', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'docketed-freeze-'))
    try {
      execFileSync(process.execPath, [join(import.meta.dirname, 'freeze.ts'), '1', '--to', folder], { stdio: 'pipe' })
      const [made] = ledgers(folder)
      const one = opened(made!)
      await carryOn(one, made!.deeds)
      expect(standing(one.sandbox)).toEqual(made!.end.records)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe.each(ledgers())('a ledger of version $version', frozen => {
  const ids = Object.keys(frozen.end.runs)

  it('opens with every run that it had', () => {
    const one = opened(frozen)
    expect(one.runs().map(({ id }) => id)).toEqual(ids)
    for (const { id } of one.runs()) expect(one.clerk.desk.find(id)).toMatchObject({ id })
  })

  it('still has its secrets', async () => {
    const one = opened(frozen)
    const { secrets } = one.clerk.ledger.configs.mirror()!
    expect(Object.keys(secrets).length).toBeGreaterThan(0)
    for (const [name, sealed] of Object.entries(secrets))
      expect(await unseal(dataKey, 'smith', name, sealed)).toBe(secretOf(name))
    expect(one.sandbox.ledger.entries).toEqual([])
  })

  /** One life to its end, watched on the way: what holds of it is asked below. */
  let carried: Office
  const undone: string[] = []
  let seen = 0
  beforeAll(async () => {
    carried = opened(frozen)
    offices.splice(offices.indexOf(carried), 1)
    const ended = Object.fromEntries(Object.entries(states(carried)).filter(([, state]) => final(state)))
    const { run } = carried.clock
    carried.clock.run = options =>
      run.call(carried.clock, {
        ...options,
        check: () => {
          // A look at every 50th step: each reads all runs.
          if (++seen % 50 !== 0) return
          const now = states(carried)
          for (const [id, state] of Object.entries(ended))
            if (now[id] !== state) undone.push(`${id}: ${state}, ${now[id]}`)
          for (const [id, state] of Object.entries(now)) if (final(state)) ended[id] = state
        },
      })
    await carryOn(carried, frozen.deeds)
  })
  afterAll(() => carried?.close())

  it('knows its contacts and matters, which it may have to read anew', async () => {
    expect((await carried.clerk.suggest('alvarez')).map(({ number }) => number)).toContain('00001-Alvarez')
    expect(carried.reader.meta.get<JsonObject>('contacts')?.syncedAt).toEqual(expect.any(Number))
  })

  it('is carried on to the end that its own code would have brought it to: every run, every record, none twice', () => {
    const after = states(carried)
    expect(Object.fromEntries(ids.map(id => [id, after[id]]))).toEqual(frozen.end.runs)
    expect(standing(carried.sandbox)).toEqual(frozen.end.records)
    expect(carried.sandbox.ledger.view().unknown).toEqual({ keys: 0, fields: 0, query: 0 })
    expect(carried.log.filter(line => /while it was|in the drain/.test(line))).toEqual([])
  })

  it('leaves open nothing but what waits for a person', () => {
    const open = carried.runs().filter(({ state }) => !final(state) && state !== 'spam')
    expect(open.map(({ id, state, reason }) => ({ id, state, reason }))).toEqual([])
    // What a step is done with holds nobody up: its row tells for a while what came of it.
    const held = "locks where not exists (select 1 from steps where run = locks.run and path = step and state = 'done')"
    for (const table of [held, 'files', 'unfinished_documents'])
      expect(carried.disk.query(`select * from ${table}`), table).toEqual([])
    expect(carried.disk.query("select * from attempts where outcome = 'sending'")).toEqual([])
    expect(carried.disk.query('select * from notices where next_at is not null')).toEqual([])
    expect([...carried.files.kept.keys()]).toEqual([])
  })

  it('never changes a final state, at any step of the way', () => {
    expect(undone).toEqual([])
    expect(seen).toBeGreaterThan(500)
  })

  it.each(['at once', 'when all is done'])('knows every delivery again %s', async when => {
    const one = when === 'at once' ? opened(frozen) : carried
    const before = one.runs().length
    for (const each of frozen.delivered) {
      // What has no key is the same for ten minutes only.
      if (each.key === null && when !== 'at once') continue
      const at = one.disk.query(`select accepted_at from runs where id = '${each.run}'`)[0]?.accepted_at
      if (each.key === null && one.clock.now - Number(at) > 600_000) continue
      expect(claim(one, each)).toMatchObject({ run: each.run, duplicate: true })
    }
    for (const { body } of frozen.typed) await one.sends(body)
    expect(one.runs()).toHaveLength(before)
  })

  it('is carried on to the same end when the Docket dies on the way, again and again', async () => {
    const one = opened(frozen)
    for (let n = 0; n < 12; n++) {
      one.clock.at(frozen.now + 30_000 + n * 47_000, () => one.dieAtPoint(n * 3))
    }
    await carryOn(one, frozen.deeds)
    const after = states(one)
    expect(Object.fromEntries(ids.map(id => [id, after[id]]))).toEqual(frozen.end.runs)
    expect(standing(one.sandbox)).toEqual(frozen.end.records)
  })
})
