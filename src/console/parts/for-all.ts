import { isProblem } from '../../lib/problem.ts'
import type { Many } from '../../model/docket-rpc.ts'
import type { Shown, Visit } from '../visit.ts'

/** Times that a call for many is repeated: each takes a few hundred. */
const rounds = 5

/** One fault, many runs: all that are parked for the reason that the form names. */
export async function forAll(visit: Visit, which: 'resume' | 'discard'): Promise<Shown> {
  const code = visit.form.get('code') ?? ''
  let n = 0
  let refused = 0
  for (let round = 0; round < rounds; round++) {
    const done = await visit.ask<Many>('POST', `/runs/${which}`, { code })
    if (isProblem(done)) return done
    n += done.runs.length
    refused = done.refused.length
    if (done.left === 0 || done.runs.length === 0) break
  }
  return { to: `/console/${visit.firm}?did=${which}&n=${n}${refused > 0 ? `&not=${refused}` : ''}` }
}
