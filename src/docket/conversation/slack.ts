import type { Configuration } from '../../configuration/configuration.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import type { Problem } from '../../lib/problem.ts'
import type { InboundEvent } from '../../model/event.ts'
import type { Clio } from '../../model/intent.ts'
import { Refused } from '../../model/intent.ts'
import { type Matter, matterFields, matterIn } from '../../model/matter.ts'
import { plan } from '../../rules/plan.ts'
import type { Method } from '../../slack/api.ts'
import { clioUser, type Directory, slackUser } from '../../slack/prepare/people.ts'
import { prepare } from '../../slack/prepare/prepare.ts'
import { replyTo } from '../../slack/reply.ts'
import { slackRules } from '../../slack/rules.ts'
import { type Message, say } from '../../slack/show/message.ts'
import { receiptOf, undoMinutes } from '../../slack/show/receipt.ts'
import type { Result } from '../calls/result.ts'
import { Unread } from '../calls/trouble.ts'
import type { MatterBook } from '../index/matter-book.ts'
import type { Ledger, StoredRun } from '../ledger/ledger.ts'
import type { Action } from './action.ts'
import { actOnAlarm, keepOrigin } from './alarm.ts'
import { askForCode, linkKey, takeCode } from './link.ts'

/** Runs that begin in Slack: what was typed becomes steps here, and what became of them is told there. */

export interface SlackDesk {
  /** One call on Slack's Web API with the bot of the run's endpoint; null: no answer. */
  call(run: StoredRun, configuration: Configuration, method: Method, body: JsonObject): Promise<JsonObject | null>
  /** What a button asks of a run. */
  act(action: Action, run: string): StoredRun | Problem
}

export interface SlackDeps {
  readonly ledger: Ledger
  readonly firm: string
  readonly slack: SlackDesk
  readonly matters: Pick<MatterBook, 'find'>
  clio(run: StoredRun, step: string, configuration: Configuration): Clio
}

/** Types of events that are typed or pressed by people, before they are read. */
export const isSpoken = (event: InboundEvent) =>
  event.source === 'slack' && (event.type === 'slack.command' || event.type === 'slack.action')

/** The firm's rules, and behind them those that carry out commands. */
export function withSlackRules(configuration: Configuration, event: InboundEvent | null): Configuration {
  return event?.source === 'slack'
    ? { ...configuration, rules: [...configuration.rules, ...slackRules] }
    : configuration
}

export async function planSpoken(run: StoredRun, configuration: Configuration, deps: SlackDeps): Promise<Result> {
  const directory = directoryOf(run, configuration, deps)
  keepOrigin(run, deps.ledger)
  return run.event!.type === 'slack.action'
    ? act(run, directory, configuration, deps)
    : planCommand(run, directory, configuration, deps)
}

async function planCommand(
  run: StoredRun,
  directory: Directory,
  configuration: Configuration,
  deps: SlackDeps,
): Promise<Result> {
  const { ledger } = deps
  const event = withOwnText(run, ledger)
  if (event === null) return answered(run, say('That question is no longer open. Write the command once more.'), ledger)
  const { clio } = directory
  const { timezone, country } = configuration
  const made = await prepare(event, {
    directory,
    clio,
    search: text => searchMatters(text, clio, deps.matters),
    run: run.id,
    now: run.acceptedAt,
    timezone,
    country,
  })
  switch (made.kind) {
    case 'answer':
      return answered(run, made.message, ledger)
    case 'question': {
      const input = { kind: 'ignored', reason: made.reason } as const
      return { input, write: () => tell(run, 'ignored', made.message, ledger) }
    }
    case 'link': {
      const { user, command } = made
      const linking =
        command.kind === 'code'
          ? takeCode(user, command.code, run, ledger)
          : await askForCode(user, command.email, run, clio, ledger)
      if ('say' in linking) return answered(run, say(linking.say), ledger)
      return planned(run, { ...event, type: linking.type, fields: linking.fields }, configuration, deps, linking.keep)
    }
    case 'steps':
      return planned(run, { ...event, type: made.type, fields: made.fields }, configuration, deps)
  }
}

/** The event as it was read is what the rules see, from now on. */
function planned(
  run: StoredRun,
  ready: InboundEvent,
  configuration: Configuration,
  deps: SlackDeps,
  keep?: () => void,
): Result {
  const { ledger, firm } = deps
  const made = plan(withSlackRules(configuration, ready), ready, run.endpoint, { firm, now: run.acceptedAt })
  if (made.kind === 'park') return { input: { kind: 'park', reason: made.reason } }
  const steps = made.steps.map(({ rule, name, path }, position) => ({ position, rule, name, path }))
  const write = () => {
    ledger.setEvent(run.id, ready)
    ledger.addSteps(run.id, steps)
    keep?.()
  }
  return { input: { kind: 'planned', steps: steps.length }, write }
}

/** A chosen matter answers a question of an earlier run of the same person: the words are that run's. */
function withOwnText(run: StoredRun, ledger: Ledger): InboundEvent | null {
  const event = run.event!
  const { from, chosen } = event.fields
  if (from === undefined) return event
  const before = ledger.run(String(from))?.event
  if (!before || userIn(before) !== userIn(event)) return null
  const { text } = before.fields
  if (typeof text !== 'string' || !isObject(event.data)) return null
  return { ...event, fields: { text, chosen: chosen ?? null }, data: { ...event.data, text } }
}

function answered(run: StoredRun, message: Message, ledger: Ledger): Result {
  return { input: { kind: 'step-done', last: true }, write: () => tell(run, 'done', message, ledger) }
}

/** A button. Only who is somebody in the firm's Clio may press it; an undo is its owner's. */
async function act(
  run: StoredRun,
  directory: Directory,
  configuration: Configuration,
  { ledger, slack, firm }: SlackDeps,
): Promise<Result> {
  const { action, run: target } = run.event!.fields
  const user = await slackUser(userIn(run.event!) ?? '', directory)
  if ((await clioUser(user, directory)) === null)
    return answered(
      run,
      say('I do not know who you are in Clio, so nothing was done. Say so once: `link` and your Clio e-mail address.'),
      ledger,
    )
  if (action === 'undo') {
    const made = ledger.run(String(target))
    if (made?.event && userIn(made.event) !== user.id)
      return answered(run, say('Only who filed it can take it back here.'), ledger)
    if (made?.finishedAt && run.acceptedAt - made.finishedAt > undoMinutes * 60_000)
      return answered(
        run,
        say(`The ${undoMinutes} minutes are over. It can still be taken back by the operator, or by hand in Clio.`),
        ledger,
      )
    const undone = slack.act('undo', String(target))
    if ('code' in undone) return answered(run, say(`Not taken back: ${undone.detail}`), ledger)
    return { input: { kind: 'step-done', last: true } }
  }
  if (action !== 'resume' && action !== 'discard')
    return answered(run, say('Nobody knows this button any more.'), ledger)
  const message = await actOnAlarm(action, String(run.event!.fields.value), user.name, {
    ledger,
    firm,
    now: () => run.acceptedAt,
    call: (method, body) => slack.call(run, configuration, method, body),
    act: (wanted, id) => slack.act(wanted, id),
  })
  return answered(run, message, ledger)
}

/** What became of a run that began in Slack, told when it changes; in the transaction in which it does. */
export function tellOutcome(
  before: StoredRun,
  after: Pick<StoredRun, 'state' | 'reason'>,
  ledger: Ledger,
  now: number,
): void {
  const { event, id } = before
  if (event?.source !== 'slack' || before.state === after.state) return
  const outputs = ledger.steps(id).map(step => step.output)
  const undo = before.undoOf !== null
  const message = receiptOf({ run: id, state: after.state, reason: after.reason, event, undo, outputs })
  if (message) tell(before, after.state === 'parked' ? `parked_${now}` : after.state, message, ledger, now)
}

function tell(run: StoredRun, state: string, message: Message, ledger: Ledger, now = run.acceptedAt): void {
  const reply = replyTo(run.event?.data ?? null, message)
  if (!reply) return
  const data = reply as unknown as JsonObject
  ledger.addNotice({ id: `reply_${run.id}_${state}`, type: 'slack.reply', channel: run.endpoint, data, at: now })
}

function directoryOf(run: StoredRun, configuration: Configuration, { ledger, slack, clio }: SlackDeps): Directory {
  return {
    clio: clio(run, 'slack', configuration),
    userInfo: async id => {
      const answer = await slack.call(run, configuration, 'users.info', { user: id })
      if (answer === null) throw new Unread({ kind: 'unknown', status: null, message: 'Slack did not answer.' })
      return answer
    },
    linked: id => ledger.meta<string>(linkKey(id)),
  }
}

const userIn = ({ data }: InboundEvent): string | null =>
  isObject(data) && typeof data.user === 'string' ? data.user : null

/** What is known here; where that is nothing (or nothing open), Clio, which looks at numbers, descriptions and clients' names. */
async function searchMatters(text: string, clio: Clio, known: Pick<MatterBook, 'find'>): Promise<readonly Matter[]> {
  const { matters } = await known.find(text)
  if (matters.some(one => one.status !== 'Closed')) return matters
  const query = { query: text, limit: '200', fields: matterFields }
  const answer = await clio.read({ method: 'GET', path: 'matters', query })
  if (!isObject(answer) || !Array.isArray(answer.data)) throw new Refused(200, 'its list of matters cannot be read.')
  return answer.data.flatMap(one => (isObject(one) ? (matterIn(one) ?? []) : []))
}
