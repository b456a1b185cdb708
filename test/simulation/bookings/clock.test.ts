import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { BookingFirm } from './firm.ts'

/** The clock: cron expressions on the firm's wall clock, each tick once, none skipped without a trace. */

const hour = 3_600_000
const day = 24 * hour

function config(crons: Record<string, string>, more: JsonObject = {}): JsonObject {
  const endpoints = Object.fromEntries(
    Object.entries(crons).map(([name, cron]) => [name, { source: 'schedule', cron }]),
  )
  return {
    timezone: 'America/New_York',
    country: 'US',
    connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
    endpoints,
    rules: [
      {
        name: 'morning',
        on: { endpoint: Object.keys(crons), type: 'schedule.tick' },
        steps: {
          task: {
            create: 'tasks',
            with: {
              name: 'Look through the mail of {{ fields.date }} {{ fields.time }}',
              assignee: 'intake@smith.example',
            },
          },
        },
      },
    ],
    ...more,
  }
}

const none = config({}, { endpoints: { website: { source: 'form' } }, rules: [] })

/** A firm whose configuration was saved at a moment, its alarm set as saving does. */
async function firmAt(at: string, crons: Record<string, string>, more: JsonObject = {}): Promise<BookingFirm> {
  const world = new BookingFirm(none)
  await world.clock.run({ until: Date.parse(at) })
  world.configure(config(crons, more))
  world.clerk.rouse()
  await world.passes(1000)
  return world
}

const ticks = (world: BookingFirm, endpoint?: string) =>
  world
    .runs()
    .filter(run => run.type === 'schedule.tick' && (endpoint === undefined || run.endpoint === endpoint))
    .map(run => run.event!.time)

describe('a schedule', () => {
  it('ticks on the wall clock of the firm and is carried out like any event', async () => {
    const world = await firmAt('2026-11-25T12:00:00Z', { mail: '0 9 * * 1-5' })
    await world.passes(7 * day)
    // Without the weekend; New York is five hours behind.
    const expected = ['2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30', '2026-12-01']
    expect(ticks(world)).toEqual(expected.map(date => `${date}T14:00:00.000Z`))
    expect(world.stand('tasks').map(one => one.name)).toEqual(
      expected.map(date => `Look through the mail of ${date} 09:00`),
    )
  })

  it('at a time that spring leaves out ticks once, when the gap ends', async () => {
    const world = await firmAt('2027-03-13T20:00:00Z', { night: '30 2 * * *' })
    await world.passes(2 * day)
    expect(ticks(world)).toEqual(['2027-03-14T07:00:00.000Z', '2027-03-15T06:30:00.000Z'])
  })

  it('at a time that autumn has twice ticks once, the first time', async () => {
    const world = await firmAt('2027-11-06T20:00:00Z', { night: '30 1 * * *' })
    await world.passes(2 * day)
    expect(ticks(world)).toEqual(['2027-11-07T05:30:00.000Z', '2027-11-08T06:30:00.000Z'])
  })

  it('of every hour goes on hour by hour over both', async () => {
    const world = await firmAt('2027-11-07T04:30:00Z', { hourly: '0 * * * *' })
    await world.passes(4 * hour)
    expect(ticks(world)).toEqual([5, 6, 7, 8].map(n => `2027-11-07T0${n}:00:00.000Z`))
  })

  it('two that are due at once both tick', async () => {
    const world = await firmAt('2026-11-25T12:00:00Z', { mail: '0 9 * * *', post: '0 9 * * *' })
    await world.passes(3 * hour)
    expect(world.runs().map(run => [run.endpoint, run.event!.time, run.state])).toEqual([
      ['mail', '2026-11-25T14:00:00.000Z', 'done'],
      ['post', '2026-11-25T14:00:00.000Z', 'done'],
    ])
  })
})

describe('a Docket that slept', () => {
  it('for a day makes up for every tick, once', async () => {
    const world = await firmAt('2026-11-25T12:10:00Z', { hourly: '0 * * * *' })
    world.kill()
    await world.passes(day)
    world.restart(0)
    await world.passes(hour / 2)
    expect(ticks(world)).toHaveLength(24)
    expect(new Set(ticks(world)).size).toBe(24)
    await world.passes(hour)
    expect(ticks(world)).toHaveLength(25)
  })

  it('for longer tells how many were left out, and makes up for the last hundred', async () => {
    const world = await firmAt('2026-11-25T12:00:30Z', { minutely: '* * * * *' }, { rules: [] })
    world.kill()
    await world.passes(day)
    world.restart(0)
    await world.passes(20_000)
    const missed = world.runs().filter(run => run.type === 'schedule.missed')
    expect(ticks(world)).toHaveLength(100)
    expect(missed.map(run => run.event!.fields)).toEqual([
      { count: 1340, at_least: false, from: '2026-11-25T12:01:00.000Z', to: '2026-11-26T10:20:00.000Z' },
    ])
    expect(world.log.join()).toContain('1340 ticks were missed')
    await world.passes(60_000)
    expect(ticks(world)).toHaveLength(101)
  })

  it('at any point of a tick brings it forth once', async () => {
    for (let point = 0; point < 60; point += 1) {
      const world = await firmAt('2026-11-25T13:59:00Z', { mail: '0 9 * * *' })
      world.dieAtPoint(point)
      await world.passes(hour)
      expect(ticks(world), `dead at point ${point}`).toEqual(['2026-11-25T14:00:00.000Z'])
      expect(world.stand('tasks'), `dead at point ${point}`).toHaveLength(1)
      world.close()
    }
  })
})

describe('a configuration that changes', () => {
  it('moves what was planned, and plans what is new', async () => {
    const world = await firmAt('2026-11-25T12:00:00Z', { mail: '0 9 * * *' })
    world.configure(config({ mail: '30 9 * * *', post: '0 10 * * *' }))
    world.clerk.rouse()
    await world.passes(day / 4)
    expect(ticks(world, 'mail')).toEqual(['2026-11-25T14:30:00.000Z'])
    expect(ticks(world, 'post')).toEqual(['2026-11-25T15:00:00.000Z'])
  })

  it('drops a clock that it no longer has', async () => {
    const world = await firmAt('2026-11-25T12:00:00Z', { mail: '0 9 * * *' })
    world.configure(none)
    world.clerk.rouse()
    await world.passes(2 * day)
    expect(ticks(world)).toEqual([])
  })

  it('with the same expression misses nothing', async () => {
    const world = await firmAt('2026-11-25T12:00:00Z', { mail: '0 9 * * *' })
    world.kill()
    await world.passes(4 * hour)
    world.restart(0)
    await world.passes(1)
    world.configure(config({ mail: '0 9 * * *' }))
    world.clerk.rouse()
    await world.passes(hour)
    expect(ticks(world)).toEqual(['2026-11-25T14:00:00.000Z'])
  })
})
