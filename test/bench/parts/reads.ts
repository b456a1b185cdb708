import { answers, firm, standing } from '../../e2e/firm.ts'
import { boundless, until } from '../../e2e/runtime.ts'
import { duration, median, share, times } from '../figures.ts'
import { form, type Office, withOffice } from '../firm.ts'
import { load } from '../load.ts'
import { atMost, type Options, type Part, type Row } from '../part.ts'

/** Whether those who read and the backlog starve each other: of the docket, whose one thread they share, and of Clio, whose pace. */

/** What an operator's pages ask for, in turn. */
const looks = {
  'the list of runs': () => 'runs?limit=50',
  'a client by address': (n: number) => `runs?q=${encodeURIComponent(answers(n).email!)}`,
  stats: () => 'stats',
} as const
type Look = keyof typeof looks
const names = Object.keys(looks) as Look[]

const perSecond = 10

/** Looks at the docket, whether the ones before are answered or not, until it is told to stop. */
function looking(office: Office, clients: number) {
  // ms from the moment at which each was to be asked.
  const waits: Record<Look, number[]> = { 'the list of runs': [], 'a client by address': [], stats: [] }
  const all: Promise<void>[] = []
  const from = performance.now()
  const look = async (n: number) => {
    const name = names[n % names.length]!
    const { status } = await read(office, looks[name](n % clients))
    if (status !== 200) throw new Error(`Asked for ${name}, the Worker said ${status}.`)
    waits[name].push(performance.now() - from - (n * 1000) / perSecond)
  }
  const timer = setInterval(() => {
    while ((all.length * 1000) / perSecond < performance.now() - from) all.push(look(all.length))
  }, 5)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(all)
      return waits
    },
  }
}

async function read(office: Office, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${office.adminToken}` }
  const answer = await fetch(`${office.url}/api/firms/${firm}/${path}`, { headers })
  await answer.arrayBuffer()
  return answer
}

interface Drained {
  readonly seconds: number
  readonly calls: number
}

/** Takes in so many visitors at once, from a number on, and lets them be carried out. @returns seconds from their first record to the last, and what was called meanwhile */
async function drained({ website, sandbox }: Office, from: number, runs: number): Promise<Drained> {
  const before = sandbox.ledger.entries.length
  const { failed } = await load({ url: website, body: n => form(from + n), seconds: 60, most: runs })
  if (failed > 0) throw new Error(`${failed} of ${runs} were not acknowledged.`)
  await until(
    () => standing(sandbox).tasks.length,
    made => made >= from + runs,
    { seconds: 300 },
  )
  const called = sandbox.ledger.entries.slice(before)
  const moments = called.filter(({ method }) => method === 'POST').map(({ at }) => at)
  return { seconds: (Math.max(...moments) - Math.min(...moments)) / 1000, calls: called.length }
}

interface Shared {
  readonly idle: Awaited<ReturnType<ReturnType<typeof looking>['stop']>>
  readonly busy: Awaited<ReturnType<ReturnType<typeof looking>['stop']>>
  /** Seconds. */
  readonly alone: number
  readonly beside: number
}

/** A backlog is carried out alone, and then beside people who look. */
const shared = (pace: typeof tight, runs: number, { short }: Options): Promise<Shared> =>
  withOffice('Miniflare', { pace }, async office => {
    await drained(office, 0, 3)
    const quiet = looking(office, 3)
    await new Promise(resolve => setTimeout(resolve, short ? 5000 : 15_000))
    const idle = await quiet.stop()
    const { seconds: alone } = await drained(office, 3, runs)
    const looks = looking(office, 3 + runs)
    const { seconds: beside } = await drained(office, 3 + runs, runs)
    return { idle, busy: await looks.stop(), alone, beside }
  })

/** A window that a bench can wait for. */
const tight = { requests: 50, seconds: 5 }

/** A backlog mostly waits for the pace: whoever looks meanwhile is to notice nothing. */
async function ofTheDocket(options: Options): Promise<Row[]> {
  const runs = options.short ? 60 : 150
  const { idle, busy, alone, beside } = await shared(tight, runs, options)
  const fast = options.short ? 200 : 1000
  const crowded = await shared(boundless, fast, options)
  options.say(`${runs} runs at the pace: ${alone.toFixed(1)} s alone, ${beside.toFixed(1)} s beside them`)
  options.say(
    `${fast} runs as fast as they go: ${crowded.alone.toFixed(1)} s, ${crowded.beside.toFixed(1)} s beside them`,
  )
  const slowest = share(Object.values(crowded.busy).flat(), 0.99)
  return [
    ...names.map((name): Row => {
      const ratio = median(busy[name]) / median(idle[name])
      return {
        what: `${name}, while ${runs} runs wait for the pace`,
        figure: `p50 ${duration(median(busy[name]))}, p99 ${duration(share(busy[name], 0.99))}`,
        ratio: `${times(ratio)} idle`,
        aim: atMost(share(busy[name], 0.99), 2000, '2 s (p99)'),
      }
    }),
    {
      what: `${runs} runs beside ${perSecond} such reads a second, at ${tight.requests} calls in ${tight.seconds} s`,
      figure: `${beside.toFixed(1)} s`,
      ratio: `${times(beside / alone)} the time of the same without`,
      aim: atMost(beside / alone, 1.1, '1.1 ×'),
    },
    {
      what: `${fast} runs beside them, where Clio allows everything`,
      figure: `${(fast / crowded.beside).toFixed(0)}/s; p99 of a read ${duration(slowest)}`,
      ratio: `${times(crowded.beside / crowded.alone)} the time of the same without`,
      aim: atMost(crowded.beside / crowded.alone, 1.5, '1.5 ×'),
    },
  ]
}

const callers = 4
/** ms for which a caller waits at most for a slot (`src/docket/operator/reads.ts`), and the call's own. */
const patience = 10_500

/** Callers who each ask for the next list of matters when they have the last, until they are told to stop. */
function asking(office: Office) {
  const waits: number[] = []
  let refused = 0
  let over = false
  const caller = async () => {
    while (!over) {
      const began = performance.now()
      const { status, headers } = await read(office, 'clio/matters?fields=id&limit=1')
      if (status === 200) waits.push(performance.now() - began)
      else if (status !== 429) throw new Error(`A read of Clio was answered with ${status}.`)
      else {
        refused++
        await new Promise(resolve => setTimeout(resolve, Number(headers.get('retry-after')) * 1000))
      }
    }
  }
  const all = Array.from({ length: callers }, caller)
  return {
    async stop() {
      over = true
      await Promise.all(all)
      return { waits, refused }
    },
  }
}

/** The pace is what there is to share. */
const ofClio = ({ short, say }: Options): Promise<Row[]> =>
  withOffice('Miniflare', { pace: tight }, async office => {
    const runs = short ? 60 : 150
    await drained(office, 0, 3)
    const { seconds: alone, calls } = await drained(office, 3, runs)
    const asked = asking(office)
    const { seconds: beside } = await drained(office, 3 + runs, runs)
    const { waits, refused } = await asked.stop()
    say(`${runs} runs: ${alone.toFixed(1)} s alone, ${beside.toFixed(1)} s beside ${callers} callers`)
    const above = office.sandbox.ledger.entries.filter(({ status }) => status === 429).length
    if (above > 0) throw new Error(`${above} calls were more than the pace allows.`)
    // Reads take at most half of the pace. The last call can go no earlier than after every full window before it.
    const least = Math.floor((calls - 1) / (tight.requests / 2)) * tight.seconds
    return [
      {
        what: `${callers} callers read Clio one call after another while ${runs} runs wait for the pace`,
        figure: `p50 ${duration(median(waits))}, most ${duration(Math.max(...waits))}`,
        ratio: `${waits.length} answered in ${beside.toFixed(0)} s, ${refused} told to come back`,
        aim: atMost(Math.max(...waits), patience, '10.5 s'),
      },
      {
        what: `${runs} runs beside them, at ${tight.requests} calls in ${tight.seconds} s`,
        figure: `${beside.toFixed(1)} s`,
        ratio: `${times(beside / alone)} the time of the same without, ${times(beside / least)} the least at half of the pace`,
        aim: atMost(beside / least, 1.15, '1.15 × the least'),
      },
    ]
  })

export const reads: Part = {
  name: 'reads',
  about: 'people and scripts who read under a full backlog, and what draining loses to them',
  run: async options => [...(await ofTheDocket(options)), ...(await ofClio(options))],
}
