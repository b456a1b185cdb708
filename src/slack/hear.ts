import { isObject, type JsonObject } from '../lib/json.ts'
import type { Heard, Hearing, Knowing } from '../model/conversation.ts'
import type { InboundEvent } from '../model/event.ts'
import { Later, type Memory } from '../model/follow.ts'
import { actOnAlarm } from './alarm.ts'
import { slackOf } from './api.ts'
import { askForCode, linkName, takeCode } from './link.ts'
import { clioUser, type Directory, slackUser } from './prepare/people.ts'
import { prepare } from './prepare/prepare.ts'
import { replyTo } from './reply.ts'
import { type Message, say } from './show/message.ts'
import { undoMinutes } from './show/receipt.ts'

/** What was typed, sent with a form, or pressed. Where Slack reaches us is remembered: alarms link to that address. */
export async function hear(event: InboundEvent, hearing: Hearing): Promise<Heard> {
  const directory = directoryOf(hearing)
  const heard =
    event.type === 'slack.action' ? await pressed(event, directory, hearing) : await typed(event, directory, hearing)
  const origin = isObject(event.data) ? event.data.origin : null
  const known = typeof origin !== 'string' || origin === hearing.recall('origin')
  return known ? heard : { ...heard, memory: { ...heard.memory, origin } }
}

async function typed(event: InboundEvent, directory: Directory, hearing: Hearing): Promise<Heard> {
  const whole = withOwnText(event, hearing)
  if (whole === null) return answered(event, 'That question is no longer open. Write the command once more.')
  const { clio, search, run, now } = hearing
  const { timezone, country } = clio
  const made = await prepare(whole, { directory, clio, search, run, now, timezone, country })
  switch (made.kind) {
    case 'answer':
      return answered(event, made.message)
    case 'question':
      return { kind: 'asked', reply: replyTo(event.data, made.message), reason: made.reason }
    case 'link': {
      const { user, command } = made
      const linking =
        command.kind === 'code' ? takeCode(user, command.code, hearing) : await askForCode(user, command.email, hearing)
      const { memory } = linking
      if ('say' in linking) return answered(event, linking.say, memory)
      return {
        kind: 'plan',
        event: { ...whole, type: linking.type, fields: linking.fields },
        ...(memory && { memory }),
      }
    }
    case 'steps':
      return { kind: 'plan', event: { ...whole, type: made.type, fields: made.fields } }
  }
}

/** A chosen matter answers a question of an earlier run of the same person: the words are that run's. */
function withOwnText(event: InboundEvent, { earlier }: Hearing): InboundEvent | null {
  const { from, chosen } = event.fields
  if (from === undefined) return event
  const before = earlier(String(from))?.event
  if (!before || userIn(before) !== userIn(event)) return null
  const { text } = before.fields
  if (typeof text !== 'string' || !isObject(event.data)) return null
  return { ...event, fields: { text, chosen: chosen ?? null }, data: { ...event.data, text } }
}

function answered(event: InboundEvent, said: Message | string, memory?: Memory): Heard {
  const reply = replyTo(event.data, typeof said === 'string' ? say(said) : said)
  return { kind: 'answered', reply, ...(memory && { memory }) }
}

/** A button. Only who is somebody in the firm's Clio may press it; an undo is its owner's. */
async function pressed(event: InboundEvent, directory: Directory, hearing: Hearing): Promise<Heard> {
  const { action, run, value } = event.fields
  const user = await slackUser(userIn(event) ?? '', directory)
  if ((await clioUser(user, directory)) === null)
    return answered(
      event,
      'I do not know who you are in Clio, so nothing was done. Say so once: `link` and your Clio e-mail address.',
    )
  switch (action) {
    case 'undo':
      return undo(event, String(run), user.id, hearing)
    case 'resume':
    case 'discard':
      return answered(event, await actOnAlarm(action, String(value), user.name, hearing))
    default:
      return answered(event, 'Nobody knows this button any more.')
  }
}

function undo(event: InboundEvent, run: string, user: string, { earlier, act, now }: Hearing): Heard {
  const made = earlier(run)
  if (made?.event && userIn(made.event) !== user) return answered(event, 'Only who filed it can take it back here.')
  if (made?.finishedAt && now - made.finishedAt > undoMinutes * 60_000)
    return answered(
      event,
      `The ${undoMinutes} minutes are over. It can still be taken back by the operator, or by hand in Clio.`,
    )
  const refused = act('undo', run)
  // What becomes of the undo is told by its own run.
  return refused ? answered(event, `Not taken back: ${refused.detail}`) : { kind: 'answered', reply: null }
}

/** @throws Later from it, when Slack does not answer */
export function directoryOf(hearing: Knowing): Directory {
  const call = slackOf(hearing)
  return {
    clio: hearing.clio,
    userInfo: async (id): Promise<JsonObject> => {
      const answer = await call('users.info', { user: id })
      if (answer === null || /ratelimited|_error$|_timeout$|unavailable/.test(String(answer.error)))
        throw new Later('Slack did not answer.')
      return answer
    },
    linked: id => hearing.recall(linkName(id)) as string | null,
  }
}

const userIn = ({ data }: InboundEvent): string | null =>
  isObject(data) && typeof data.user === 'string' ? data.user : null
