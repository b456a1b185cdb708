import { describe, expect, it } from 'vitest'
import { Ledger } from '../../src/docket/ledger/ledger.ts'
import { Disk, keeping } from '../simulation/storage.ts'
import { ledgers } from './frozen.ts'

/** I8: what was to happen later before there was one table for it (up to version 4) stands in it. */

const before = ledgers().filter(({ version }) => version <= 4)
const row = (disk: Disk, query: string) => disk.query(query)[0]

describe.each(before)('a ledger of version $version', ({ sql }) => {
  const opened = (more = '') => {
    const old = new Disk(sql + more)
    const disk = new Disk(sql + more)
    const ledger = new Ledger(
      disk.access(() => {}),
      keeping,
    )
    expect(ledger.standing).toBe('ready')
    return { old, disk, ledger }
  }

  it('has its ticks, polls and renewals, each when it was due and made for what it was', () => {
    const { old, disk, ledger } = opened()
    const clock = row(old, 'select * from clocks')!
    expect(ledger.timers.due('tick', Number.MAX_SAFE_INTEGER)).toEqual([
      {
        kind: 'tick',
        endpoint: clock.endpoint,
        name: '',
        dueAt: clock.next_at,
        tries: 0,
        data: { cron: clock.cron, timezone: clock.timezone },
      },
    ])
    const keep = (name: string) => row(old, `select * from keeps where name = '${name}'`)!
    for (const [kind, name, was] of [
      ['poll', '', keep('(poll)')],
      ['renewal', 'channel', keep('channel')],
    ] as const) {
      const [timer] = ledger.timers.of(kind, String(was.endpoint))
      expect(timer).toMatchObject({ name, dueAt: was.next_at, tries: was.tries })
      expect(timer!.data).toEqual(JSON.parse(String(was.held)))
      expect(row(disk, `select made_for from timers where kind = '${kind}'`)).toEqual({ made_for: was.made_for })
    }
    expect(JSON.parse(String(row(disk, "select made_for from timers where kind = 'tick'")!.made_for))).toEqual([
      clock.cron,
      clock.timezone,
    ])
  })

  it('has its reminders, and knows of their thread which event they rest on', () => {
    const { old, ledger } = opened()
    const were = old.query(
      'select timers.*, thread, endpoint from timers join runs on runs.id = run where at is not null',
    )
    expect(were.length).toBeGreaterThan(0)
    const are = ledger.timers.due('reminder', Number.MAX_SAFE_INTEGER)
    expect(are.map(({ name, dueAt, data }) => [name, dueAt, data])).toEqual(
      were.map(({ run, reminder, at, event }) => [
        `${run} ${reminder}`,
        at,
        { reminder, event: JSON.parse(String(event)) },
      ]),
    )
    const { endpoint, as_of } = were[0]!
    const thread = ledger.seals.hash('subject', String(were[0]!.thread))
    expect(ledger.subjects.remindersAsOf(String(endpoint), thread)).toBe(as_of)
    ledger.timers.forgetReminders(String(endpoint), thread)
    expect(ledger.timers.due('reminder', Number.MAX_SAFE_INTEGER)).toEqual([])
  })

  it('has no reminder of which a later event of the same booking says otherwise', () => {
    // Another run of the thread, as two that were joined had them.
    const later = `
      insert into runs (id, endpoint, content, type, thread, version, interactive, state, phase, resumed_at, accepted_at)
        select 'run_later', endpoint, 'x', type, thread, version, 0, 'done', 'work', 0, accepted_at from runs
          where id = (select run from timers limit 1);
      insert into timers select 'run_later', 'moved', 5, as_of + 1, event from timers where at is not null limit 1;`
    const { ledger } = opened(later)
    expect(ledger.timers.due('reminder', Number.MAX_SAFE_INTEGER).map(({ name }) => name)).toEqual(['run_later moved'])
  })

  it('remembers of its providers what it did, and which documents are to be removed', () => {
    const { old, disk, ledger } = opened()
    const all = (on: Disk, table: string) => on.query(`select * from ${table}`)
    expect(all(disk, 'source_memory').map(({ at: _, ...row }) => row)).toEqual(all(old, 'memories'))
    expect(all(disk, 'source_memory').length).toBeGreaterThan(0)
    expect(all(disk, 'unfinished_documents')).toEqual(all(old, 'debris'))
    const carried = (on: Disk) => on.query('select endpoint, thread, carried from threads where carried is not null')
    const hashed = carried(old).map(was => ({ ...was, thread: ledger.seals.hash('subject', String(was.thread)) }))
    expect(new Set(carried(disk).map(one => JSON.stringify(one)))).toEqual(
      new Set(hashed.map(one => JSON.stringify(one))),
    )
  })
})
