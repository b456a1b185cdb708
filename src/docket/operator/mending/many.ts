import type { Pieces } from '../../../lib/pieces.ts'
import type { Problem } from '../../../lib/problem.ts'
import type { Mend } from '../../../model/amended.ts'
import type { Many, ManyAct, ManyAsked } from '../../../model/docket-rpc.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { StoredRun } from '../../ledger/run/stored-run.ts'

/** One fault, many runs: what is done to one is done to all that are parked for the same reason. */

/** In one call: the object answers others meanwhile. */
const most = 200

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
): Pieces<Many> {
  const { code, version, skip } = asked
  // The oldest first: who came first goes first.
  const found = ledger.overview.found({ code }, most).reverse()
  const done: Many = { runs: [], refused: [], left: 0 }
  for (const { seq, id, bytes } of found) {
    // Somebody may have decided it in the meantime.
    if (ledger.overview.found({ code, before: seq + 1 }, 1)[0]?.seq !== seq) continue
    const made =
      act === 'resume'
        ? hands.mend(id, version, skip ? { skip } : {})
        : act === 'discard'
          ? hands.discard(id)
          : replaced(id, hands)
    if ('code' in made) done.refused.push({ run: id, why: made.errors?.[0]?.message ?? made.detail })
    else {
      done.runs.push(id)
      note(noted[act], id)
    }
    yield bytes
  }
  const left = code === 'shadow' ? ledger.overview.inShadow() : (ledger.overview.reasons()[code] ?? 0)
  return { ...done, left: Math.max(0, left - done.refused.length) }
}

/** The event runs anew, and the parked run is closed: else it would be found and replayed again. */
function replaced(id: string, hands: Hands): StoredRun | Problem {
  const fresh = hands.replay(id)
  if ('code' in fresh) return fresh
  const closed = hands.discard(id)
  return 'code' in closed ? closed : fresh
}
