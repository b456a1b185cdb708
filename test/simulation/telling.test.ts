import { afterEach, describe, expect, it } from 'vitest'
import { healthOf } from '../../src/docket/notices/health.ts'
import { factOf } from '../../src/docket/notices/notices.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import { configuration, intake } from './firm.ts'
import { start, World } from './world.ts'

/** What a firm is told, and how long what it said is kept. */

const worlds: World[] = []
function world(more: JsonObject = {}): World {
  const base = configuration({ requests: 50, seconds: 5 })
  const tell = {
    name: 'tells',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'tell'",
    steps: {
      tell: { notify: 'office', text: 'New: {{ fields.n }}' },
      stop: { if: 'fields.n > 5', park: 'Look at {{ fields.n }}' },
    },
  }
  const channels = { office: { url: 'https://office.example/hook', secret: '$OFFICE' } }
  const rules = [...(base.rules as JsonObject[]), tell]
  const made = new World({ config: { ...base, channels, alerts: 'office', rules, ...more } })
  worlds.push(made)
  return made
}
afterEach(() => {
  for (const one of worlds.splice(0)) one.close()
})

const types = (one: World): string[] => one.told.map(notice => notice.type)

describe('telling', () => {
  it('a `notify` step tells its channel once', async () => {
    const one = world()
    const id = one.deliver('website', { fields: { kind: 'tell', n: 1 } }, 'a')!
    await one.clock.run()
    expect(one.run(id).state).toBe('done')
    expect(one.told).toMatchObject([{ type: 'notify', channel: 'office', data: { text: 'New: 1', run: id } }])
  })

  it('is tried again, with the same id, while nobody takes it, and holds up no run', async () => {
    const one = world()
    let deaf = 3
    one.hears = () => deaf-- <= 0
    const id = one.deliver('website', { fields: { kind: 'tell', n: 1 } }, 'a')!
    await one.clock.run()
    expect(one.told).toHaveLength(4)
    expect(new Set(one.told.map(notice => notice.id)).size).toBe(1)
    expect(one.run(id).finishedAt! - one.run(id).acceptedAt).toBeLessThan(5000)
  })

  it('is known of the channel: the last error, how many there were in a row, and that it is over', async () => {
    const one = world()
    let deaf = 3
    one.hears = () => {
      if (deaf === 0) expect(healthOf(one.clerk.ledger, 'office')).toMatchObject({ failures: 3, code: 'failed' })
      return deaf-- <= 0
    }
    one.deliver('website', { fields: { kind: 'tell', n: 1 } }, 'a')
    await one.clock.run()
    expect(healthOf(one.clerk.ledger, 'office')).toEqual({
      okAt: expect.any(Number),
      failedAt: expect.any(Number),
      code: 'failed',
      failures: 0,
    })
    expect(one.clerk.ledger.notices.waiting()).toEqual(new Map())
  })

  it('is given up after a day, and says so', async () => {
    const one = world()
    one.hears = () => false
    one.deliver('website', { fields: { kind: 'tell', n: 1 } }, 'a')
    await one.clock.run()
    expect(one.clock.now - one.told[0]!.at).toBeGreaterThan(24 * 3_600_000)
    expect(one.log).toEqual([expect.stringContaining('given up')])
  })

  it('a kill at any moment neither loses a notice nor writes it twice', async () => {
    for (let point = 0; point < 25; point++) {
      const one = world()
      one.deliver('website', { fields: { kind: 'tell', n: 1 } }, 'a')
      one.dieAtPoint(point)
      await one.clock.run()
      expect(new Set(one.told.map(notice => notice.id)).size, `point ${point}`).toBe(1)
    }
  })

  it('a parked run is told of once each time it parks', async () => {
    const one = world()
    const id = one.deliver('website', { fields: { kind: 'tell', n: 7 } }, 'a')!
    await one.clock.run({ until: one.clock.now + 3_600_000 })
    await one.clerk.wake()
    await one.clock.run({ until: one.clock.now + 3_600_000 })
    expect(types(one)).toEqual(['notify', 'run.parked'])
    expect(one.run(id).reason).toBe('Look at 7')
  })

  it('and again after four hours and after a day, while nobody decides it', async () => {
    const one = world()
    const [decided, id] = ['a', 'b'].map(key => one.deliver('website', { fields: { kind: 'tell', n: 7 } }, key)!)
    await one.clock.run({ until: one.clock.now + 5 * 3_600_000 })
    one.operate(({ desk }) => desk.discard(decided!))
    await one.clock.run()
    const again = one.told.filter(notice => notice.type === 'run.waiting')
    expect(again.map(({ at, data }) => [(at - start) / 3_600_000, (data as JsonObject).run])).toEqual([
      [expect.closeTo(4, 2), decided],
      [expect.closeTo(4, 2), id],
      [expect.closeTo(24, 2), id],
    ])
    expect(again[2]!.data).toMatchObject({
      code: 'by-rule',
      text: `Run ${id} has waited a day for a person: A rule stops here on purpose (step tells/stop).`,
    })
  })

  it('an alarm names the cause by its code and where to look, and says nothing of what came in', async () => {
    const one = world()
    const id = one.deliver('website', { fields: { kind: 'tell', n: 7 } }, 'a')!
    await one.clock.run()
    const { data } = one.told[1]!
    expect(data).toMatchObject({ run: id, code: 'by-rule', step: 'tells/stop' })
    expect(JSON.stringify({ ...(data as object), run: '' })).not.toContain('7')
  })

  it('a lost connection is told of once however many runs meet it, and once when it is mended', async () => {
    const one = world()
    const connection = one.sandbox.connections.get(firstConnection)!
    one.sandbox.connections.expire(connection, 401)
    for (let n = 0; n < 50; n++) intake(one, n)
    one.clock.in(300_000, () => one.sandbox.connections.expire(connection, null))
    await one.clock.run()
    expect(types(one)).toEqual(['connection.lost', 'connection.mended'])
  })
})

describe('retention', () => {
  const day = 86_400_000

  it('removes what ended runs said after the configured days, keeps that they were and which records they made', async () => {
    const one = world({ retention: { days: 30 } })
    intake(one, 0)
    const parked = one.deliver('website', { fields: { kind: 'tell', n: 7 } }, 'p')!
    await one.clock.run()
    await one.clock.run({ until: one.clock.now + 29 * day })
    await one.clerk.wake()
    expect(one.runs()[0]!.event).not.toBeNull()
    await one.clock.run({ until: one.clock.now + 2 * day })
    await one.clerk.wake()
    expect(one.runs()[0]).toMatchObject({ state: 'done', event: null, key: one.reader.seals.hash('key', 'key 0') })
    for (const left of [
      "attempts where request <> '{}' or before is not null or answer is not null",
      'steps where item is not null or intent is not null',
    ])
      expect(one.disk.query(`select run from ${left}`).map(({ run }) => run)).not.toContain('run_0001')
    for (const { output } of one.reader.steps.of('run_0001'))
      expect(Object.keys(output as JsonObject).sort()).toEqual(['id', 'resource'])
    expect(
      one.disk.query("select record from attempts where method = 'POST' and record is not null and run = 'run_0001'"),
    ).toHaveLength(3)
    // What still needs a person is kept whole.
    expect(one.run(parked)).toMatchObject({ state: 'parked', event: { fields: { n: 7 } } })
  })

  it('a redelivery after a year makes no new effect (I6); after 400 days the key is forgotten', async () => {
    const one = world()
    const first = intake(one, 0)
    await one.clock.run()
    await one.clock.run({ until: one.clock.now + 365 * day })
    await one.clerk.wake()
    expect(intake(one, 0)).toBe(first)
    await one.clock.run({ until: one.clock.now + 36 * day })
    await one.clerk.wake()
    expect(intake(one, 0)).not.toBe(first)
  })
})

describe('who subscribed', () => {
  const hook = (events: string[]) => ({ url: 'https://office.example/hook', secret: '$OFFICE', events })
  const subscribed = () =>
    world({
      channels: { office: hook(['run.parked', 'run.done']), books: hook(['run.done', 'run.undone', 'run.parked']) },
    })
  const heard = (one: World, channel: string) =>
    one.told.filter(notice => notice.channel === channel && notice.type !== 'notify').map(({ type }) => type)

  it('is told each fact once, under one id for all, and who gets the alarms not twice', async () => {
    const one = subscribed()
    one.deliver('website', { fields: { kind: 'tell', n: 9 } }, 'a')
    await one.clock.run({ until: one.clock.now + 60_000 })
    expect([heard(one, 'office'), heard(one, 'books')]).toEqual([['run.parked'], ['run.parked']])
    const ids = one.told.filter(({ type }) => type === 'run.parked').map(({ id }) => factOf(id))
    expect(new Set(ids).size).toBe(1)
  })

  it('hears of a run that is taken back as such', async () => {
    const one = subscribed()
    const id = intake(one, 0)!
    await one.clock.run()
    one.clerk.desk.undo(id, true)
    await one.clock.run()
    expect(heard(one, 'books')).toEqual(['run.done', 'run.undone'])
    expect(one.told.find(({ type }) => type === 'run.undone')?.data).toMatchObject({ run: id, firm: 'smith' })
  })

  it('keeps nobody else from hearing while nobody hears it, and is tried with one notice at a time', async () => {
    const one = subscribed()
    one.hears = () => one.told.at(-1)!.channel !== 'books'
    for (let n = 0; n < 30; n++) one.deliver('website', { fields: { kind: 'tell', n: 1, which: n } }, `k${n}`)
    await one.clock.run({ until: one.clock.now + 120_000 })
    expect(heard(one, 'office')).toHaveLength(30)
    expect(heard(one, 'books').length).toBeLessThan(10)
    expect(one.clerk.ledger.notices.waiting()).toEqual(new Map([['books', 30]]))
    one.hears = () => true
    await one.clock.run()
    expect(new Set(one.told.filter(({ channel }) => channel === 'books').map(({ id }) => id)).size).toBe(30)
    expect(one.clerk.ledger.notices.waiting()).toEqual(new Map())
  })

  it('and never hears again leaves nothing waiting after a day', async () => {
    const one = subscribed()
    one.hears = () => one.told.at(-1)!.channel !== 'books'
    for (let n = 0; n < 30; n++) one.deliver('website', { fields: { kind: 'tell', n: 1, which: n } }, `k${n}`)
    await one.clock.run()
    expect(one.clerk.ledger.notices.waiting()).toEqual(new Map())
    expect(heard(one, 'books').length).toBeLessThan(60)
  })
})
