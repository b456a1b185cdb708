import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/docket/ledger/ledger.ts'
import { purgeRun } from '../../../src/docket/ledger/retention.ts'
import { accepted } from '../../../src/docket/ledger/run/run-state.ts'
import type { NewRun } from '../../../src/docket/ledger/run/stored-run.ts'
import { summaryOf } from '../../../src/docket/operator/views.ts'
import { type InboundEvent, nobody } from '../../../src/model/event.ts'
import { keyringOf } from '../../../src/platform/sealing.ts'

/** Where the event of a run stands: a short one in its row, a long one beside it, and one of a version before 10 in its row however long. */

const keeping = { firm: 'smith', keyring: keyringOf(env) }
const now = Date.UTC(2026, 10, 27, 9)
const person = { ...nobody(), first_name: 'Ines', last_name: 'Alvarez' }
let objects = 0

interface Row {
  readonly [column: string]: SqlStorageValue
}
interface Bench {
  readonly ledger: Ledger
  query(text: string): Row[]
  /** Makes a run with a message of so many letters. */
  claimed(letters: number): string
  /** Makes one as version 9 did. */
  fromBefore(letters: number): string
}

function onBench(work: (bench: Bench) => void): Promise<void> {
  const stub = env.DOCKET.get(env.DOCKET.idFromName(`events ${++objects}`))
  return runInDurableObject(stub, (_: unknown, { storage }) => {
    const ledger = new Ledger({ sql: storage.sql, transactionSync: one => storage.transactionSync(one) }, keeping)
    ledger.putConfig('{}', {}, now)
    let runs = 0
    const claimed = (letters: number) => {
      const run = newRun(`run_${++runs}`, event(letters))
      return ledger.transaction(() => ledger.claims.claim(run, now).run)
    }
    const fromBefore = (letters: number) => {
      const id = claimed(letters)
      const text = JSON.stringify(event(letters))
      const sealed = ledger.seals.table('runs').seal('event', [id], text) as Uint8Array
      storage.sql.exec('update runs set event = ? where id = ?', sealed, id)
      storage.sql.exec('delete from events where run = ?', id)
      return id
    }
    work({ ledger, query: text => storage.sql.exec<Row>(text).toArray(), claimed, fromBefore })
  })
}

const event = (letters: number): InboundEvent => ({
  id: null,
  source: 'form',
  type: 'form.submitted',
  subject: 'case 7',
  follows: null,
  time: null,
  data: {},
  fields: {},
  person,
  message: 'm'.repeat(letters),
  files: [],
  booking: null,
})

const newRun = (id: string, about: InboundEvent): NewRun => ({
  id,
  kind: 'event',
  endpoint: 'website',
  key: id,
  content: id,
  event: about,
  version: 1,
  interactive: false,
  strict: false,
  spam: null,
  replayOf: null,
})

/** Bytes that stand of an event in its run's row, and beside it. */
const bytesOf = ({ query }: Bench, id: string) => [
  Number(query(`select length(event) as n from runs where id = '${id}'`)[0]?.n),
  Number(query(`select length(event) as n from events where run = '${id}'`)[0]?.n ?? 0),
]

describe('the event of a run', () => {
  it('stands in its row when it is short, and beside it when it is long; read, it is the same', () =>
    onBench(bench => {
      const { ledger, claimed } = bench
      const [short, long] = [claimed(100), claimed(100_000)]
      expect(bytesOf(bench, short)).toEqual([expect.any(Number), 0])
      const [row, beside] = bytesOf(bench, long)
      expect(row).toBeLessThan(500)
      expect(beside).toBeGreaterThan(100_000)
      for (const [id, letters] of [
        [short, 100],
        [long, 100_000],
      ] as const) {
        ledger.runs.forgetRead()
        expect(ledger.runs.get(id)).toMatchObject({ event: event(letters), long: letters > 65_536, subject: 'case 7' })
      }
      const found = ledger.overview.found({}, 10)
      expect(found.map(({ seq }) => ledger.overview.at(seq)?.event)).toEqual([event(100_000), event(100)])
      expect(found.map(({ bytes }) => bytes)).toEqual([beside, bytesOf(bench, short)[0]])
    }))

  it('is listed without being read when it is long', () =>
    onBench(bench => {
      const { ledger, claimed, fromBefore } = bench
      const listed = [claimed(100_000), claimed(100), fromBefore(100_000)].map(id => {
        const one = ledger.overview.found({ q: id }, 1)[0]!
        return { summary: summaryOf(ledger.overview.listed(one.seq)!), whole: summaryOf(ledger.runs.get(id)!), one }
      })
      for (const { summary, whole } of listed) expect(summary).toEqual(whole)
      expect(listed[0]!.summary).toMatchObject({ person: 'Ines Alvarez', subject: 'case 7', type: 'form.submitted' })
      expect(listed.map(({ one }) => one.listed < 1000)).toEqual([true, true, false])
    }))

  it('is not touched when its run is saved', () =>
    onBench(bench => {
      const { ledger, claimed } = bench
      const id = claimed(100_000)
      const before = bench.query('select hex(event) as event from events')
      for (let tries = 1; tries <= 3; tries++)
        ledger.runs.save(id, { ...accepted, state: 'running', tries, reason: 'Again.' }, now)
      expect(bench.query('select hex(event) as event from events')).toEqual(before)
      expect(bytesOf(bench, id)[0]).toBeLessThan(500)
      ledger.runs.forgetRead()
      expect(ledger.runs.get(id)).toMatchObject({ tries: 3, event: event(100_000) })
    }))

  it('is replaced by a longer or a shorter one', () =>
    onBench(bench => {
      const { ledger, claimed } = bench
      const id = claimed(100)
      for (const letters of [50_000, 60_000, 10, 70_000]) {
        ledger.transaction(() => ledger.runs.setEvent(id, event(letters)))
        expect(ledger.runs.get(id)?.event).toEqual(event(letters))
        expect(bytesOf(bench, id).map(bytes => bytes > 1000)).toEqual([false, letters > 1000])
      }
      expect(bench.query('select run from events')).toHaveLength(1)
    }))

  it('goes with what its run says, and with its run', () =>
    onBench(({ ledger, query, claimed }) => {
      const [purged, forgotten, kept] = [claimed(5000), claimed(5000), claimed(5000)]
      purgeRun(ledger, purged, now)
      expect(ledger.runs.get(purged)).toMatchObject({ event: null, erasedAt: now })
      expect(ledger.overview.listed(ledger.overview.found({ q: purged }, 1)[0]!.seq)?.event).toBeNull()
      ledger.runs.forget(forgotten)
      expect(query('select run from events')).toEqual([{ run: kept }])
    }))

  it('is not there when the claim is undone', () =>
    onBench(({ ledger, query }) => {
      const claim = () =>
        ledger.transaction(() => {
          ledger.claims.claim(newRun('run_1', event(5000)), now)
          throw new Error('The rest of the request is a conflict.')
        })
      expect(claim).toThrow('conflict')
      expect([...query('select run from events'), ...query('select id from runs')]).toEqual([])
    }))

  it('opens in no other place', () =>
    onBench(({ ledger, query, claimed }) => {
      const [one, other] = [claimed(5000), claimed(5000)]
      query(`update events set event = (select event from events where run = '${one}') where run = '${other}'`)
      expect(ledger.runs.get(one)?.event).toEqual(event(5000))
      expect(() => ledger.runs.get(other)).toThrow('events.event does not open')
    }))
})

describe('a long event that a version before 10 has put into the row', () => {
  it('is read, listed with its bytes, replaced and purged there', () =>
    onBench(bench => {
      const { ledger, query, fromBefore } = bench
      const [one, two] = [fromBefore(100_000), fromBefore(100_000)]
      expect(bytesOf(bench, one)).toEqual([expect.any(Number), 0])
      ledger.runs.forgetRead()
      expect(ledger.runs.get(one)).toMatchObject({ event: event(100_000), long: true })
      expect(ledger.overview.found({}, 2).map(({ bytes }) => bytes > 100_000)).toEqual([true, true])
      ledger.transaction(() => ledger.runs.setEvent(one, event(80_000)))
      expect(bytesOf(bench, one).map(bytes => bytes > 500)).toEqual([false, true])
      expect(ledger.runs.get(one)?.event).toEqual(event(80_000))
      purgeRun(ledger, two, now)
      expect(ledger.runs.get(two)?.event).toBeNull()
      expect(query('select event from runs where event is null')).toHaveLength(1)
    }))
})
