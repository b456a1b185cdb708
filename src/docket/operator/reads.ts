import type { Json } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { ClioAnswer } from '../../model/docket-rpc.ts'
import { Later } from '../../model/follow.ts'
import type { Hold } from '../calls/hold.ts'
import type { Passage } from '../calls/passage.ts'
import { Paused } from '../calls/turnstile.ts'

/** ms that a caller waits for a slot at most; then it is told when to come back. */
const patience = 10_000

export interface ReadsDeps {
  readonly passage: Passage
  readonly hold: Hold
  now(): number
}

/** Reads of Clio for somebody who waits for the answer: people, scripts, agents. At the firm's pace, and with no run. */
export class Reads {
  readonly #deps: ReadsDeps
  #turn = 0

  constructor(deps: ReadsDeps) {
    this.#deps = deps
  }

  /** The answer alone. @throws Later when there is none now */
  async answer(call: Call): Promise<Json> {
    const outcome = await this.read(call)
    if (!isProblem(outcome) && outcome.kind === 'applied') return outcome.answer
    throw new Later('Clio does not answer now.')
  }

  /** One GET. The answer is kept nowhere. */
  async read(call: Call): Promise<Outcome | Problem> {
    const { passage, hold, now } = this.#deps
    if (hold.broken) return lost
    try {
      return await passage.own(call, { interactive: false, turn: ++this.#turn, patience })
    } catch (error) {
      if (!(error instanceof Paused)) throw error
      return hold.broken ? lost : busy(Math.max(1, Math.ceil((error.until - now()) / 1000)))
    }
  }
}

/** An outcome as whoever asked may have it: Clio's answer, or in words why there is none. */
export function answered(outcome: Outcome | Problem): ClioAnswer | Problem {
  if (isProblem(outcome)) return outcome
  if (outcome.kind === 'applied') return { status: outcome.status, answer: outcome.answer }
  const { message } = outcome
  if (outcome.kind === 'unknown') return { ...unanswered, detail: `${message} Nothing was changed; ask again.` }
  switch (outcome.why) {
    case 'missing':
      return problem(404, 'not-in-clio', 'Clio has no such record', message)
    case 'forbidden':
      return problem(403, 'clio-forbids', 'Clio does not let the connected user see this', message)
    case 'limit':
      return busy(Math.ceil((outcome.retryAfter ?? 5000) / 1000))
    case 'connection':
      return lost
    default:
      return problem(422, 'clio-refused', 'Clio refused the read', message)
  }
}

const unanswered = problem(502, 'clio-unanswered', 'Clio did not answer', '', { headers: { 'retry-after': '5' } })

const busy = (seconds: number): Problem =>
  problem(
    429,
    'pace',
    'No call on Clio is free just now',
    `The firm's calls on Clio are taken by runs that are being carried out. Ask again in ${seconds} seconds.`,
    { headers: { 'retry-after': String(seconds) } },
  )

const lost = problem(
  503,
  'connection-lost',
  'The connection to Clio is lost',
  'Nothing is read while the connection does not work. Connect the firm to Clio again; what waits goes on by itself.',
  { headers: { 'retry-after': '60' } },
)
