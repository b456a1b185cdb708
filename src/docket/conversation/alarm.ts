import { isObject, type JsonObject, sha256 } from '../../lib/json.ts'
import type { Problem } from '../../lib/problem.ts'
import type { Method } from '../../slack/api.ts'
import { type Alarm, alarmAge, alarmMessage } from '../../slack/show/alarm.ts'
import { bodyOf, type Message, say } from '../../slack/show/message.ts'
import type { Ledger, StoredRun } from '../ledger/ledger.ts'
import type { Notice } from '../notices/notices.ts'
import type { Action } from './action.ts'

/** Alarms in a Slack channel: a cause is one message, which is changed when the cause comes again, is mended or is dealt with. */

export interface AlarmDeps {
  readonly ledger: Pick<Ledger, 'cached' | 'setCached' | 'meta'>
  readonly firm: string
  now(): number
  /** One call on Slack's Web API; null: no answer. */
  call(method: Method, body: JsonObject): Promise<JsonObject | null>
}

const place = (key: string) => `slack:alarm:${key}`

export const isAlarm = ({ type }: Notice): boolean => type === 'run.parked' || type.startsWith('connection.')

/** Posts or changes the message. True when Slack took it. */
export async function tellAlarm(notice: Notice, channel: string, deps: AlarmDeps): Promise<boolean> {
  const { ledger, now } = deps
  const data = notice.data as { run?: string; endpoint?: string; reason?: string }
  const lost = notice.type.startsWith('connection.')
  const key = (await sha256(lost ? `connection ${channel}` : `${channel} ${data.endpoint} ${data.reason}`)).slice(0, 24)
  const known = ledger.cached(place(key))?.value as unknown as Alarm | undefined
  const alive = known && known.since > now() - alarmAge && known.mendedAt === null ? known : null
  if (notice.type === 'connection.mended' && !alive) return true
  const before: Alarm = alive ?? {
    channel: null,
    ts: null,
    type: notice.type,
    reason: data.reason ?? '',
    runs: [],
    since: now(),
    mendedAt: null,
  }
  const alarm: Alarm = {
    ...before,
    runs: data.run === undefined ? before.runs : [...new Set([...before.runs, data.run])],
    mendedAt: notice.type === 'connection.mended' ? now() : null,
  }
  return put(key, alarm, channel, alarmMessage(key, alarm, pageOf(deps)), deps)
}

async function put(key: string, alarm: Alarm, channel: string, message: Message, deps: AlarmDeps): Promise<boolean> {
  const { ledger, call, now } = deps
  const body = bodyOf(message)
  if (alarm.ts !== null && alarm.channel !== null) {
    const changed = await call('chat.update', { channel: alarm.channel, ts: alarm.ts, ...body })
    if (changed === null) return false
    if (changed.ok === true) {
      ledger.setCached(place(key), alarm as unknown as JsonObject, now())
      return true
    }
    // Somebody has deleted it, or it is too old to be changed: it is told anew.
  }
  const posted = await call('chat.postMessage', { channel, ...body, unfurl_links: false })
  if (posted?.ok !== true || typeof posted.ts !== 'string') return false
  // `chat.update` wants the channel's id, which only the answer tells.
  const standing = { ...alarm, channel: String(posted.channel ?? channel), ts: posted.ts }
  ledger.setCached(place(key), standing as unknown as JsonObject, now())
  return true
}

/** A button of an alarm: what it asks is done to all runs that wait for that cause, and the message says by whom. */
export async function actOnAlarm(
  action: Exclude<Action, 'undo'>,
  key: string,
  by: string,
  deps: AlarmDeps & { act(action: Action, run: string): StoredRun | Problem },
): Promise<Message> {
  const { ledger, now } = deps
  const alarm = ledger.cached(place(key))?.value as unknown as Alarm | undefined
  if (!alarm || alarm.runs.length === 0) return say('That was dealt with already.')
  const done = alarm.runs.filter(run => !('code' in deps.act(action, run)))
  const what = `${action === 'resume' ? 'Resumed' : 'Discarded'}${done.length === 1 ? '' : `: ${done.length} runs`}`
  const text =
    done.length === 0 ? 'None of these runs waits for a person any more.' : `${what}. By ${by}. It was: ${alarm.reason}`
  const over: Alarm = { ...alarm, runs: [], mendedAt: now() }
  await put(key, over, alarm.channel ?? '', say(text), deps)
  return say(done.length === 0 ? text : `${what}.`)
}

/** Where a run is shown: on the console of the address at which Slack reaches us. */
function pageOf({ ledger, firm }: AlarmDeps): (run?: string) => string | null {
  const origin = ledger.meta<string>(originKey)
  return run => (origin === null ? null : `${origin}/#/firms/${firm}/runs${run === undefined ? '' : `/${run}`}`)
}

export const originKey = 'slack:origin'

/** Remembers where Slack reaches us. */
export function keepOrigin(run: StoredRun, ledger: Ledger): void {
  const data = run.event?.data
  const origin = isObject(data ?? null) ? (data as JsonObject).origin : null
  if (typeof origin === 'string' && ledger.meta<string>(originKey) !== origin) ledger.setMeta(originKey, origin)
}
