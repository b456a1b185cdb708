import { escaped } from '../../slack/show/message.ts'
import { type Channel, type Notice, textOf } from './notices.ts'

export interface Telling {
  readonly fetch: typeof fetch
  /** `SLACK_API_URL`. */
  readonly slackUrl: string
  readonly timeout: number
  readonly now: number
  /** The value behind the first of the `$NAME`s that has one. */
  secret(names: string | readonly string[]): Promise<string | null>
}

/** Delivers one notice. True when it was taken; false, when it has to be tried again. Never throws. */
export async function tell(notice: Notice, channel: Channel, deps: Telling): Promise<boolean> {
  try {
    const secret = await deps.secret(channel.kind === 'webhook' ? channel.secret : channel.token)
    if (secret === null) return false
    return channel.kind === 'webhook'
      ? await post(notice, channel.url, secret, deps)
      : await say(notice, channel.channel, secret, deps)
  } catch {
    return false
  }
}

/** @source https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
async function post(notice: Notice, url: string, secret: string, deps: Telling): Promise<boolean> {
  const seconds = Math.floor(deps.now / 1000)
  const body = JSON.stringify({ type: notice.type, timestamp: new Date(notice.at).toISOString(), data: notice.data })
  const response = await deps.fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': notice.id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${await signature(`${notice.id}.${seconds}.${body}`, secret)}`,
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(deps.timeout),
  })
  await response.body?.cancel()
  return response.ok
}

/** The key is what stands behind `whsec_`, base64 decoded; a secret of another form is its own bytes. */
async function signature(signed: string, secret: string): Promise<string> {
  const text = new TextEncoder()
  const bytes = secret.startsWith('whsec_')
    ? Uint8Array.from(atob(secret.slice(6)), char => char.charCodeAt(0))
    : text.encode(secret)
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(signed)))
  return btoa(String.fromCharCode(...mac))
}

/** @source https://docs.slack.dev/reference/methods/chat.postMessage */
async function say(notice: Notice, channel: string, token: string, deps: Telling): Promise<boolean> {
  const response = await deps.fetch(`${deps.slackUrl}/chat.postMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` },
    body: JSON.stringify({ channel, text: escaped(textOf(notice)), unfurl_links: false }),
    redirect: 'manual',
    signal: AbortSignal.timeout(deps.timeout),
  })
  const answer = (await response.json()) as { ok?: boolean }
  return response.ok && answer.ok === true
}
