import type { Configuration } from '../../configuration/configuration.ts'
import { isObject, type Json } from '../../lib/json.ts'
import type { Problem } from '../../lib/problem.ts'
import type { Action, Conversation, Heard, Line } from '../../model/conversation.ts'
import type { InboundEvent } from '../../model/event.ts'
import { Later } from '../../model/follow.ts'
import { type Clio, Refused } from '../../model/intent.ts'
import { type Matter, matterFields, matterIn } from '../../model/matter.ts'
import { plan } from '../../rules/plan.ts'
import { sources } from '../../sources/index.ts'
import type { Result } from '../calls/result.ts'
import type { Matters } from '../index/matters.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isShadow } from '../ledger/run/run-state.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { memoryKey, type Via } from '../notices/line.ts'
import { replyType } from '../notices/notices.ts'

/** Runs that begin with what people say: it becomes steps here, and what became of them is told where it was said. */

export interface Talk {
  line(via: Via, now: number): Line
  /** What a button asks of a run. */
  act(action: Action, run: string): StoredRun | Problem
}

export interface TalkDeps {
  readonly ledger: Ledger
  readonly firm: string
  readonly talk: Talk
  readonly matters: Matters
  clio(run: StoredRun, step: string, configuration: Configuration): Clio
}

const conversationOf = (event: InboundEvent | null): Conversation | undefined =>
  event === null ? undefined : sources.get(event.source)?.conversation

/** Whether people said it and nobody has read it yet. */
export const isSpoken = (event: InboundEvent): boolean => conversationOf(event)?.types.includes(event.type) ?? false

/** The firm's rules, and behind them those that carry out what was said. */
export function withSpokenRules(configuration: Configuration, event: InboundEvent | null): Configuration {
  const conversation = conversationOf(event)
  return conversation ? { ...configuration, rules: [...configuration.rules, ...conversation.rules] } : configuration
}

export async function planSpoken(run: StoredRun, configuration: Configuration, deps: TalkDeps): Promise<Result> {
  try {
    return written(await heard(run, configuration, deps), run, configuration, deps)
  } catch (error) {
    if (!(error instanceof Later)) throw error
    return { input: { kind: 'unread', outcome: { kind: 'unknown', status: null, message: error.message } } }
  }
}

function heard(run: StoredRun, configuration: Configuration, deps: TalkDeps): Promise<Heard> {
  const { ledger, talk } = deps
  const event = run.event!
  const { source } = event
  const clio = deps.clio(run, source, configuration)
  return conversationOf(event)!.hear(event, {
    ...talk.line({ source, endpoint: run.endpoint, configuration }, run.acceptedAt),
    run: run.id,
    clio,
    search: text => searchMatters(text, clio, deps.matters),
    earlier: id => {
      const found = ledger.runs.get(id)
      return found && { event: found.event, finishedAt: found.finishedAt, outputs: outputsOf(id, ledger) }
    },
    act: (action, id) => {
      const done = talk.act(action, id)
      return 'code' in done ? done : null
    },
  })
}

/** The event as it was heard is what the rules see, from now on. */
function written(heard: Heard, run: StoredRun, configuration: Configuration, { ledger, firm }: TalkDeps): Result {
  const { source } = run.event!
  const remember = () => {
    for (const [name, value] of Object.entries(heard.memory ?? {})) ledger.meta.set(memoryKey(source, name), value)
  }
  if (heard.kind === 'plan') {
    const { event } = heard
    const made = plan(withSpokenRules(configuration, event), event, run.endpoint, { firm, now: run.acceptedAt })
    if (made.kind === 'park') return { input: made }
    const write = () => {
      ledger.runs.setEvent(run.id, event)
      ledger.steps.add(run.id, made.steps)
      remember()
    }
    return { input: { kind: 'planned', steps: made.steps.length }, write }
  }
  const asked = heard.kind === 'asked'
  const write = () => {
    say(heard.reply, run, asked ? 'ignored' : 'done', ledger, run.acceptedAt)
    remember()
  }
  return {
    input: asked ? { kind: 'ignored', code: 'asked-back', reason: heard.reason } : { kind: 'step-done', last: true },
    write,
  }
}

/** What became of a run that began with what somebody said, told when it changes; in the transaction in which it does. */
export function tellOutcome(
  before: StoredRun,
  after: Pick<StoredRun, 'state' | 'reason' | 'reasonCode'>,
  ledger: Ledger,
  now: number,
): void {
  const { event, id } = before
  const conversation = conversationOf(event)
  if (!conversation || !event || before.state === after.state) return
  const { state, reason } = after
  const undo = before.undoOf !== null
  const shadow = isShadow(after)
  const reply = conversation.outcome({ run: id, state, reason, shadow, event, undo, outputs: outputsOf(id, ledger) })
  say(reply, before, state === 'parked' ? `parked_${now}` : state, ledger, now)
}

function say(reply: Json, run: StoredRun, state: string, ledger: Ledger, at: number): void {
  if (reply === null) return
  const type = replyType(run.event!.source)
  ledger.notices.add({ id: `reply_${run.id}_${state}`, type, channel: run.endpoint, data: reply, at })
}

const outputsOf = (run: string, ledger: Ledger): Json[] => ledger.steps.of(run).map(step => step.output)

/** What is known here; where that is nothing (or nothing open), Clio, which looks at numbers, descriptions and clients' names. */
async function searchMatters(text: string, clio: Clio, known: Matters): Promise<readonly Matter[]> {
  const { matters } = await known.find(text)
  if (matters.some(one => one.status !== 'Closed')) return matters
  const query = { query: text, limit: '200', fields: matterFields }
  const answer = await clio.read({ method: 'GET', path: 'matters', query })
  if (!isObject(answer) || !Array.isArray(answer.data)) throw new Refused(200, 'its list of matters cannot be read.')
  return answer.data.flatMap(one => (isObject(one) ? (matterIn(one) ?? []) : []))
}
