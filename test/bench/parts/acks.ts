import { boundless } from '../../e2e/runtime.ts'
import { duration, median, times } from '../figures.ts'
import { form, withOffice } from '../firm.ts'
import { load, type Measured } from '../load.ts'
import { atLeast, type Options, type Part, type Row } from '../part.ts'
import { bareClaim, noop, type Place, startWorker } from '../worker.ts'

/**
 * How many events are acknowledged a second, beside a route that does nothing and a bare durable claim. They take turns of two seconds,
 * so that what else the machine does meets all of them; of each the median second counts, from its third on.
 */

const warm = 2
const turn = 2

interface Runner {
  readonly name: 'no-op' | 'bare claim' | 'asking claim' | 'acks' | 'acks of ids'
  readonly url: string
  readonly body: (n: number) => string
  readonly seconds: number[]
  readonly took: number[]
}

async function turns(runners: readonly Runner[], rounds: number): Promise<void> {
  let n = 0
  const one = async (runner: Runner, seconds: number): Promise<Measured> => {
    const from = n
    n += 100_000
    const found = await load({ url: runner.url, body: at => runner.body(from + at), seconds, most: 20_000 })
    if (found.failed > 0)
      throw new Error(`${found.failed} of ${found.requests} were not acknowledged (${runner.name}).`)
    return found
  }
  for (const runner of runners) await one(runner, warm)
  for (let round = 0; round < rounds; round++)
    for (const runner of runners) {
      const { each, median: took } = await one(runner, turn)
      runner.seconds.push(...each)
      runner.took.push(took)
    }
}

/** What a firm's Docket does meanwhile: the usual pace of Clio. */
const pace = { requests: 50, seconds: 60 }

async function compared(place: Place, { short, say }: Options): Promise<Row[]> {
  const nothing = await startWorker(place, noop)
  const bare = await startWorker(place, bareClaim)
  try {
    return await withOffice(place, { pace }, async office => {
      const runner = (name: Runner['name'], url: string, body = form): Runner => ({
        name,
        url,
        body,
        seconds: [],
        took: [],
      })
      const floor = runner('no-op', `${nothing.url}/in/smith/website`)
      const claim = runner('bare claim', `${bare.url}/in/smith/website`)
      const asking = runner('asking claim', `${bare.url}/asking/smith/website`)
      const acks = runner('acks', office.website)
      const ids = runner('acks of ids', office.website, n => `${form(n)}&_id=${n}`)
      const all = [floor, claim, asking, acks, ids]
      await turns(all, short ? 2 : 5)
      for (const { name, seconds } of all) say(`${place}, ${name}: ${seconds.join(' ')} /s`)
      const rate = (one: Runner) => median(one.seconds)
      const figure = (one: Runner) => `${rate(one)}/s (median ${duration(median(one.took))})`
      const [ofNothing, ofBare] = [rate(acks) / rate(floor), rate(acks) / rate(claim)]
      const aim = place === 'Miniflare' ? atLeast(ofBare, 0.7, '0.7 × bare') : atLeast(ofNothing, 0.6, '0.6 × no-op')
      return [
        { what: `no-op route (${place})`, figure: figure(floor), ratio: 'the floor' },
        {
          what: `bare durable claim (${place})`,
          figure: figure(claim),
          ratio: `${times(rate(claim) / rate(floor))} no-op`,
        },
        {
          what: `the same, with the limiter asked first (${place})`,
          figure: figure(asking),
          ratio: `${times(rate(asking) / rate(floor))} no-op`,
        },
        {
          what: `events acknowledged (${place})`,
          figure: figure(acks),
          ratio: `${times(ofNothing)} no-op, ${times(ofBare)} bare claim, ${times(rate(acks) / rate(asking))} with that asked`,
          aim,
        },
        {
          what: `events with an id, looked for in KV first (${place})`,
          figure: figure(ids),
          ratio: `${times(rate(ids) / rate(acks))} those without`,
        },
      ]
    })
  } finally {
    await nothing.close()
    await bare.close()
  }
}

export const acks: Part = {
  name: 'acks',
  about: 'events acknowledged a second, beside both floors, under wrangler dev and on Miniflare',
  run: async options => [...(await compared('wrangler dev', options)), ...(await compared('Miniflare', options))],
}

/** Each second of a fresh process, then of another firm in the same process: what of the warming is the process's, what the firm's. */
export const warming: Part = {
  name: 'warming',
  about: 'acknowledgements in each second of a fresh process: what warms',
  async run({ short, say }) {
    const seconds = short ? 8 : 15
    const measured = async (what: string, url: string, from: number) => {
      const { each } = await load({ url, body: n => form(from + n), seconds, most: 60_000 })
      say(`${what}: ${each.join(' ')} /s`)
      return each
    }
    const shown = (each: readonly number[]) => `${each[0]} → ${median(each.slice(-4))}/s`
    const row = (what: string, each: readonly number[]): Row => ({ what: `warming: ${what}`, figure: shown(each) })
    const rows: Row[] = []
    const nothing = await startWorker('Miniflare', noop)
    rows.push(row('no-op', await measured('a fresh no-op', `${nothing.url}/in/smith/website`, 0)))
    await nothing.close()
    const bare = await startWorker('Miniflare', bareClaim)
    rows.push(row('bare claim', await measured('a fresh bare claim', `${bare.url}/in/smith/website`, 0)))
    await bare.close()
    await withOffice('Miniflare', { pace }, async office => {
      rows.push(row('acks, fresh process', await measured('fresh process, paced firm', office.website, 0)))
      rows.push(row('acks, the same firm again', await measured('the same firm, warm', office.website, 1_000_000)))
    })
    await withOffice('Miniflare', { pace: { requests: 1, seconds: 3600 } }, async office => {
      rows.push(row('acks, nothing may go', await measured('fresh process, nothing may go', office.website, 0)))
    })
    await withOffice('Miniflare', { pace: boundless }, async office => {
      rows.push(row('acks beside whole runs', await measured('fresh process, everything may go', office.website, 0)))
    })
    return rows
  },
}
