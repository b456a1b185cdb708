import * as z from 'zod'
import { trimEdges } from '../lib/trim.ts'
import type { Settings } from '../model/settings.ts'

/** Bindings and variables of the Worker: `Env` is generated from wrangler.toml (`npm run types`). */

const trimmedUrl = z.url().transform(url => trimEdges(url, /\//, 'end'))

const settings = z.object({
  CLIO_GATEWAY_URL: trimmedUrl.default('https://gateway.maton.ai/clio'),
  MATON_CONTROL_URL: trimmedUrl.default('https://ctrl.maton.ai'),
  SETTLE_SECONDS: z.coerce.number().min(0).max(3600).default(90),
  SLACK_API_URL: trimmedUrl.default('https://slack.com/api'),
  SLACK_HOOKS_ORIGIN: trimmedUrl.default('https://hooks.slack.com'),
  ACCESS_TEAM_DOMAIN: trimmedUrl.optional(),
  ACCESS_AUDIENCE: z.string().min(1).optional(),
  ACCESS_KEYS_URL: trimmedUrl.optional(),
  DAILY_MEGABYTES: z.coerce.number().min(1).max(100_000).default(512),
  CALL_TIMEOUT_SECONDS: z.coerce.number().min(0.05).max(60).default(30),
})

/** @throws ZodError with the name of a variable that is malformed */
export function settingsOf(env: object): Settings {
  const parsed = settings.parse(env)
  return {
    gatewayUrl: parsed.CLIO_GATEWAY_URL,
    controlUrl: parsed.MATON_CONTROL_URL,
    slackUrl: parsed.SLACK_API_URL,
    hooksOrigin: parsed.SLACK_HOOKS_ORIGIN,
    settle: parsed.SETTLE_SECONDS * 1000,
    access: accessIn(parsed),
    dailyBytes: parsed.DAILY_MEGABYTES * 1_000_000,
    timeout: parsed.CALL_TIMEOUT_SECONDS * 1000,
  }
}

function accessIn({ ACCESS_TEAM_DOMAIN: team, ACCESS_AUDIENCE: audience, ACCESS_KEYS_URL }: z.infer<typeof settings>) {
  if (team === undefined || audience === undefined) return null
  return { team, audience, keysUrl: ACCESS_KEYS_URL ?? `${team}/cdn-cgi/access/certs` }
}
