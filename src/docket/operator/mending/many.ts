import type { Pieces } from '../../../lib/pieces.ts'
import type { Problem } from '../../../lib/problem.ts'
import type { Mend } from '../../../model/amended.ts'
import type { Many, ManyAct, ManyAsked } from '../../../model/docket-rpc.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'

/** One fault, many runs: what is done to one is done to all that are parked for the same reason. */

/** In one call: the object answers others meanwhile. */
const mostAtOnce = 200
/** Runs that are looked at for each of those: what is refused keeps none behind it from its turn. */
const looks = 5

interface Hands {
  mend(id: string, version: 'own' | 'mended', asked: Mend): { run: StoredRun } | Problem
  discard(id: string): StoredRun | Problem
  replay(id: string): StoredRun | Problem
}

const noted: Readonly<Record<ManyAct, string>> = {
  resume: 'run.resumed',
  discard: 'run.discarded',
  replay: 'run.replayed',
}

/** @param note who did what, for the audit */
export function* forReason(
  act: ManyAct,
  asked: ManyAsked,
  hands: Hands,
  ledger: Ledger,
  note: (action: string, run: string) => void,
  most = mostAtOnce,
): Pieces<Many> {
  const { code, version, skip } = asked
  const done: Many = { runs: [], refused: [], left: 0 }
  // What runs anew may park for the same reason: that is for the next call.
  const before = ledger.runs.next
  // Who came first goes first; each is looked for in its turn, for somebody may have decided it in the meantime.
  for (let after = 0; done.runs.length < most && done.runs.length + done.refused.length < most * looks; ) {
    const [next] = ledger.overview.found({ code, after, before }, 1)
    if (!next) break
    const { seq, id, bytes } = next
    after = seq
    const made =
      act === 'resume'
        ? hands.mend(id, version, skip ? { skip } : {})
        : act === 'discard'
          ? hands.discard(id)
          : replaced(id, hands, ledger)
    if ('code' in made) done.refused.push({ run: id, why: made.errors?.[0]?.message ?? made.detail })
    else {
      done.runs.push(id)
      note(noted[act], id)
    }
    yield bytes
  }
  const left = leftOf(code, ledger)
  return { ...done, left: Math.max(0, left - done.refused.length) }
}

/** The event runs anew, and the parked run is closed: else it would be found and replayed again. */
function replaced(id: string, hands: Hands, { attempts }: Ledger): StoredRun | Problem {
  // It cannot be closed just now.
  if (attempts.sending(id)) return hands.discard(id)
  const fresh = hands.replay(id)
  if ('code' in fresh) return fresh
  const closed = hands.discard(id)
  return 'code' in closed ? closed : fresh
}

function leftOf(code: string, { overview }: Ledger): number {
  if (code === 'shadow') return overview.inShadow()
  return (code === 'spam' ? overview.counts().spam : overview.reasons()[code]) ?? 0
}
