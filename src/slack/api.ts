import { isObject, type JsonObject } from '../lib/json.ts'

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
