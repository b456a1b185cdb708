import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/docket/ledger/ledger.ts'
import { accepted, type Run } from '../../../src/docket/ledger/run/run-state.ts'
import type { NewRun } from '../../../src/docket/ledger/run/stored-run.ts'
import type { Call } from '../../../src/model/call.ts'
import { contentWindow, type InboundEvent, nobody } from '../../../src/model/event.ts'
import { keyringOf } from '../../../src/platform/sealing.ts'

const keeping = { firm: 'smith', keyring: keyringOf(env) }
const now = Date.UTC(2026, 10, 24, 15)
let objects = 0

/** A ledger on a Durable Object's own storage, with one configuration. */
function onLedger<T>(work: (ledger: Ledger, state: DurableObjectState) => T, configured = true): Promise<T> {
  const stub = env.DOCKET.get(env.DOCKET.idFromName(`ledger ${++objects}`))
  return runInDurableObject(stub, (_: unknown, state) => {
    const { storage } = state
    const ledger = new Ledger({ sql: storage.sql, transactionSync: one => storage.transactionSync(one) }, keeping)
    if (configured) ledger.putConfig('{}', {}, now)
    return work(ledger, state)
  })
}

const tables = (state: DurableObjectState): string[] =>
  state.storage.sql
    .exec(
      "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\' and name not like 'sqlite%'",
    )
    .toArray()
    .map(row => String(row.name))

let ids = 0
function event(more: Partial<InboundEvent> = {}): InboundEvent {
  const nothing = { id: null, source: 'form', type: 'form.submitted', subject: null, follows: null, time: null }
  const empty = { data: {}, fields: {}, person: nobody(), message: null, files: [], booking: null }
  return { ...nothing, ...empty, ...more }
}
function delivery(more: Partial<NewRun> = {}, about: Partial<InboundEvent> = {}): NewRun {
  return {
    id: `run_${String(++ids).padStart(4, '0')}`,
    kind: 'event',
    endpoint: 'website',
    key: `key ${ids}`,
    content: 'hash',
    event: event(about),
    version: 1,
    interactive: false,
    strict: false,
    spam: null,
    replayOf: null,
    ...more,
  } as NewRun
}
/** Claims a run about a subject; its id. */
function about(ledger: Ledger, subject: string, more: Partial<InboundEvent> = {}, endpoint = 'website'): string {
  return ledger.claims.claim(delivery({ endpoint }, { subject, ...more }), now).run
}
const to = (state: Run['state'], more: Partial<Run> = {}): Run => ({ ...accepted, state, ...more })
/** Ends a run as the drain does. */
function end(ledger: Ledger, id: string, state: 'done' | 'ignored' | 'discarded' = 'done'): void {
  ledger.runs.save(id, to(state), now)
  ledger.runs.freeSubject(id)
}
const post = (path: string, body: Call['body'] = {}): Call => ({ method: 'POST', path, body })

describe('a Docket without a configuration', () => {
  it('writes nothing at all: no table is made, whatever is read', () =>
    onLedger((ledger, state) => {
      expect(ledger.made).toBe(false)
      expect(ledger.version).toBeNull()
      expect(ledger.configs.mirror()).toBeNull()
      expect(tables(state)).toEqual([])
    }, false))

  it('makes its tables with the first one, and finds them again', () =>
    onLedger((ledger, state) => {
      expect(ledger.made).toBe(true)
      expect(tables(state)).toContain('runs')
      const again = new Ledger(
        { sql: state.storage.sql, transactionSync: one => state.storage.transactionSync(one) },
        keeping,
      )
      expect(again.made).toBe(true)
      expect(again.version).toBe(1)
    }))
})

describe('configuration and secrets', () => {
  it('keeps every version', () =>
    onLedger(ledger => {
      expect(ledger.putConfig('// two\n{"a":2}', { a: 2 }, now)).toBe(2)
      expect(ledger.configs.get(1)).toEqual({ text: '{}', document: {} })
      expect(ledger.configs.get(2)).toEqual({ text: '// two\n{"a":2}', document: { a: 2 } })
      expect(ledger.configs.get(3)).toBeNull()
    }))

  it('mirrors the newest for the door, secrets sealed as they are', () =>
    onLedger(ledger => {
      ledger.configs.putSecret('KEY', 'sealed 1', now)
      ledger.configs.putSecret('KEY', 'sealed 2', now)
      ledger.putConfig('{}', { newest: true }, now)
      expect(ledger.configs.mirror()).toMatchObject({
        version: 2,
        document: { newest: true },
        secrets: { KEY: 'sealed 2' },
        elder: false,
      })
      expect(ledger.configs.deleteSecret('KEY')).toBe(true)
      expect(ledger.configs.deleteSecret('KEY')).toBe(false)
    }))

  it('what is set to null is forgotten', () =>
    onLedger(ledger => {
      ledger.meta.set('hold', { since: 1 })
      expect(ledger.meta.get('hold')).toEqual({ since: 1 })
      ledger.meta.set('hold', null)
      expect(ledger.meta.get('hold')).toBeNull()
    }))

  it('kept values are forgotten by the beginning of their keys, literally', () =>
    onLedger(ledger => {
      for (const key of ['list:users', 'list:users&a=1', 'list_users', 'other']) ledger.cache.set(key, [key], now)
      ledger.cache.forget('list:')
      expect(
        ['list:users', 'list:users&a=1', 'list_users', 'other'].map(key => ledger.cache.get(key)?.value ?? null),
      ).toEqual([null, null, ['list_users'], ['other']])
    }))
})

describe('who is first (claim)', () => {
  it('twenty deliveries with one key at once: one is new', async () => {
    const kinds = await onLedger(ledger =>
      Promise.all(Array.from({ length: 20 }, async () => ledger.claims.claim(delivery({ key: 'same' }), now))),
    )
    expect(kinds.filter(one => one.kind === 'new')).toHaveLength(1)
    expect(new Set(kinds.map(one => one.run)).size).toBe(1)
  })

  it('a given key holds for ever: after a year as on the same day (I6)', () =>
    onLedger(ledger => {
      const first = ledger.claims.claim(delivery({ key: 'k' }), now)
      end(ledger, first.run)
      expect(ledger.claims.claim(delivery({ key: 'k' }), now + 366 * 86_400_000)).toEqual({
        kind: 'duplicate',
        run: first.run,
      })
    }))

  it('keys of two endpoints have nothing to do with each other', () =>
    onLedger(ledger => {
      ledger.claims.claim(delivery({ key: 'k' }), now)
      expect(ledger.claims.claim(delivery({ key: 'k', endpoint: 'partner' }), now).kind).toBe('new')
    }))

  it('a caller’s own key with other content is a conflict; with the same, a duplicate', () =>
    onLedger(ledger => {
      const { run } = ledger.claims.claim(delivery({ key: 'k', content: 'a' }), now)
      expect(ledger.claims.claim(delivery({ key: 'k', content: 'b', strict: true }), now)).toEqual({
        kind: 'conflict',
        run,
      })
      expect(ledger.claims.claim(delivery({ key: 'k', content: 'a', strict: true }), now)).toEqual({
        kind: 'duplicate',
        run,
      })
      expect(ledger.claims.claim(delivery({ key: 'k', content: 'b' }), now)).toEqual({ kind: 'duplicate', run })
      expect(ledger.overview.counts()).toEqual({ accepted: 1 })
    }))

  it('without a key the content decides, for ten minutes back from now', () =>
    onLedger(ledger => {
      const bare = { key: null, content: 'same' }
      const first = ledger.claims.claim(delivery(bare), now)
      expect(ledger.claims.claim(delivery(bare), now + contentWindow - 1)).toEqual({
        kind: 'duplicate',
        run: first.run,
      })
      const next = ledger.claims.claim(delivery(bare), now + contentWindow)
      expect(next.kind).toBe('new')
      // The window slides: it counts from the run that was accepted last.
      expect(ledger.claims.claim(delivery(bare), now + contentWindow + 1)).toEqual({ kind: 'duplicate', run: next.run })
      expect(ledger.claims.claim(delivery({ ...bare, endpoint: 'partner' }), now).kind).toBe('new')
    }))

  it('what a robot sent is no reason to lose the same words of a person', () =>
    onLedger(ledger => {
      const bare = { key: null, content: 'same' }
      const spam = ledger.claims.claim(delivery({ ...bare, spam: 'the hidden field was filled in' }), now)
      expect(ledger.claims.claim(delivery({ ...bare, spam: 'again' }), now)).toEqual({
        kind: 'duplicate',
        run: spam.run,
      })
      expect(ledger.claims.claim(delivery(bare), now).kind).toBe('new')
    }))

  it('spam is kept apart with its reason, and starts nothing', () =>
    onLedger(ledger => {
      const { run } = ledger.claims.claim(delivery({ spam: 'hidden field' }, { subject: 's' }), now)
      expect(ledger.runs.get(run)).toMatchObject({ state: 'spam', reason: 'hidden field', thread: null })
      expect(ledger.runs.runnable(false, now, 10)).toEqual([])
    }))

  it('a replay is new whatever was there before, and makes no later delivery a duplicate', () =>
    onLedger(ledger => {
      const bare = { key: null, content: 'same' }
      const first = ledger.claims.claim(delivery(bare), now)
      expect(ledger.claims.claim(delivery({ ...bare, replayOf: first.run }), now).kind).toBe('new')
      expect(ledger.claims.claim(delivery(bare), now + 5)).toEqual({ kind: 'duplicate', run: first.run })
      expect(ledger.claims.claim(delivery(bare), now + contentWindow).kind).toBe('new')
    }))

  it('everything that came in is kept as it came', () =>
    onLedger(ledger => {
      const given = delivery({ interactive: true }, { subject: 's', fields: { a: ['ü', 1, null] } })
      ledger.claims.claim(given, now)
      expect(ledger.runs.get(given.id)).toMatchObject({
        state: 'accepted',
        phase: 'plan',
        event: given.event,
        interactive: true,
        version: 1,
        acceptedAt: now,
        finishedAt: null,
      })
    }))
})

describe('threads: runs about one subject', () => {
  const waits = (ledger: Ledger, id: string) => {
    const { state, reason } = ledger.runs.get(id)!
    return state === 'waiting' ? /run_\d+/.exec(reason ?? '')?.[0] : null
  }

  it('each waits for the one before it', () =>
    onLedger(ledger => {
      const [a, b, c] = ['s', 's', 's'].map(subject => about(ledger, subject))
      expect([a, b, c].map(id => waits(ledger, id!))).toEqual([null, a, b])
      expect(ledger.runs.runnable(false, now, 10).map(run => run.id)).toEqual([a])
    }))

  it('another subject, and the same one at another endpoint, do not', () =>
    onLedger(ledger => {
      about(ledger, 's')
      expect(waits(ledger, about(ledger, 't'))).toBeNull()
      expect(waits(ledger, about(ledger, 's', {}, 'partner'))).toBeNull()
    }))

  it('the next is freed when one ends, and only the next', () =>
    onLedger(ledger => {
      const [a, b, c] = ['s', 's', 's'].map(subject => about(ledger, subject)) as [string, string, string]
      end(ledger, a)
      expect(ledger.runs.get(b)).toMatchObject({ state: 'accepted', reason: null })
      expect(waits(ledger, c)).toBe(b)
    }))

  it('one that is discarded in the middle lets those behind move up, and stays discarded (I4)', () =>
    onLedger(ledger => {
      const [a, b, c] = ['s', 's', 's'].map(subject => about(ledger, subject)) as [string, string, string]
      end(ledger, b, 'discarded')
      expect(waits(ledger, c)).toBe(a)
      end(ledger, a)
      expect(ledger.runs.get(b)!.state).toBe('discarded')
      expect(ledger.runs.get(c)!.state).toBe('accepted')
    }))

  it('behind a parked one it says what to do, and no longer when that goes on', () =>
    onLedger(ledger => {
      const a = about(ledger, 's')
      ledger.runs.save(a, to('parked'), now)
      const b = about(ledger, 's')
      expect(ledger.runs.get(b)!.reason).toContain('resume or discard')
      ledger.runs.tellFollowers(a, 'accepted')
      expect(ledger.runs.get(b)!.reason).toBe(`Waiting for run ${a} about the same subject.`)
    }))

  it('nobody waits for one that has ended, or for spam', () =>
    onLedger(ledger => {
      end(ledger, about(ledger, 's'))
      ledger.claims.claim(delivery({ spam: 'x' }, { subject: 's' }), now)
      expect(waits(ledger, about(ledger, 's'))).toBeNull()
    }))

  it('one that follows another subject joins it', () =>
    onLedger(ledger => {
      const a = about(ledger, 'old')
      const b = about(ledger, 'new', { follows: 'old' })
      const c = about(ledger, 'newest', { follows: 'new' })
      expect([b, c].map(id => waits(ledger, id))).toEqual([a, b])
      expect(new Set([a, b, c].map(id => ledger.runs.get(id)!.thread))).toHaveProperty('size', 1)
    }))

  it('also when the followed one comes later', () =>
    onLedger(ledger => {
      const b = about(ledger, 'new', { follows: 'old' })
      const a = about(ledger, 'old')
      expect(waits(ledger, a)).toBe(b)
    }))

  it('two threads become one: runs, links and how far they were carried', () =>
    onLedger(ledger => {
      const [a, b] = [about(ledger, 'old'), about(ledger, 'new')] as const
      const [before, after] = [a, b].map(id => ledger.runs.get(id)!.thread!) as [string, string]
      ledger.links.set('website', after, {
        name: 'meeting',
        resource: 'calendar_entries',
        record: '7',
        run: b,
        made: false,
      })
      ledger.subjects.setCarried('website', after, '2026-11-24T11:00:00.000Z')
      ledger.subjects.setCarried('website', before, '2026-11-24T10:00:00.000Z')
      const c = about(ledger, 'new', { follows: 'old' })
      expect(ledger.runs.get(b)!.thread).toBe(before)
      expect(ledger.links.current('website', before)).toEqual({ meeting: '7' })
      expect(ledger.subjects.carried('website', before)).toBe('2026-11-24T11:00:00.000Z')
      end(ledger, b)
      expect(waits(ledger, c)).toBe(a)
      end(ledger, a)
      expect(ledger.runs.get(c)!.state).toBe('accepted')
    }))

  it('a subject that follows itself is itself', () =>
    onLedger(ledger => {
      const a = about(ledger, 's', { follows: 's' })
      expect(waits(ledger, about(ledger, 's'))).toBe(a)
    }))

  it('how far it was carried never goes back', () =>
    onLedger(ledger => {
      ledger.subjects.setCarried('website', 's', '2026-11-24T11:00:00.000Z')
      ledger.subjects.setCarried('website', 's', '2026-11-24T10:00:00.000Z')
      expect(ledger.subjects.carried('website', 's')).toBe('2026-11-24T11:00:00.000Z')
      expect(ledger.subjects.carried('partner', 's')).toBeNull()
    }))
})

describe('the state of a run', () => {
  it.each(['done', 'ignored', 'discarded'] as const)('%s is written once, in SQL (I4)', state =>
    onLedger(ledger => {
      const { run } = ledger.claims.claim(delivery(), now)
      ledger.runs.save(run, to(state, { reason: 'first' }), now + 5)
      for (const other of ['running', 'parked', 'done', 'ignored', 'discarded'] as const)
        ledger.runs.save(run, to(other, { reason: 'second' }), now + 9)
      expect(ledger.runs.get(run)).toMatchObject({ state, reason: 'first', finishedAt: now + 5 })
    }),
  )

  it('is kept whole', () =>
    onLedger(ledger => {
      const { run } = ledger.claims.claim(delivery(), now)
      const whole: Run = {
        reasonCode: 'answer-lost',
        state: 'waiting',
        reason: 'why',
        phase: 'settle',
        ready: { call: post('contacts', { a: 1 }), resource: 'contacts', at: now },
        attempt: 4,
        wakeAt: now + 5,
        tries: 3,
        troubledAt: now - 1,
      }
      ledger.runs.save(run, whole, now)
      expect(ledger.runs.get(run)).toMatchObject(whole)
    }))

  it('only runs whose moment has come can go on, those in a hurry apart', () =>
    onLedger(ledger => {
      const [a, b, c, d] = [delivery(), delivery(), delivery({ interactive: true }), delivery()]
      for (const one of [a, b, c, d]) ledger.claims.claim(one, now)
      ledger.runs.save(a.id, to('waiting', { wakeAt: now + 1 }), now)
      ledger.runs.save(d.id, to('held'), now)
      const ids = (interactive: boolean, at: number, most = 10) =>
        ledger.runs.runnable(interactive, at, most).map(run => run.id)
      expect(ids(true, now)).toEqual([c.id])
      expect(ids(false, now)).toEqual([b.id])
      expect(ids(false, now + 1)).toEqual([a.id, b.id])
      expect(ids(false, now + 1, 1)).toEqual([a.id])
    }))

  it('the next moment is the earliest of those that wait for one', () =>
    onLedger(ledger => {
      const [a, b] = [delivery(), delivery()]
      for (const one of [a, b]) ledger.claims.claim(one, now)
      expect(ledger.runs.nextWakes().backlog).toBe(0)
      ledger.runs.save(a.id, to('waiting', { wakeAt: now + 9 }), now)
      ledger.runs.save(b.id, to('waiting', { wakeAt: now + 5 }), now)
      expect(ledger.runs.nextWakes().backlog).toBe(now + 5)
      expect(ledger.runs.nextWakes().interactive).toBeNull()
      for (const one of [a, b]) ledger.runs.save(one.id, to('parked'), now)
      expect(ledger.runs.nextWakes().backlog).toBeNull()
    }))

  it('held ones go on together', () =>
    onLedger(ledger => {
      const { run } = ledger.claims.claim(delivery(), now)
      ledger.runs.save(run, to('held', { phase: 'look', attempt: 3 }), now)
      ledger.runs.releaseHeld()
      expect(ledger.runs.get(run)).toMatchObject({ state: 'running', phase: 'look', attempt: 3 })
    }))

  it('the oldest open one is the oldest that goes on by itself', () =>
    onLedger(ledger => {
      const [a, b, c] = [0, 1, 2].map(n => ledger.claims.claim(delivery(), now + n).run) as [string, string, string]
      end(ledger, a)
      ledger.runs.save(b, to('parked'), now)
      expect(ledger.overview.oldestOpen()).toBe(now + 2)
      end(ledger, c)
      expect(ledger.overview.oldestOpen()).toBeNull()
      expect(ledger.overview.counts()).toEqual({ done: 2, parked: 1 })
    }))
})

describe('waiting for another run’s step', () => {
  function two(ledger: Ledger): [string, string] {
    const ids = [ledger.claims.claim(delivery(), now).run, ledger.claims.claim(delivery(), now).run] as [string, string]
    return ids
  }
  const free = (ledger: Ledger, id: string) => ledger.runs.runnable(false, now + 5000, 10).some(run => run.id === id)

  it('until that step ends', () =>
    onLedger(ledger => {
      const [a, b] = two(ledger)
      ledger.runs.setBehind(b, a)
      ledger.runs.save(b, to('waiting', { wakeAt: now + 1000 }), now)
      expect(free(ledger, b)).toBe(false)
      expect(ledger.runs.get(b)!.wakeAt).toBeNull()
      ledger.runs.freeStep(a)
      expect(free(ledger, b)).toBe(true)
    }))

  it.each([
    ['has ended', to('done')],
    ['is parked with nothing in the air', to('parked')],
  ] as const)('not for one that %s in the meantime: nobody would free it', (_, ended) =>
    onLedger(ledger => {
      const [a, b] = two(ledger)
      ledger.runs.save(a, ended, now)
      ledger.runs.setBehind(b, a)
      ledger.runs.save(b, to('waiting', { wakeAt: now + 1000 }), now)
      expect(ledger.runs.get(b)!.wakeAt).toBe(now + 1000)
      expect(free(ledger, b)).toBe(true)
    }),
  )

  it('for a parked one whose call is unknown: what it did is still open', () =>
    onLedger(ledger => {
      const [a, b] = two(ledger)
      ledger.runs.save(a, to('parked', { attempt: 1 }), now)
      ledger.runs.setBehind(b, a)
      expect(free(ledger, b)).toBe(false)
    }))
})

describe('steps', () => {
  it('keep their order, items right behind the step that made them', () =>
    onLedger(ledger => {
      const step = (position: number, path: string, item?: string) => ({
        position,
        path,
        rule: 'r',
        name: path,
        ...(item && { item }),
      })
      ledger.steps.add('run', [step(0, 'a'), step(1, 'b'), step(2, 'c')])
      ledger.steps.add('run', [step(1 + 2 / 3, 'b[1]', 'y'), step(1 + 1 / 3, 'b[0]', 'x')])
      expect(ledger.steps.of('run').map(one => [one.path, one.item])).toEqual([
        ['a', undefined],
        ['b', undefined],
        ['b[0]', 'x'],
        ['b[1]', 'y'],
        ['c', undefined],
      ])
    }))

  it('end once', () =>
    onLedger(ledger => {
      ledger.steps.add('run', [{ position: 0, path: 'a', rule: 'r', name: 'a' }])
      ledger.steps.end('run', 0, 'done', { id: 1 })
      ledger.steps.end('run', 0, 'skipped', null)
      ledger.steps.add('run', [{ position: 0, path: 'a', rule: 'r', name: 'a' }])
      expect(ledger.steps.of('run')).toMatchObject([{ state: 'done', output: { id: 1 } }])
    }))
})

describe('attempts', () => {
  const begin = (ledger: Ledger, call: Call, { run = 'run', step = 'r/s', instance = 'one', at = now } = {}) =>
    ledger.attempts.begin({ run, step, call, resource: call.path }, instance, at)
  const applied = (id: number) => ({ kind: 'applied', status: 201, answer: { data: { id } } }) as const
  const lost = { kind: 'unknown', status: null, message: 'Lost.' } as const

  it('each is a row, before it goes and with what came of it (I4)', () =>
    onLedger(ledger => {
      const id = begin(ledger, post('contacts', { a: 1 }))
      expect(ledger.attempts.sending('run')).toBe(true)
      expect(ledger.attempts.get(id)).toMatchObject({
        method: 'POST',
        path: 'contacts',
        request: { body: { a: 1 } },
        startedAt: now,
        step: 'r/s',
      })
      ledger.attempts.end(id, applied(5), '5', now + 9)
      expect(ledger.attempts.sending('run')).toBe(false)
      expect(ledger.attempts.of('run')).toMatchObject([
        { outcome: 'applied', status: 201, record: '5', endedAt: now + 9 },
      ])
    }))

  it('a look-up leaves a row, but not its answer', () =>
    onLedger(ledger => {
      const id = begin(ledger, { method: 'GET', path: 'contacts', query: { query: 'x' } })
      ledger.attempts.endRead(id, { kind: 'applied', status: 200, answer: { data: ['a client'] } }, now)
      expect(JSON.stringify(ledger.attempts.of('run'))).not.toContain('a client')
    }))

  it('those that an earlier life left in the air are told apart', () =>
    onLedger(ledger => {
      const cut = begin(ledger, post('contacts'))
      begin(ledger, post('tasks'), { instance: 'two' })
      ledger.attempts.end(begin(ledger, post('notes')), applied(1), '1', now)
      expect(ledger.attempts.cut('two')).toEqual([{ id: cut, run: 'run', method: 'POST' }])
    }))

  it('under way is what is being sent, or unknown until somebody has looked', () =>
    onLedger(ledger => {
      const underWay = () => ledger.attempts.underWay('POST', 'contacts', 'other').length
      const id = begin(ledger, post('contacts'))
      expect(underWay()).toBe(1)
      expect(ledger.attempts.underWay('POST', 'contacts', 'run')).toEqual([])
      expect(ledger.attempts.underWay('PATCH', 'contacts', 'other')).toEqual([])
      ledger.attempts.end(id, lost, null, now)
      expect(underWay()).toBe(1)
      ledger.attempts.settle(id, 'absent', null, null)
      expect(underWay()).toBe(0)
    }))

  it('what a discarded run left unknown is under way no more', () =>
    onLedger(ledger => {
      ledger.attempts.end(begin(ledger, post('contacts')), lost, null, now)
      ledger.attempts.abandon('run')
      expect(ledger.attempts.underWay('POST', 'contacts', 'other')).toEqual([])
    }))

  it('a look-up settles once', () =>
    onLedger(ledger => {
      const id = begin(ledger, post('contacts'))
      ledger.attempts.end(id, lost, null, now)
      ledger.attempts.settle(id, 'adopted', { data: { id: 5 } }, '5')
      ledger.attempts.settle(id, 'absent', null, null)
      expect(ledger.attempts.of('run')).toMatchObject([{ settled: 'adopted', record: '5' }])
    }))

  it('a step’s past is what was applied, adopted, or refused since it was resumed', () =>
    onLedger(ledger => {
      const refused = (why: 'missing' | 'invalid' | 'limit') =>
        ({ kind: 'refused', why, status: 404, message: 'No.' }) as const
      ledger.attempts.end(begin(ledger, post('a')), refused('missing'), null, now)
      ledger.attempts.end(begin(ledger, post('b'), { at: now + 5 }), refused('limit'), null, now + 5)
      ledger.attempts.end(begin(ledger, post('c'), { at: now + 5 }), refused('invalid'), null, now + 5)
      ledger.attempts.end(begin(ledger, post('d')), applied(4), '4', now)
      const adopted = begin(ledger, post('e'))
      ledger.attempts.end(adopted, lost, null, now)
      ledger.attempts.settle(adopted, 'adopted', { data: { id: 5 } }, '5')
      ledger.attempts.end(begin(ledger, post('f')), lost, null, now)
      ledger.attempts.endRead(begin(ledger, { method: 'GET', path: 'g' }), applied(1), now)
      ledger.attempts.end(begin(ledger, post('h'), { step: 'r/other' }), applied(6), '6', now)
      const past = (since: number) =>
        ledger.attempts.past('run', 'r/s', since).map(one => `${one.call.path} ${one.applied}`)
      expect(past(0)).toEqual(['a false', 'c false', 'd true', 'e true'])
      expect(past(now + 1)).toEqual(['c false', 'd true', 'e true'])
    }))

  it('ids that other steps made are owned; found and changed ones are not', () =>
    onLedger(ledger => {
      ledger.attempts.end(begin(ledger, post('contacts')), applied(5), '5', now)
      ledger.attempts.end(begin(ledger, post('contacts'), { step: 'r/t' }), applied(6), '6', now)
      ledger.attempts.end(begin(ledger, post('tasks'), { run: 'other' }), applied(7), '7', now)
      const patch: Call = { method: 'PATCH', path: 'contacts/8', body: {} }
      ledger.attempts.end(
        ledger.attempts.begin({ run: 'other', step: 's', call: patch, resource: 'contacts' }, 'one', now),
        applied(8),
        '8',
        now,
      )
      expect(ledger.attempts.owned('contacts', ['5', '6', '8'], 'run', 'r/s')).toEqual(new Set(['6']))
      expect(ledger.attempts.owned('contacts', ['5', '6', '8'], 'another', 'r/s')).toEqual(new Set(['5', '6']))
    }))
})

describe('links', () => {
  it('belong to an endpoint and a thread, the newest wins', () =>
    onLedger(ledger => {
      ledger.links.set('website', 's', {
        name: 'meeting',
        resource: 'calendar_entries',
        record: '1',
        run: 'run',
        made: false,
      })
      ledger.links.set('website', 's', {
        name: 'meeting',
        resource: 'calendar_entries',
        record: '2',
        run: 'run',
        made: false,
      })
      ledger.links.set('website', 's', { name: 'call', resource: 'tasks', record: '3', run: 'run', made: false })
      expect(ledger.links.current('website', 's')).toEqual({ meeting: '2', call: '3' })
      expect(ledger.links.current('partner', 's')).toEqual({})
    }))

  it('a record that is deleted has none any more', () =>
    onLedger(ledger => {
      ledger.links.set('website', 's', {
        name: 'meeting',
        resource: 'calendar_entries',
        record: '1',
        run: 'run',
        made: false,
      })
      ledger.links.set('website', 's', { name: 'call', resource: 'tasks', record: '1', run: 'run', made: false })
      ledger.links.remove('calendar_entries', '1')
      expect(ledger.links.current('website', 's')).toEqual({ call: '1' })
    }))
})

describe('locks', () => {
  it('are taken all or none', () =>
    onLedger(ledger => {
      expect(ledger.locks.take(['b'], 'first', 's')).toEqual({ made: [] })
      expect(ledger.locks.take(['a', 'b', 'c'], 'second', 's')).toEqual({ holder: 'first' })
      expect(ledger.locks.take(['a', 'c'], 'third', 's')).toEqual({ made: [] })
    }))

  it('are the step’s own to take again, not another step’s', () =>
    onLedger(ledger => {
      ledger.locks.take(['a'], 'run', 's')
      expect(ledger.locks.take(['a', 'b'], 'run', 's')).toEqual({ made: [] })
      expect(ledger.locks.take(['b'], 'run', 't')).toEqual({ holder: 'run' })
    }))

  it('are let go of together', () =>
    onLedger(ledger => {
      ledger.locks.take(['a', 'b'], 'run', 's')
      ledger.locks.release('run')
      expect(ledger.locks.take(['a', 'b'], 'other', 's')).toEqual({ made: [] })
    }))
})

describe('a run with a long event', () => {
  it('is known for one, and found with its bytes before it is read', () =>
    onLedger(ledger => {
      const [short, long] = ['x', 'x'.repeat(70_000)].map(
        essay => ledger.claims.claim(delivery({}, { fields: { essay } }), now).run,
      )
      expect([short, long].map(id => ledger.runs.get(id!)?.long)).toEqual([false, true])
      const [first, second] = ledger.overview.found({}, 10)
      expect([first?.id, second?.id]).toEqual([long, short])
      expect(first?.bytes).toBeGreaterThan(70_000)
      expect(second?.bytes).toBeLessThan(2000)
      expect(ledger.overview.at(first!.seq)?.event?.fields.essay).toHaveLength(70_000)
    }))
})

describe('the list', () => {
  it('is newest first, page by page, and filtered', () =>
    onLedger(ledger => {
      const ids = [1, 2, 3, 4].map(
        n => ledger.claims.claim(delivery({ endpoint: n % 2 ? 'website' : 'partner' }), now).run,
      )
      end(ledger, ids[0]!)
      const listed = (filter: Parameters<Ledger['overview']['found']>[0], limit = 10) =>
        ledger.overview.found(filter, limit).map(run => run.id)
      expect(listed({})).toEqual(ids.toReversed())
      expect(listed({}, 2)).toEqual([ids[3], ids[2]])
      expect(listed({ before: ledger.runs.get(ids[2]!)!.seq })).toEqual([ids[1], ids[0]])
      expect(listed({ states: ['done', 'parked'] })).toEqual([ids[0]])
      expect(listed({ endpoint: 'partner', states: ['accepted'] })).toEqual([ids[3], ids[1]])
    }))

  it('is searched by the beginning of an id, and by a whole subject or key, literally', () =>
    onLedger(ledger => {
      const { run } = ledger.claims.claim(delivery({ key: 'evt_100%' }, { subject: 'booking_7' }), now)
      const other = ledger.claims.claim(delivery({ key: 'evt_1000' }, { subject: 'bookingX7' }), now).run
      const found = (q: string) => ledger.overview.found({ q }, 10).map(one => one.id)
      expect(found(run.slice(0, 9))).toEqual([run])
      expect(found(run.slice(4, 20))).toEqual([run])
      expect(found('booking_7')).toEqual([run])
      expect(found('evt_100%')).toEqual([run])
      expect(found('%')).toEqual([])
      expect(found('bookingX7')).toEqual([other])
    }))
})
