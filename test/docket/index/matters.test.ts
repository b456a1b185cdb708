import { describe, expect, it } from 'vitest'
import { MatterIndex } from '../../../src/docket/index/matters.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { page } from './clio.ts'
import { type Firm, within } from './kept.ts'

/** The matters that somebody in Slack may mean, found while he types. */

const slack: JsonObject = {
  timezone: 'America/New_York',
  country: 'US',
  endpoints: { slack: { source: 'slack', secret: '$SLACK', token: '$BOT' } },
  rules: [],
}
const matter = (id: number, number: string, client: string, description: string, status = 'open'): JsonObject => ({
  id,
  display_number: number,
  description,
  status,
  client: { id: id + 1000, name: client },
})
const few = [
  matter(1, '00001-Alvarez', 'Maria Alvarez', 'Divorce'),
  matter(2, '00002-Okafor', 'John Okafor', 'Okafor v. Núñez', 'closed'),
  matter(3, '00103-OBrien', "Ann O'Brien", 'Purchase of 12 Main St'),
]

async function filled(firm: Firm, matters: readonly JsonObject[]): Promise<MatterIndex> {
  const index = new MatterIndex(firm.deps())
  firm.answers = [page(matters)]
  await index.sync.turn(false)
  return index
}
const numbers = async (index: MatterIndex, text: string): Promise<string[]> =>
  (await index.find(text)).matters.map(({ number }) => number)

describe('matters are found', () => {
  it.each([
    ['1', ['00103-OBrien', '00001-Alvarez']],
    ['00001', ['00001-Alvarez']],
    ['103', ['00103-OBrien']],
    ['alv', ['00001-Alvarez']],
    ['al', ['00001-Alvarez']],
    ['ALVAREZ div', ['00001-Alvarez']],
    ['maria d', ['00001-Alvarez']],
    ["o'brien", ['00103-OBrien']],
    ['nunez', ['00002-Okafor']],
    ['alvarez okafor', []],
    ['varez', []],
    ['nobody', []],
    // The open ones first.
    ['', ['00103-OBrien', '00001-Alvarez', '00002-Okafor']],
    ['000', ['00001-Alvarez', '00002-Okafor']],
  ])('by the beginnings of their words: “%s”', (text, found) =>
    within(`matters-${text}`, slack, async firm => {
      expect(await numbers(await filled(firm, few), text)).toEqual(found)
    }),
  )

  it('as they are now: by a new name, and no longer by the old', () =>
    within('matters-changed', slack, async firm => {
      const index = await filled(firm, few)
      firm.now += 3_600_000
      firm.answers = [page([matter(1, '00001-Lee', 'Maria Lee', 'Divorce')])]
      expect((await index.find('alvarez')).stale).toBe(true)
      await index.sync.turn(false)
      expect([await numbers(index, 'alvarez'), await numbers(index, 'lee')]).toEqual([[], ['00001-Lee']])
      expect(await index.find('lee')).toMatchObject({ stale: false })
    }))

  it('no longer when they were deleted in Clio', () =>
    within('matters-deleted', slack, async firm => {
      const index = await filled(firm, few)
      firm.now += 25 * 3_600_000
      firm.answers = [page(few.slice(1))]
      await index.find('alvarez')
      await index.sync.turn(false)
      expect(await numbers(index, '')).toEqual(['00103-OBrien', '00002-Okafor'])
      expect(firm.rows('select distinct id from matter_keys order by id')).toEqual([{ id: 2 }, { id: 3 }])
    }))

  it('not in a firm without Slack, which keeps none', () =>
    within('matters-none', { ...slack, endpoints: { website: { source: 'form' } } }, async firm => {
      const index = await filled(firm, few)
      expect(index.wanted).toBe(false)
      expect(await index.find('alv')).toEqual({ matters: [], stale: false })
    }))
})

describe('of very many matters', () => {
  const many = (count: number): Json[] =>
    Array.from({ length: count }, (_, n) =>
      matter(
        n + 1,
        `${String(n + 1).padStart(5, '0')}-Doe${n}`,
        `Pat Doe${n}`,
        n === 0 ? 'Quitclaim' : 'Divorce',
        'open',
      ),
    )

  it('one is found though it is the oldest, and a hundred are told of those that fit, the newest', () =>
    within('matters-many', slack, async firm => {
      const index = new MatterIndex(firm.deps())
      firm.answers = [page(many(6000))]
      await index.sync.turn(false)
      expect(await numbers(index, 'quit')).toEqual(['00001-Doe0'])
      const found = await numbers(index, 'div')
      expect(found).toHaveLength(100)
      expect(found[0]).toBe('06000-Doe5999')
      expect(await numbers(index, 'd')).toHaveLength(100)
    }))
})

describe('what stands in storage', () => {
  it('is no number, name or description', () =>
    within('matters-plain', slack, async firm => {
      await filled(firm, few)
      const kept = JSON.stringify(['matters', 'matter_keys', 'meta'].map(table => firm.rows(`select * from ${table}`)))
      expect(kept).not.toMatch(/alv|maria|okafor|divorce|00001-|nun|main/i)
      expect(firm.rows('select * from matters')).toHaveLength(3)
    }))

  it('of another connection is dropped', () =>
    within('matters-reconnected', slack, async firm => {
      const index = await filled(firm, few)
      firm.ledger.meta.set('connection', 'two')
      expect(await index.find('alv')).toEqual({ matters: [], stale: true })
      expect(firm.rows('select * from matter_keys')).toEqual([])
    }))
})
