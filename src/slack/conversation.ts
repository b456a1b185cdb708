import type { Conversation } from '../model/conversation.ts'
import { isAlarm, tellAlarm } from './alarm.ts'
import { refusalIn, slackOf } from './api.ts'
import { directoryOf, hear } from './hear.ts'
import { clioUser, slackUser } from './prepare/people.ts'
import { postReply, type Reply, replyPatience, replyTo } from './reply.ts'
import { slackRules } from './rules.ts'
import { bodyOf, lines } from './show/message.ts'
import { receiptOf } from './show/receipt.ts'

/** Talking with a firm's people in Slack. */
export const conversation: Conversation<{ readonly token?: string | string[] | undefined }> = {
  types: ['slack.command', 'slack.action'],
  rules: slackRules,
  matters: true,
  patience: replyPatience,
  hear,

  outcome(ended) {
    const message = receiptOf(ended)
    return message && replyTo(ended.event.data, message)
  },

  reply(reply, line) {
    const { fetch, settings } = line
    const { hooksOrigin, timeout } = settings
    const write = (body: Parameters<ReturnType<typeof slackOf>>[1]) => slackOf(line)('chat.postMessage', body)
    return postReply(reply as unknown as Reply, { fetch, hooksOrigin, timeout, write })
  },

  async knows(user, knowing) {
    const directory = directoryOf(knowing)
    const known = slackUser(user, directory).then(one => clioUser(one, directory))
    return known.then(
      one => one !== null,
      () => false,
    )
  },

  /** Without the bot's token, Slack is answered only where it asked. */
  writes: ({ token }) => token !== undefined,

  async tell(channel, told, line) {
    if (isAlarm(told)) return tellAlarm(told, channel, line)
    const body = bodyOf({ text: told.text, blocks: [lines(told.text)] })
    const posted = await slackOf(line)('chat.postMessage', { channel, ...body, unfurl_links: false })
    return refusalIn(posted)
  },
}
