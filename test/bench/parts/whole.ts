import { standing } from '../../e2e/firm.ts'
import { boundless, until } from '../../e2e/runtime.ts'
import { times } from '../figures.ts'
import { form, type Office, withOffice } from '../firm.ts'
import { load } from '../load.ts'
import { atLeast, type Part } from '../part.ts'

interface Drained {
  readonly runs: number
  readonly calls: number
  readonly refused: number
  readonly acksPerSecond: number
  /** Seconds from the first call on Clio to the last. */
  readonly seconds: number
}

/** Sends that many visitors at once and waits until the last one's task stands in Clio. */
async function drained({ website, sandbox }: Office, runs: number): Promise<Drained> {
  const { failed, perSecond } = await load({ url: website, body: form, seconds: 60, most: runs })
  if (failed > 0) throw new Error(`${failed} of ${runs} were not acknowledged.`)
  const tasks = () => standing(sandbox).tasks.length
  await until(tasks, made => made === runs, { seconds: 300 })
  const { entries } = sandbox.ledger
  const moments = entries.map(({ at }) => at)
  return {
    runs,
    calls: entries.length,
    refused: entries.filter(({ status }) => status === 429).length,
    acksPerSecond: perSecond,
    seconds: (Math.max(...moments) - Math.min(...moments)) / 1000,
  }
}

/** A second of acknowledgements where nothing may go, for whole runs to be compared with. */
const acksAlone = (seconds: number) =>
  withOffice('Miniflare', { pace: { requests: 1, seconds: 3600 } }, async ({ website }) => {
    await load({ url: website, body: form, seconds: 2, most: 20_000 })
    return (await load({ url: website, body: n => form(100_000 + n), seconds, most: 20_000 })).perSecond
  })

export const whole: Part = {
  name: 'whole',
  about: 'whole runs of three records a second, where Clio allows everything',
  async run({ short }) {
    const acks = await acksAlone(short ? 3 : 6)
    const found = await withOffice('Miniflare', { pace: boundless }, office => drained(office, short ? 150 : 600))
    const rate = found.runs / found.seconds
    const aim = atLeast(rate / acks, 0.2, '0.2 × acks')
    return [
      {
        what: 'whole runs of three records (Miniflare)',
        figure: `${rate.toFixed(0)}/s (${(found.calls / found.runs).toFixed(2)} calls each)`,
        ratio: `${times(rate / acks)} acks alone`,
        aim,
      },
    ]
  },
}

export const burst: Part = {
  name: 'burst',
  about: 'a burst of 60 intakes at 50 calls in 5 s: how near the least that its calls take',
  async run() {
    const pace = { requests: 50, seconds: 5 }
    const found = await withOffice('wrangler dev', { pace }, office => drained(office, 60))
    // The last of n calls can go no earlier than after every full window before it.
    const least = Math.floor((found.calls - 1) / pace.requests) * pace.seconds
    const aim = { text: 'no 429', met: found.refused === 0 }
    return [
      {
        what: 'burst of 60 at 50 calls in 5 s (wrangler dev)',
        figure: `${found.seconds.toFixed(1)} s`,
        ratio: `${times(found.seconds / least)} the least for ${found.calls} calls`,
        aim,
      },
      { what: 'calls for one intake', figure: (found.calls / found.runs).toFixed(2) },
    ]
  },
}
