import { Sealed } from '../../../src/docket/ledger/sealing/seals.ts'
import { configuration, intake } from '../../simulation/firm.ts'
import { World } from '../../simulation/world.ts'
import { median, times } from '../figures.ts'
import type { Part, Row } from '../part.ts'

/** µs of this process for each claim, and for each run from there to its end. */
interface Cost {
  readonly claim: number
  readonly run: number
}

/** The Docket on SQLite in this process, without a runtime around it: what is measured is the ledger and what stands on it. */
async function cost(runs: number): Promise<Cost> {
  const world = new World({ config: configuration({ requests: 10_000, seconds: 1 }) })
  try {
    await world.clock.run()
    const since = (from: NodeJS.CpuUsage) => {
      const { user, system } = process.cpuUsage(from)
      return (user + system) / runs
    }
    const claiming = process.cpuUsage()
    for (let n = 0; n < runs; n++) intake(world, n)
    const claim = since(claiming)
    const running = process.cpuUsage()
    await world.clock.run()
    return { claim, run: since(running) }
  } finally {
    world.close()
  }
}

/** The same, with everything in clear that is sealed, as readers still take it from before; what is looked for is hashed all the same. */
async function unsealed(runs: number): Promise<Cost> {
  const { seal } = Sealed.prototype
  Sealed.prototype.seal = (_column, _place, text) => text
  try {
    return await cost(runs)
  } finally {
    Object.assign(Sealed.prototype, { seal })
  }
}

export const sealing: Part = {
  name: 'sealing',
  about: 'what sealing costs: processor time of a claim and of a whole run, sealed and in clear, turn by turn',
  async run({ short, say }) {
    const runs = short ? 12 : 100
    const found: Record<'sealed' | 'clear', Cost[]> = { sealed: [], clear: [] }
    await cost(runs)
    await unsealed(runs)
    for (let round = 0; round < (short ? 3 : 9); round++) {
      found.sealed.push(await cost(runs))
      found.clear.push(await unsealed(runs))
    }
    const row = (what: string, key: keyof Cost): Row => {
      const of = (kind: 'sealed' | 'clear') => median(found[kind].map(one => one[key]))
      for (const kind of ['sealed', 'clear'] as const)
        say(`${what}, ${kind}: ${found[kind].map(one => one[key].toFixed(0)).join(' ')} µs`)
      const [sealed, clear] = [of('sealed'), of('clear')]
      return {
        what: `${what}, sealed (processor time, no runtime around it)`,
        figure: `${sealed.toFixed(0)} µs`,
        ratio: `${times(sealed / clear)} in clear (${clear.toFixed(0)} µs)`,
      }
    }
    return [row('a claim', 'claim'), row('a run of three records', 'run')]
  },
}
