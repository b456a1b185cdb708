import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { bodyOf, type Message } from './show/message.ts'

/**
 * Answers through a `response_url`: a bearer secret, good for five posts in half an hour. It stays with the event and the notice,
 * which forget it when they are told, and goes to no other host than Slack's.
 * @source https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
export interface Reply {
  /** Null: the person opened a form where there is no answering; they are told in a direct message. */
  readonly url: string | null
  readonly user: string
  /** True when the answer takes the place of a message of ours (`Working on it…`, a receipt). */
  readonly replace: boolean
  readonly message: Message
}

export const replyPatience = { ms: 30 * 60_000, tries: 5 }

/** True when the address is one of Slack's: anything else would make us call whom a sender likes. */
export function isResponseUrl(url: unknown, hooksOrigin: string): url is string {
  return typeof url === 'string' && URL.parse(url)?.origin === new URL(hooksOrigin).origin
}

/** A `Reply` to what stands in the event's data, as the source wrote it; null: there is nobody to answer. */
export function replyTo(data: Json, { text, blocks }: Message): JsonObject | null {
  if (!isObject(data) || typeof data.user !== 'string') return null
  const { response_url: url, user, replace } = data
  const message = { text, ...(blocks && { blocks: [...blocks] }) }
  return { url: typeof url === 'string' ? url : null, user, replace: replace === true, message }
}

/** Posts one reply. True when Slack took it, or never will. */
export async function postReply(
  reply: Reply,
  deps: {
    readonly fetch: typeof fetch
    readonly hooksOrigin: string
    readonly timeout: number
    /** `chat.postMessage`. */
    write(body: JsonObject): Promise<JsonObject | null>
  },
): Promise<boolean> {
  if (reply.url === null) {
    const written = await deps.write({ channel: reply.user, ...bodyOf(reply.message) })
    return written !== null
  }
  if (!isResponseUrl(reply.url, deps.hooksOrigin)) return true
  try {
    const response = await deps.fetch(reply.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        response_type: 'ephemeral',
        replace_original: reply.replace,
        ...bodyOf(reply.message),
      }),
      redirect: 'manual',
      signal: AbortSignal.timeout(deps.timeout),
    })
    await response.body?.cancel()
    // A used-up or expired address answers 404 or 410; it will not get better.
    return response.ok || (response.status >= 400 && response.status < 500 && response.status !== 429)
  } catch {
    return false
  }
}
