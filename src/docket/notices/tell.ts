import type { Configuration } from '../../configuration/configuration.ts'
import { fromBinary, toBase64, utf8 } from '../../lib/encoding.ts'
import type { JsonObject } from '../../lib/json.ts'
import { hmac } from '../../lib/mac.ts'
import { settingsOf } from '../../platform/settings.ts'
import { sources } from '../../sources/index.ts'
import type { Untold } from './health.ts'
import { type LineDeps, lineOf, secretBehind } from './line.ts'
import { channelNamed, factOf, type Notice, replying, textOf } from './notices.ts'

export interface Telling extends LineDeps {
  readonly now: number
}

/** Delivers one notice. What nobody took has to be tried again. Never throws. */
export async function tell(notice: Notice, configuration: Configuration, deps: Telling): Promise<Untold> {
  try {
    const { channel: name, type, data } = notice
    const line = (source: string, endpoint: string) => lineOf({ source, endpoint, configuration }, deps.now, deps)
    const reply = replying(type)
    if (reply) return (await reply.conversation.reply(data, line(reply.source, name))) ? null : 'failed'
    const channel = channelNamed(configuration, name)
    if (!channel) return 'unknown-channel'
    if (channel.kind === 'people') {
      const told = { type, text: textOf(notice), data }
      const { conversation } = sources.get(channel.source)!
      return await conversation!.tell(channel.channel, told, line(channel.source, channel.endpoint))
    }
    const secret = await secretBehind(channel.secret, deps)
    return secret === null ? 'secret-missing' : await post(notice, channel.url, secret, deps)
  } catch {
    return 'failed'
  }
}

/** @source https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
async function post(notice: Notice, url: string, secret: string, deps: Telling): Promise<Untold> {
  const seconds = Math.floor(deps.now / 1000)
  const id = factOf(notice.id)
  const body = JSON.stringify(eventOf(id, notice, deps.firm))
  const request = {
    method: 'POST',
    headers: {
      // What receivers of before read; a CloudEvent by its attributes all the same.
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${await signature(`${id}.${seconds}.${body}`, secret)}`,
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(settingsOf(deps.env).timeout),
  } as const
  const response = await deps.fetch(url, request).catch(() => null)
  await response?.body?.cancel()
  return response === null ? 'unanswered' : response.ok ? null : `http-${response.status}`
}

/** CloudEvents 1.0 in JSON, with what Standard Webhooks wants in a body besides: `type`, `timestamp`, `data`. */
function eventOf(id: string, { type, at, data }: Notice, firm: string): JsonObject {
  const time = new Date(at).toISOString()
  const { run } = data as { run?: string }
  const subject = run === undefined ? {} : { subject: run }
  return { specversion: '1.0', id, source: `/firms/${firm}`, type, ...subject, time, timestamp: time, data }
}

/** The key is what stands behind `whsec_`, base64 decoded; a secret of another form is its own bytes. */
async function signature(signed: string, secret: string): Promise<string> {
  const key = secret.startsWith('whsec_') ? fromBinary(atob(secret.slice(6))) : utf8(secret)
  return toBase64(await hmac(key, signed))
}
