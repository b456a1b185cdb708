import { median } from '../figures.ts'
import { atMost, type Part } from '../part.ts'
import { Ledger } from '../simulated.ts'

/** SQL statements, counted and not timed: the same on every machine. The Docket's own code over Node's SQLite, on the simulator's clock. */
export const statements: Part = {
  name: 'statements',
  about: 'SQL statements for a claim and for a whole run, counted',
  async run({ say }) {
    const ledger = new Ledger()
    await ledger.warm()
    const alone: number[] = []
    for (let n = 0; n < 20; n++) alone.push((await ledger.wholeRun()).statements)
    const together = await ledger.together(100)
    await ledger.exhaust()
    const claims: number[] = []
    for (let n = 0; n < 100; n++) claims.push((await ledger.claim()).statements)
    say(`a claim, most first: ${ledger.told('claim')}`)
    say(`a whole run, most first: ${ledger.told('whole')}`)
    const perClaim = claims.reduce((sum, one) => sum + one, 0) / claims.length
    const claim = atMost(perClaim, 3, '3')
    const run = atMost(together, 65, '65')
    return [
      {
        what: 'SQL statements a claim, while nothing may go',
        figure: perClaim.toFixed(1),
        aim: claim,
      },
      {
        what: 'SQL statements a whole run, of 100 at once',
        figure: together.toFixed(0),
        ratio: `${median(alone)} for one alone`,
        aim: run,
      },
    ]
  },
}

/** Does the work for one event grow with the ledger (I9)? */
export const growth: Part = {
  name: 'growth',
  about: 'a claim and the next run with 1 k, 100 k and 1 M runs in the ledger',
  async run({ short, say }) {
    const rows = []
    let first: { claim: number; run: number } | null = null
    for (const runs of short ? [1000, 30_000] : [1000, 100_000, 1_000_000]) {
      const ledger = new Ledger()
      const filled = await ledger.fill(runs)
      await ledger.warm()
      say(`${runs} runs: filled in ${(filled / 1000).toFixed(1)} s`)
      const whole: number[] = []
      for (let n = 0; n < 30; n++) whole.push((await ledger.wholeRun()).ms)
      await ledger.exhaust()
      const claims: number[] = []
      for (let n = 0; n < 100; n++) claims.push((await ledger.claim()).ms)
      const found = { claim: median(claims), run: median(whole) }
      first ??= found
      const ratios = { claim: found.claim / first.claim, run: found.run / first.run }
      const aim = atMost(Math.max(ratios.claim, ratios.run), 1.3, '1.3 × at 1 k')
      rows.push({
        what: `a claim and the next run with ${runs.toLocaleString('en')} runs in the ledger`,
        figure: `${found.claim.toFixed(2)} ms, ${found.run.toFixed(1)} ms`,
        ...(found !== first && {
          ratio: `${ratios.claim.toFixed(2)} ×, ${ratios.run.toFixed(2)} × at 1 k`,
          aim,
        }),
      })
      ledger.close()
    }
    return rows
  },
}
