import { describe, expect, it } from 'vitest'
import { Reporter } from '../../../src/docket/operator/reporter.ts'

/** What a Docket tells the registry, and when, on a clock of the test's own. */

const second = 1000
const minute = 60 * second

function desk({ deaf = false } = {}) {
  const told: string[] = []
  const sleeping: { until: number; wake: () => void }[] = []
  let now = 0
  const at = (moment: number | null) => (moment === null ? 'none' : `${moment / second}`)
  const say = async (words: string) => {
    told.push(`${now / second}: ${words}`)
    if (deaf) throw new Error('deaf')
  }
  const reporter = new Reporter({
    now: () => now,
    sleep: ms => new Promise(resolve => void sleeping.push({ until: now + ms, wake: resolve })),
    expect: moment => say(`expect ${at(moment)}`),
    report: (next, visited) => say(`report ${at(next)}${visited ? ' visited' : ''}`),
  })
  return {
    told,
    reporter,
    /** An event is claimed, and carried out in three seconds. */
    async event(then: number | null = null) {
      reporter.armed(now + 1)
      await this.pass(3 * second)
      reporter.rings()
      if (then !== null) reporter.armed(then)
      reporter.changed()
    },
    async pass(ms: number) {
      now += ms
      for (const sleeper of sleeping.splice(0)) {
        if (sleeper.until <= now) sleeper.wake()
        else sleeping.push(sleeper)
      }
      await new Promise(resolve => setTimeout(resolve))
    },
  }
}

describe('what the registry is told', () => {
  it('of an event by itself: that there is work, before it is done, and how things stand after it', async () => {
    const one = desk()
    await one.event()
    expect(one.told).toEqual(['0: expect 0.001', '3: report none'])
  })

  it('of a busy minute: at most one report and one expectation, and the end of it when it is over', async () => {
    const one = desk()
    for (let n = 0; n < 10; n++) {
      await one.event()
      await one.pass(3 * second)
    }
    expect(one.told).toEqual(['0: expect 0.001', '3: report none', '6: expect 6.001'])
    await one.pass(minute)
    expect(one.told.slice(3)).toEqual(['120: report none'])
    await one.pass(60 * minute)
    expect(one.told).toHaveLength(4)
  })

  it('of a backlog that drains at the pace: nothing new while what it expects is not later than the alarm', async () => {
    const one = desk()
    await one.event(10 * second)
    for (let n = 1; n < 5; n++) {
      await one.pass(7 * second)
      await one.event((n + 1) * 10 * second)
    }
    expect(one.told).toEqual(['0: expect 0.001', '3: report 10'])
  })

  it('of a wake that comes much earlier than it expects: at once', async () => {
    const one = desk()
    await one.event(60 * minute)
    await one.pass(5 * second)
    one.reporter.armed(9 * second)
    expect(one.told.at(-1)).toBe('8: expect 9')
  })

  it('by a visit: how things stand, whatever was told just before', async () => {
    const one = desk()
    await one.event()
    one.reporter.visited()
    expect(one.told.at(-1)).toBe('3: report none visited')
  })
})

describe('what does not arrive', () => {
  it('fails nothing, and the next alarm is told again', async () => {
    const one = desk({ deaf: true })
    await one.event()
    await one.pass(second)
    one.reporter.armed(10 * second)
    expect(one.told).toEqual(['0: expect 0.001', '3: report none', '4: expect 10'])
    await one.pass(second)
    one.reporter.armed(20 * second)
    expect(one.told.at(-1)).toBe('5: expect 20')
  })
})
