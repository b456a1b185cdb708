import { type JsonObject, sha256 } from '../lib/json.ts'
import type { Action, Hearing, Line, Told } from '../model/conversation.ts'
import { refusalIn, slackOf } from './api.ts'
import { type Alarm, alarmAge, alarmMessage } from './show/alarm.ts'
import { bodyOf, type Message, say } from './show/message.ts'

/** Alarms in a Slack channel: a cause is one message, which is changed when the cause comes again, is mended or is dealt with. */

export const isAlarm = ({ type }: Told): boolean => type === 'run.parked' || type.startsWith('connection.')

/** Posts or changes the message; null: Slack took it, else its code. */
export async function tellAlarm({ type, data: told }: Told, channel: string, line: Line): Promise<string | null> {
  const { now } = line
  const data = told as { run?: string; endpoint?: string; reason?: string }
  const lost = type.startsWith('connection.')
  const key = (await sha256(lost ? `connection ${channel}` : `${channel} ${data.endpoint} ${data.reason}`)).slice(0, 24)
  const known = line.alarms.get(key) as Alarm | null
  const alive = known && known.since > now - alarmAge && known.mendedAt === null ? known : null
  if (type === 'connection.mended' && !alive) return null
  const before: Alarm = alive ?? {
    channel: null,
    ts: null,
    type,
    reason: data.reason ?? '',
    runs: [],
    since: now,
    mendedAt: null,
  }
  const alarm: Alarm = {
    ...before,
    runs: data.run === undefined ? before.runs : [...new Set([...before.runs, data.run])],
    mendedAt: type === 'connection.mended' ? now : null,
  }
  return put(key, alarm, channel, alarmMessage(key, alarm, pageOf(line)), line)
}

async function put(key: string, alarm: Alarm, channel: string, message: Message, line: Line): Promise<string | null> {
  const call = slackOf(line)
  const body = bodyOf(message)
  if (alarm.ts !== null && alarm.channel !== null) {
    const changed = await call('chat.update', { channel: alarm.channel, ts: alarm.ts, ...body })
    if (changed === null) return 'unanswered'
    if (changed.ok === true) {
      line.alarms.put(key, alarm as unknown as JsonObject)
      return null
    }
    // Somebody has deleted it, or it is too old to be changed: it is told anew.
  }
  const posted = await call('chat.postMessage', { channel, ...body, unfurl_links: false })
  if (posted?.ok !== true || typeof posted.ts !== 'string') return refusalIn(posted) ?? 'failed'
  // `chat.update` wants the channel's id, which only the answer tells.
  const standing = { ...alarm, channel: String(posted.channel ?? channel), ts: posted.ts }
  line.alarms.put(key, standing as unknown as JsonObject)
  return null
}

/** A button of an alarm: what it asks is done to all runs that wait for that cause, and the message says by whom. */
export async function actOnAlarm(
  action: Exclude<Action, 'undo'>,
  key: string,
  by: string,
  line: Line & Pick<Hearing, 'act'>,
): Promise<Message> {
  const alarm = line.alarms.get(key) as Alarm | null
  if (!alarm || alarm.runs.length === 0) return say('That was dealt with already.')
  const done = alarm.runs.filter(run => line.act(action, run) === null)
  const what = `${action === 'resume' ? 'Resumed' : 'Discarded'}${done.length === 1 ? '' : `: ${done.length} runs`}`
  const text =
    done.length === 0 ? 'None of these runs waits for a person any more.' : `${what}. By ${by}. It was: ${alarm.reason}`
  const over: Alarm = { ...alarm, runs: [], mendedAt: line.now }
  await put(key, over, alarm.channel ?? '', say(text), line)
  return say(done.length === 0 ? text : `${what}.`)
}

/** Where a run is shown, or all that wait for a person: in the console at the address at which Slack reaches us. */
function pageOf({ recall, firm }: Line): (run?: string) => string | null {
  const origin = recall('origin')
  return run => (origin === null ? null : `${origin}/console/${firm}${run === undefined ? '' : `/runs/${run}`}`)
}
