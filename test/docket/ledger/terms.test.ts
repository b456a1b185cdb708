import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/docket/ledger/ledger.ts'
import type { NewRun } from '../../../src/docket/ledger/run/stored-run.ts'
import type { InboundEvent, Person } from '../../../src/model/event.ts'
import { nobody } from '../../../src/model/event.ts'
import { Keyring } from '../../../src/platform/sealing.ts'

/** Finding runs by whom they are about, in the real runtime. */

const now = Date.UTC(2026, 10, 24, 15)
const keyring = new Keyring([Buffer.alloc(32, 1).toString('base64')])
let objects = 0

/** On a Durable Object's own storage: a firm's ledger, what makes it anew, and every row of the database. */
function within<T>(
  work: (ledger: Ledger, again: () => Ledger, rows: (query: string) => Record<string, unknown>[]) => T,
): Promise<T> {
  const stub = env.DOCKET.get(env.DOCKET.idFromName(`terms ${++objects}`))
  return runInDurableObject(stub, (_: unknown, { storage }) => {
    const access = { sql: storage.sql, transactionSync: <R>(run: () => R) => storage.transactionSync(run) }
    const open = () => new Ledger(access, { firm: 'smith', keyring })
    const ledger = open()
    ledger.putConfig('{}', { country: 'US' }, now)
    return work(ledger, open, query => storage.sql.exec(query).toArray())
  })
}

function runOf(id: string, person: Partial<Person>, endpoint = 'website'): NewRun {
  const event: InboundEvent = {
    id: null,
    source: 'form',
    type: 'form.submitted',
    subject: null,
    follows: null,
    time: null,
    data: {},
    fields: {},
    message: null,
    files: [],
    booking: null,
    person: { ...nobody(), ...person },
  }
  return {
    id,
    kind: 'event',
    endpoint,
    key: id,
    content: id,
    event,
    version: 1,
    interactive: false,
    strict: false,
    spam: null,
    replayOf: null,
  }
}

/** A value's bytes, each as a letter. */
const textOf = (value: unknown) =>
  value instanceof ArrayBuffer ? Buffer.from(value).toString('latin1') : String(value)

const claim = (ledger: Ledger, ...run: Parameters<typeof runOf>) => ledger.claims.claim(runOf(...run), now)
const found = (ledger: Ledger, q: string, more: object = {}) =>
  ledger.overview.found({ q, ...more }, 10).map(({ id }) => id)

describe('among 10,000 runs', () => {
  it('one client is found by address, number and last name, which stand nowhere in clear', { timeout: 120_000 }, () =>
    within((ledger, _, rows) => {
      const jane = { last_name: 'Marchbanks-Łuć', email: 'Jane.M@Marchbanks.example', phone: '(212) 555-0143' }
      ledger.transaction(() => {
        for (let n = 0; n < 10_000; n++)
          if (n === 4711) claim(ledger, 'run_x', jane)
          else
            claim(ledger, `run_${n}`, {
              last_name: `Doe${n % 50}`,
              email: `pat${n}@x.example`,
              phone: `+1 305 555 ${String(n).padStart(4, '0')}`,
            })
      })
      const asked = ['jane.m@marchbanks.EXAMPLE', '+1 212-555-0143', '2125550143', 'marchbanks luc', 'MARCHBANKS-ŁUĆ']
      const begun = performance.now()
      for (const q of asked) expect(found(ledger, q), q).toEqual(['run_x'])
      console.log(`10,000 runs: ${((performance.now() - begun) / asked.length).toFixed(1)} ms a search`)
      expect(found(ledger, 'doe7')).toHaveLength(10)
      for (const q of ['jane.m@', 'marchbanks.example', '555-0143', 'Marchbank'])
        expect(found(ledger, q), q).toEqual([])
      const words = /marchbanks|jane\.m|5550143|555-0143|pat4712@/i
      const clear = rows("select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'")
        .map(({ name }) => String(name))
        .filter(table => rows(`select * from ${table}`).some(row => words.test(Object.values(row).map(textOf).join())))
      expect(clear).toEqual([])
    }),
  )
})

describe('what runs are found by', () => {
  it('goes together with the other filters', () =>
    within(ledger => {
      claim(ledger, 'run_a', { last_name: "O'Neil" })
      claim(ledger, 'run_b', { last_name: 'Oneil' }, 'other')
      expect(found(ledger, 'o neil')).toEqual(['run_b', 'run_a'])
      expect(found(ledger, 'o neil', { endpoint: 'other' })).toEqual(['run_b'])
      expect(found(ledger, 'o neil', { states: ['parked'] })).toEqual([])
      expect(found(ledger, 'run_a')).toEqual(['run_a'])
    }))

  it('is a last name, with the first ones before it too', () =>
    within(ledger => {
      claim(ledger, 'run_a', { first_name: 'Ana María', last_name: 'van der Berg' })
      claim(ledger, 'run_b', { first_name: 'Berg', last_name: 'Ana' })
      for (const q of ['van der berg', 'Ana María van der Berg', '  maria  van-der Berg '])
        expect(found(ledger, q), q).toEqual(['run_a'])
      for (const q of ['Ana María', 'berg van']) expect(found(ledger, q), q).toEqual([])
      expect(found(ledger, 'Berg, Ana')).toEqual(['run_b'])
    }))

  it('is a last name before a comma, and as names of Han are written', () =>
    within(ledger => {
      claim(ledger, 'run_a', { first_name: 'Ruth', last_name: 'Ginsburg' })
      claim(ledger, 'run_b', { first_name: '花子', last_name: '山田' })
      expect(found(ledger, 'Ginsburg, Ruth B.')).toEqual(['run_a'])
      for (const q of ['山田', '山田 花子', '山田花子', '花子 山田']) expect(found(ledger, q), q).toEqual(['run_b'])
    }))

  it('is every number of a text, and no address of somebody’s company', () =>
    within(ledger => {
      claim(ledger, 'run_a', { phone: '212-555-0143 or 305-555-0199', email: 'none', last_name: '…' })
      expect([found(ledger, '3055550199'), found(ledger, '212 555 0143'), found(ledger, 'none')]).toEqual([
        ['run_a'],
        ['run_a'],
        [],
      ])
    }))

  it('follows what was read later of what somebody said', () =>
    within(ledger => {
      claim(ledger, 'run_a', {})
      ledger.runs.setEvent('run_a', runOf('run_a', { last_name: 'Alvarez' }).event)
      expect(found(ledger, 'alvarez')).toEqual(['run_a'])
    }))

  it('is given to runs of before, the newest first, some hundreds at a time', () =>
    within((ledger, again, rows) => {
      ledger.transaction(() => {
        for (let n = 0; n < 450; n++) claim(ledger, `run_${n}`, { last_name: `Doe${n}` })
      })
      rows('delete from terms')
      ledger.meta.set('termsBelow', 451)
      const later = again()
      const filled: unknown[] = []
      for (; later.unready; later.readySome()) filled.push(rows('select count(*) as n from terms')[0]?.n)
      expect(filled).toEqual([0, 200, 400])
      expect([found(later, 'doe0'), found(later, 'doe449'), later.unready]).toEqual([['run_0'], ['run_449'], false])
    }))
})
