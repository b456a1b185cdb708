import { isObject, type JsonObject } from '../lib/json.ts'
import type { Line } from '../model/conversation.ts'

/**
 * Slack's Web API. Plain `fetch`: the five methods we call are five JSON posts (docs/decisions/slack-library.md).
 * @source https://docs.slack.dev/apis/web-api
 */
export interface SlackApi {
  readonly fetch: typeof fetch
  /** `SLACK_API_URL`, without a slash at its end. */
  readonly url: string
  readonly token: string
  /** ms until a call counts as unanswered. */
  readonly timeout: number
}

/** One call; null: no answer. */
export type SlackCall = (method: Method, body: JsonObject) => Promise<JsonObject | null>

/** Slack with the bot of the line's endpoint. Without its token, everything is refused as Slack itself would. */
export function slackOf({ fetch, settings, secret }: Pick<Line, 'fetch' | 'settings' | 'secret'>): SlackCall {
  return async (method, body) => {
    const token = await secret('token')
    if (token === null) return { ok: false, error: 'not_authed' }
    return callSlack({ fetch, url: settings.slackUrl, token, timeout: settings.timeout }, method, body)
  }
}

/** Why Slack did not do what a call asked, in its own code; null: it did. */
export function refusalIn(answer: JsonObject | null): string | null {
  if (answer?.ok === true) return null
  return answer === null ? 'unanswered' : String(answer.error ?? 'failed')
}

export type Method = 'users.info' | 'views.open' | 'chat.postMessage' | 'chat.update'

/**
 * One call. Slack's refusals are `{ok: false, error}`; `null` is no answer that anybody can read. Never throws.
 */
export async function callSlack(api: SlackApi, method: Method, body: JsonObject): Promise<JsonObject | null> {
  try {
    // Methods that read take no JSON: https://docs.slack.dev/apis/web-api#methods_supporting_json
    const reads = method === 'users.info'
    const query = reads ? `?${new URLSearchParams(body as Record<string, string>)}` : ''
    const response = await api.fetch(`${api.url}/${method}${query}`, {
      method: reads ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${api.token}`,
        ...(!reads && { 'content-type': 'application/json; charset=utf-8' }),
      },
      ...(!reads && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(api.timeout),
    })
    const answer: unknown = await response.json()
    return isObject(answer as JsonObject) ? (answer as JsonObject) : null
  } catch {
    return null
  }
}
