import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Planned, Timer } from '../../../src/docket/ledger/firm/timers.ts'
import { Ledger } from '../../../src/docket/ledger/ledger.ts'
import { type InboundEvent, nobody } from '../../../src/model/event.ts'
import { keyringOf } from '../../../src/platform/sealing.ts'

/** What must happen later, on a Durable Object's own storage. */

const now = Date.UTC(2026, 10, 24, 15)
let objects = 0

function onLedger(
  work: (ledger: Ledger, queries: string[], explain: (query: string) => string[]) => void,
): Promise<void> {
  const stub = env.DOCKET.get(env.DOCKET.idFromName(`timers ${++objects}`))
  return runInDurableObject(stub, (_: unknown, { storage }) => {
    const queries: string[] = []
    const exec = (query: string, ...bindings: (string | number | null | Uint8Array)[]) => {
      queries.push(query)
      return storage.sql.exec(query, ...bindings)
    }
    const ledger = new Ledger(
      { sql: { exec }, transactionSync: one => storage.transactionSync(one) },
      { firm: 'smith', keyring: keyringOf(env) },
    )
    ledger.putConfig('{}', {}, now)
    const explain = (query: string) =>
      storage.sql
        .exec(`explain query plan ${query}`, ...[...query.matchAll(/\?/g)].map(() => ''))
        .toArray()
        .map(({ detail }) => String(detail))
    work(ledger, queries, explain)
  })
}

const event: InboundEvent = {
  id: null,
  source: 'calendly',
  type: 'booking.created',
  subject: 'a',
  follows: null,
  time: null,
  data: {},
  fields: {},
  person: nobody(),
  message: null,
  files: [],
  booking: null,
}

const tick = (endpoint: string, dueAt: number | null): Timer & Planned => ({
  kind: 'tick',
  endpoint,
  name: '',
  madeFor: '[]',
  dueAt,
  tries: 0,
  data: { cron: '* * * * *', timezone: 'UTC' },
})
const renewal = (endpoint: string, dueAt: number): Timer & Planned => ({
  kind: 'renewal',
  endpoint,
  name: 'channel',
  madeFor: '[]',
  dueAt,
  tries: 0,
  data: null,
})
const names = (ledger: Ledger) => ledger.timers.due('reminder', now + 10).map(({ name }) => name)

describe('timers', () => {
  it('are due at their time, the earliest first, each kind by itself', () =>
    onLedger(({ timers }) => {
      for (const one of [tick('b', now + 1), tick('a', now + 1), tick('c', now), tick('d', now + 2), tick('e', null)])
        timers.plan(one)
      timers.plan(renewal('f', now - 1))
      expect(timers.due('tick', now + 1).map(({ endpoint }) => endpoint)).toEqual(['c', 'a', 'b'])
      expect(timers.due('tick', now + 1, 1).map(({ endpoint }) => endpoint)).toEqual(['c'])
      expect(timers.next()).toBe(now - 1)
    }))

  it('come again when it is said, and not when they are removed', () =>
    onLedger(({ timers }) => {
      timers.plan(tick('a', now))
      const [one] = timers.due('tick', now)
      timers.again({ ...one!, dueAt: now + 60_000 })
      expect([timers.due('tick', now), timers.next()]).toEqual([[], now + 60_000])
      timers.remove(one!)
      expect([timers.next(), timers.hasPlanned()]).toEqual([null, false])
    }))

  it('that failed are due when it is asked for, others not', () =>
    onLedger(({ timers }) => {
      const failed = renewal('a', now)
      timers.plan(failed)
      timers.plan(renewal('b', now + 5))
      timers.again({ ...failed, dueAt: now + 60_000, tries: 1 })
      timers.retry(now + 1)
      expect(timers.due('renewal', now + 1).map(({ endpoint, tries }) => [endpoint, tries])).toEqual([['a', 1]])
    }))

  it('of a subscription that has to be made anew know of it no more', () =>
    onLedger(({ timers }) => {
      const one = renewal('a', now)
      timers.plan(one)
      timers.again({ ...one, dueAt: now + 60_000, data: { id: 'channel 1', expiresAt: now + 90_000 } })
      expect(timers.of('renewal', 'a').map(({ data }) => data)).toEqual([{ id: 'channel 1', expiresAt: now + 90_000 }])
      timers.renew('a', ['channel', 'another'], now)
      expect(timers.due('renewal', now)).toMatchObject([{ name: 'channel', data: null }])
    }))
})

describe('reminders', () => {
  it('of a thread take the place of those that it had', () =>
    onLedger(ledger => {
      ledger.timers.remind('calendly', 'a', 'run_1', event, [{ reminder: '2 hours before', at: now }])
      ledger.timers.remind('calendly', 'b', 'run_2', event, [{ reminder: '2 hours before', at: now }])
      ledger.timers.remind('calendly', 'a', 'run_3', event, [{ reminder: '1 hour before', at: now + 1 }])
      expect(names(ledger)).toEqual(['run_2 2 hours before', 'run_3 1 hour before'])
    }))

  it.each([
    ['the thread that is followed', 2, 1, ['run_a it'], 2],
    ['the thread that follows', 1, 2, ['run_b it'], 2],
    ['neither', 1, 1, ['run_a it', 'run_b it'], 1],
    ['the only one that has any', null, 1, ['run_b it'], 1],
  ] as const)('of two threads that are one are those of the newer event: of %s', (_, ofA, ofB, left, asOf) =>
    onLedger(ledger => {
      for (const [subject, time] of [
        ['a', ofA],
        ['b', ofB],
      ] as const) {
        const { thread } = ledger.subjects.join('calendly', subject, null)
        if (time === null) continue
        ledger.subjects.setRemindersAsOf('calendly', thread, time)
        ledger.timers.remind('calendly', thread, `run_${subject}`, event, [{ reminder: 'it', at: now }])
      }
      const thread = ledger.subjects.threadOf('calendly', 'a')!
      expect(ledger.subjects.join('calendly', 'b', 'a')).toEqual({ thread, joined: true })
      expect(names(ledger)).toEqual(left)
      expect(ledger.subjects.remindersAsOf('calendly', thread)).toBe(asOf)
      ledger.timers.forgetReminders('calendly', thread)
      expect(names(ledger)).toEqual([])
    }),
  )

  it('say nothing of what was carried out, nor the other way round', () =>
    onLedger(({ subjects }) => {
      subjects.setRemindersAsOf('calendly', 'a', 5)
      expect(subjects.carried('calendly', 'a')).toBeNull()
      subjects.setCarried('calendly', 'a', '2026-11-24T15:00:00.000Z')
      subjects.setCarried('calendly', 'a', '2026-11-23T15:00:00.000Z')
      expect([subjects.carried('calendly', 'a'), subjects.remindersAsOf('calendly', 'a')]).toEqual([
        '2026-11-24T15:00:00.000Z',
        5,
      ])
    }))
})

describe('what a source remembers', () => {
  it('is asked for by its name or its beginning, and goes with its endpoint', () =>
    onLedger(({ sourceMemory }) => {
      sourceMemory.remember('a', { 'token x': 1, 'seen y': 2, 'seen z': 3 }, now)
      sourceMemory.remember('b', { 'token x': 4 }, now)
      sourceMemory.remember('a', { 'seen y': null }, now)
      expect(sourceMemory.recall('a', 'token x')).toBe(1)
      expect([...sourceMemory.recallAll('a', 'seen ')]).toEqual([['seen z', 3]])
      expect(sourceMemory.endpoints()).toEqual(['a', 'b'])
      sourceMemory.forget('a')
      expect([sourceMemory.endpoints(), sourceMemory.isEmpty()]).toEqual([['b'], false])
      sourceMemory.forget('b')
      expect([sourceMemory.endpoints(), sourceMemory.isEmpty()]).toEqual([[], true])
    }))
})

describe('no question about them reads a whole table (I9)', () => {
  it('as SQLite itself says', () =>
    onLedger(({ timers, subjects, sourceMemory }, queries, explain) => {
      queries.length = 0
      const one = tick('a', now)
      timers.next()
      timers.due('reminder', now, 100)
      timers.of('renewal', 'a')
      timers.again(one)
      timers.remove(one)
      timers.planned()
      timers.hasPlanned()
      timers.renew('a', ['channel'], now)
      timers.retry(now)
      timers.remind('a', 'thread', 'run_1', event, [{ reminder: 'it', at: now }])
      timers.moveThread('a', 'thread', 'other')
      subjects.remindersAsOf('a', 'thread')
      sourceMemory.recall('a', 'x')
      sourceMemory.recallAll('a', 'x')
      sourceMemory.endpoints()
      sourceMemory.forget('a')
      const asked = new Set(queries.filter(query => !query.startsWith('insert')))
      expect(asked.size).toBeGreaterThan(12)
      const scans = (query: string) =>
        explain(query).some(detail => /^SCAN (timers|threads|source_memory)/.test(detail)) ? [query] : []
      expect([...asked].flatMap(scans)).toEqual([])
      // The proof of the test: it does see one that would.
      expect(scans("select * from timers where name = 'x'")).toHaveLength(1)
    }))
})
