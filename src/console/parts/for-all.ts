import { isProblem } from '../../lib/problem.ts'
import type { ErasedPerson, Many } from '../../model/docket-rpc.ts'
import type { Shown, Visit } from '../visit.ts'

/** Times that a call for many is repeated: each takes a few hundred. */
const rounds = 5

/** One fault, many runs: all that are parked for the reason that the form names. */
export function forAll(visit: Visit, which: 'resume' | 'discard'): Promise<Shown> {
  return repeated(visit, which, '', `/runs/${which}`, { code: visit.form.get('code') ?? '' })
}

/** All runs about whoever has the address or number that was looked for. */
export function forget(visit: Visit): Promise<Shown> {
  const who = visit.form.get('who') ?? ''
  return repeated(visit, 'forget', '/runs', '/erase', who.includes('@') ? { email: who } : { phone: who })
}

async function repeated(visit: Visit, did: string, back: string, path: string, body: object): Promise<Shown> {
  let n = 0
  let refused = 0
  for (let round = 0; round < rounds; round++) {
    const done = await visit.ask<Many | ErasedPerson>('POST', path, body)
    if (isProblem(done)) return done
    const { length } = 'erased' in done ? done.erased : done.runs
    n += length
    refused = done.refused.length
    if (done.left === 0 || length === 0) break
  }
  return { to: `/console/${visit.firm}${back}?did=${did}&n=${n}${refused > 0 ? `&not=${refused}` : ''}` }
}
