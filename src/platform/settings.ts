import * as z from 'zod'

/** Bindings and variables of the Worker: `Env` is generated from wrangler.toml (`npm run types`). */

const trimmedUrl = z.url().transform(url => url.replace(/\/+$/, ''))

const settings = z.object({
  CLIO_GATEWAY_URL: trimmedUrl.default('https://gateway.maton.ai/clio'),
  MATON_CONTROL_URL: trimmedUrl.default('https://ctrl.maton.ai'),
  SETTLE_SECONDS: z.coerce.number().min(0).max(3600).default(90),
  SLACK_API_URL: trimmedUrl.default('https://slack.com/api'),
  SLACK_HOOKS_ORIGIN: trimmedUrl.default('https://hooks.slack.com'),
  CALL_TIMEOUT_SECONDS: z.coerce.number().min(0.05).max(60).default(30),
})

/** Variables, validated and typed. Throws with the variable's name when one is malformed. */
export interface Settings {
  readonly gatewayUrl: string
  readonly controlUrl: string
  /** ms after an unknown outcome until a late write would have landed. @default 90000 */
  readonly settle: number
  /** Slack's Web API. */
  readonly slackUrl: string
  /** Where Slack takes answers to what people did: a `response_url` of any other origin is refused. */
  readonly hooksOrigin: string
  /** ms until a call counts as unknown. @default 30000 */
  readonly timeout: number
}

export function settingsOf(env: object): Settings {
  const parsed = settings.parse(env)
  return {
    gatewayUrl: parsed.CLIO_GATEWAY_URL,
    controlUrl: parsed.MATON_CONTROL_URL,
    slackUrl: parsed.SLACK_API_URL,
    hooksOrigin: parsed.SLACK_HOOKS_ORIGIN,
    settle: parsed.SETTLE_SECONDS * 1000,
    timeout: parsed.CALL_TIMEOUT_SECONDS * 1000,
  }
}
