import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { random } from '../../../src/sandbox/trouble.ts'
import { BookingFirm, firmWith } from './firm.ts'
import { calcom, calendly, calendlyReplaced, lastStart, permutations, type Told } from './providers.ts'

/** Whatever order the news of a booking come in, and however often, the right entry stands in the end, or none. */

const config = (source: string): JsonObject =>
  firmWith('booking-calendar', {
    endpoints: { calendly: { source, secret: '$KEY' } },
    pace: { requests: 1000, seconds: 1 },
  })
const options = { sandbox: { limit: { requests: 1000, seconds: 1 } } }
const order = (news: readonly Told[]) => news.map(({ name }) => name).join(', ')

/** @param pause ms between two deliveries: each is carried out before the next, or all wait for their turn */
async function standing(source: string, news: readonly Told[], pause: number, trouble = 0) {
  const world = new BookingFirm(config(source), { ...options, seed: trouble + 1, settle: 5_000 })
  try {
    if (trouble > 0) world.sandbox.trouble.add({ chance: 0.3, times: 1000, action: { do: 'lose' } })
    for (const { body } of news) {
      await world.arrives('calendly', body)
      await world.passes(pause)
    }
    if (trouble > 0) {
      await world.passes(120_000)
      world.sandbox.trouble.clear()
    }
    await world.passes(600_000)
    const open = world.runs().filter(run => !['done', 'ignored'].includes(run.state))
    expect(open.map(run => `${run.type} ${run.state}: ${run.reason}`)).toEqual([])
    return world.stand('calendar_entries').map(one => [one.start_at, one.end_at])
  } finally {
    world.close()
  }
}

const last = [lastStart, '2026-12-03T18:30:00Z']
const isOff = (news: readonly Told[]) => news.some(({ name }) => name === 'canceled')

describe.each([
  ['calcom', calcom, []],
  ['calendly', calendly, calendlyReplaced],
] as const)('the news of a booking from %s', (source, told, others) => {
  describe.each([
    ['one after the other', 5_000],
    ['all at once', 0],
  ])('%s', (_words, pause) => {
    it.each(permutations(told).map(news => [order(news), news] as const))('%s', async (_order, news) => {
      expect(await standing(source, news, pause)).toEqual([])
    })

    const moved = told.slice(0, 3)
    it.each(permutations(moved).map(news => [order(news), news] as const))('%s', async (_order, news) => {
      expect(await standing(source, news, pause)).toEqual([last])
    })
  })

  it('each twice, in any of many orders, with and without the end', async () => {
    const chance = random(7)
    for (let round = 0; round < 60; round++) {
      const all = round % 2 === 0 ? told : told.slice(0, 3)
      const news = [...all, ...all, ...others, ...others]
        .map(one => ({ one, at: chance() }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one)
      const found = await standing(source, news, round % 3 === 0 ? 0 : 3_000)
      expect(found, order(news)).toEqual(isOff(all) ? [] : [last])
    }
  })

  it('with answers lost on the way', async () => {
    for (const [round, news] of permutations(told).entries()) {
      const found = await standing(source, news, round % 2 === 0 ? 4_000 : 0, round + 1)
      expect(found, order(news)).toEqual([])
    }
  })
})
