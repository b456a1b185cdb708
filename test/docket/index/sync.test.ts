import { describe, expect, it } from 'vitest'
import { Unread } from '../../../src/docket/calls/trouble.ts'
import { type Kept, Sync } from '../../../src/docket/index/sync.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Call, Outcome } from '../../../src/model/call.ts'
import { Answers, noon, page, refused } from './clio.ts'

/** How a list of Clio's is kept as Clio has it, whatever it is a list of. */

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const one = (id: number, more: JsonObject = {}): JsonObject => ({ id, ...more })
const them = (...ids: readonly number[]): JsonObject[] => ids.map(id => one(id))

/** A list in memory: ids, and when each was written. */
class Toy implements Kept {
  readonly path = 'toys'
  readonly fields = 'id'
  readonly rows = this
  made = 'first'
  readonly written = new Map<number, number>()

  edition(): string {
    return this.made
  }
  ids(after: number, upTo: number, before: number): number[] {
    return [...this.written].filter(([id, at]) => id > after && id <= upTo && at < before).map(([id]) => id)
  }
  async take({ id }: JsonObject, at: number): Promise<() => void> {
    return () => void this.written.set(Number(id), this.written.get(Number(id)) ?? at)
  }
  async drop(id: number): Promise<() => void> {
    return () => void this.written.delete(id)
  }
  clear(): void {
    this.written.clear()
  }
}

class Firm extends Answers {
  readonly toy = new Toy()
  readonly values = new Map<string, string>()
  key = 'key'
  sync = this.again()

  /** The object is gone, and comes again. */
  again(): Sync {
    const ledger = {
      meta: {
        get: <T extends Json>(name: string) => JSON.parse(this.values.get(name) ?? 'null') as T | null,
        set: (name: string, value: unknown) => void this.values.set(name, JSON.stringify(value)),
      },
      transaction: <T>(work: () => T) => work(),
    }
    const hash = (text: string) => `${this.key} ${text}`
    this.sync = new Sync(
      { ledger, hash, now: () => this.now, call: (call: Call, own: { went?(): void }) => this.call(call, own) },
      this.toy,
    )
    return this.sync
  }

  /** A whole pass of one page. */
  async filled(...ids: readonly number[]): Promise<Sync> {
    this.answers = [page(them(...ids)), page([])]
    await this.sync.turn(false)
    return this.sync
  }

  /** Everything that is to be read in the background. */
  async readOn(): Promise<void> {
    while (this.sync.unfilledFrom !== null && this.sync.unfilledFrom <= this.now) await this.sync.turn(false)
  }

  get ids(): number[] {
    return [...this.toy.written.keys()].toSorted((a, b) => a - b)
  }
  asked(key: string): Json[] {
    return this.calls.map(({ query }) => (query?.[key] as Json | undefined) ?? null)
  }
}

describe('the first whole pass', () => {
  it('until it is made the list is not there, and no call is made for whoever asks', async () => {
    const firm = new Firm()
    expect(await firm.sync.fresh(noon)).toBe(false)
    expect(firm.calls).toEqual([])
    expect(firm.sync.unfilledFrom).toBe(0)
  })

  it('goes page after page, by Clio’s token, in the order of ids; another object goes on with it', async () => {
    const firm = new Firm()
    firm.answers = [page(them(7), 'two'), page(them(8))]
    await firm.sync.turn(false)
    expect(await firm.sync.fresh(noon)).toBe(false)
    const sync = firm.again()
    await sync.turn(false)
    expect(sync.unfilledFrom).toBeNull()
    expect(firm.asked('page_token')).toEqual([null, 'two'])
    expect(firm.calls.every(({ query }) => query?.order === 'id(asc)' && query.limit === '200')).toBe(true)
    expect(firm.asked('updated_since')).toEqual([null, null])
    expect(firm.ids).toEqual([7, 8])
  })

  it('makes one call for all who ask for a page at once', async () => {
    const { sync, calls } = new Firm()
    await Promise.all([sync.turn(false), sync.turn(false), sync.turn(true)])
    expect(calls).toHaveLength(1)
  })

  it('begins anew when a token has run out', async () => {
    const firm = new Firm()
    firm.answers = [page(them(7), 'two'), refused('invalid'), page(them(7, 8))]
    for (let n = 0; n < 3; n++) await firm.sync.turn(false)
    expect(firm.asked('page_token')).toEqual([null, 'two', null])
    expect(firm.ids).toEqual([7, 8])
  })

  it.each<[string, Outcome | ((call: Call) => Outcome)]>([
    ['refuses the list', refused('invalid')],
    ['answers something else', { kind: 'applied', status: 200, answer: { data: {} } }],
    ['leads from a page to itself', call => page(them(7), String(call.query?.page_token ?? 'one'))],
    ['leads nowhere', nowhere()],
  ])('lets a Clio alone for an hour that %s', async (_what, answer) => {
    const firm = new Firm()
    firm.answers = [answer]
    for (let n = 0; n < 2; n++) await firm.sync.turn(false)
    expect(firm.sync.unfilledFrom).toBe(noon + hour)
    expect(await firm.sync.fresh(noon)).toBe(false)
  })

  it('tells whoever waits for a page that it did not come', async () => {
    const firm = new Firm()
    firm.answers = [{ kind: 'unknown', status: 502, message: 'Bad gateway' }]
    await expect(firm.sync.turn(true)).rejects.toBeInstanceOf(Unread)
    expect(firm.sync.unfilledFrom).toBe(0)
  })
})

describe('news', () => {
  it('are asked for once for all who came before, from where the last began, less the clocks’ difference', async () => {
    const firm = new Firm()
    await firm.filled(7)
    firm.now += minute
    const all = await Promise.all(Array.from({ length: 20 }, () => firm.sync.fresh(firm.now - 1000)))
    expect(all).toEqual(Array(20).fill(true))
    expect(firm.asked('updated_since')).toEqual([null, new Date(noon - 2 * minute).toISOString()])
  })

  it('are asked for again by who came after they were', async () => {
    const firm = new Firm()
    await firm.filled(7)
    await firm.sync.fresh(firm.now)
    expect(firm.calls).toHaveLength(1)
    await firm.sync.fresh(++firm.now)
    expect(firm.calls).toHaveLength(2)
  })

  it('are no news after ten minutes', async () => {
    const firm = new Firm()
    await firm.filled(7)
    firm.now += 10 * minute + 1
    await firm.sync.fresh(noon)
    expect(firm.calls).toHaveLength(2)
  })

  it('are asked for anew after a doubt, though it came while a page was on its way', async () => {
    const firm = new Firm()
    await firm.filled(7)
    firm.now += minute
    firm.answers = [
      () => {
        firm.sync.doubt()
        firm.now += 1000
        return page([])
      },
      page(them(8)),
    ]
    expect(await firm.sync.fresh(firm.now)).toBe(true)
    expect(firm.calls).toHaveLength(3)
    expect(firm.ids).toEqual([7, 8])
  })

  it('forget nobody: who is not on a page has not changed', async () => {
    const firm = new Firm()
    await firm.filled(7, 8)
    firm.now += 2 * hour
    firm.answers = [page(them(9))]
    await firm.sync.fresh(firm.now)
    expect(firm.ids).toEqual([7, 8, 9])
  })

  it('are read in the background for a list that is used as it is, when it is ten minutes old', async () => {
    const firm = new Firm()
    expect(firm.sync.used()).toBe(true)
    await firm.filled(7)
    expect(firm.sync.used()).toBe(false)
    firm.now += 10 * minute + 1
    expect(firm.sync.unfilledFrom).toBeNull()
    expect(firm.sync.used()).toBe(true)
    await firm.readOn()
    expect(firm.asked('updated_since').at(-1)).toBe(new Date(noon - 2 * minute).toISOString())
    expect(firm.sync.used()).toBe(false)
  })
})

describe('a whole pass once a day', () => {
  const aged = async (...ids: readonly number[]): Promise<Firm> => {
    const firm = new Firm()
    await firm.filled(...ids)
    firm.now += day + 1
    return firm
  }

  it('forgets what was deleted in Clio, in the middle of a page, between two and behind the last', async () => {
    const firm = await aged(1, 2, 3, 4, 5, 6, 7)
    await firm.sync.fresh(firm.now)
    firm.answers = [page(them(1, 3), 'two'), page(them(5, 6))]
    await firm.readOn()
    expect(firm.ids).toEqual([1, 3, 5, 6])
  })

  it('keeps nobody waiting: who asks meanwhile is told by the news', async () => {
    const firm = await aged(7, 8)
    firm.answers = [page([]), page(them(7), 'two'), page(them(9)), page(them(8))]
    await firm.sync.fresh(firm.now)
    await firm.sync.turn(false)
    firm.now += minute
    expect(await firm.sync.fresh(firm.now)).toBe(true)
    expect(firm.asked('page_token')).toEqual([null, null, null, null])
    await firm.readOn()
    expect(firm.asked('page_token').at(-1)).toBe('two')
    expect(firm.ids).toEqual([7, 8, 9])
  })

  it('is made only when the list is used, and goes on after a restart', async () => {
    const firm = await aged(7)
    expect(firm.sync.unfilledFrom).toBeNull()
    expect(firm.sync.used()).toBe(true)
    firm.answers = [page(them(7), 'two'), page(them(8))]
    await firm.sync.turn(false)
    expect(firm.again().unfilledFrom).toBe(0)
    await firm.readOn()
    expect(firm.asked('page_token')).toEqual([null, null, 'two'])
    expect(firm.sync.unfilledFrom).toBeNull()
  })

  it('leaves what was written within the hour: Clio’s lists may be late', async () => {
    const firm = await aged(7)
    firm.toy.written.set(9, firm.now - hour + 1000)
    firm.toy.written.set(8, firm.now - hour - 1000)
    firm.sync.used()
    firm.answers = [page(them(7))]
    await firm.readOn()
    expect(firm.ids).toEqual([7, 9])
  })

  it('forgets nobody when Clio does not keep to the order', async () => {
    const firm = await aged(1, 2, 3, 4)
    firm.sync.used()
    firm.answers = [page(them(4, 1), 'two'), page(them(5))]
    await firm.readOn()
    expect(firm.ids).toEqual([1, 2, 3, 4, 5])
  })
})

describe('what it was made under', () => {
  it.each<[string, (firm: Firm) => void]>([
    [
      'another key',
      firm => {
        firm.key = 'other'
      },
    ],
    [
      'another edition',
      firm => {
        firm.toy.made = 'second'
      },
    ],
  ])('is another: %s. It is forgotten and filled anew', async (_what, happens) => {
    const firm = new Firm()
    await firm.filled(7)
    happens(firm)
    const sync = firm.again()
    expect(await sync.fresh(noon)).toBe(false)
    expect(firm.ids).toEqual([])
    expect(sync.unfilledFrom).toBe(0)
    await firm.filled(8)
    expect(await firm.sync.fresh(noon)).toBe(true)
    expect(firm.ids).toEqual([8])
  })

  it('is another when a page comes back: the page is of no use', async () => {
    const firm = new Firm()
    firm.answers = [
      async () => {
        firm.toy.made = 'second'
        await firm.sync.opened()
        return page(them(7))
      },
    ]
    await firm.sync.turn(false)
    expect(firm.ids).toEqual([])
    expect(firm.sync.unfilledFrom).toBe(0)
  })
})

function nowhere(): Outcome {
  return { kind: 'applied', status: 200, answer: { data: [], meta: { paging: { next: 'http://[' } } } }
}
