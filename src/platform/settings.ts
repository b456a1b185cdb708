import * as z from 'zod/mini'
import { numeral } from '../lib/numeral.ts'
import { trimEdges } from '../lib/trim.ts'
import type { Settings } from '../model/settings.ts'
import { jurisdiction } from './jurisdiction.ts'

/** Bindings and variables of the Worker: `Env` is generated from wrangler.toml (`npm run types`). */

const trimmedUrl = z.pipe(
  z.url(),
  z.transform(url => trimEdges(url, /\//, 'end')),
)

const settings = z.object({
  CLIO_GATEWAY_URL: z._default(trimmedUrl, 'https://gateway.maton.ai/clio'),
  MATON_CONTROL_URL: z._default(trimmedUrl, 'https://ctrl.maton.ai'),
  SETTLE_SECONDS: z._default(numeral.check(z.gte(0), z.lte(3600)), 90),
  SLACK_API_URL: z._default(trimmedUrl, 'https://slack.com/api'),
  SLACK_HOOKS_ORIGIN: z._default(trimmedUrl, 'https://hooks.slack.com'),
  ACCESS_TEAM_DOMAIN: z.optional(trimmedUrl),
  ACCESS_AUDIENCE: z.optional(z.string().check(z.minLength(1))),
  ACCESS_KEYS_URL: z.optional(trimmedUrl),
  DAILY_MEGABYTES: z._default(numeral.check(z.gte(1), z.lte(100_000)), 512),
  JURISDICTION: jurisdiction,
  CALL_TIMEOUT_SECONDS: z._default(numeral.check(z.gte(0.05), z.lte(60)), 30),
})

/** They are nobody's secret: what a firm signs with is not to be read in a public file. */
export const settingNames: ReadonlySet<string> = new Set([...Object.keys(settings.shape), 'SANDBOX_URL'])

/** Read once: the variables of an isolate stay as they are. @throws ZodError with the name of a variable that is malformed */
export function settingsOf(env: object): Settings {
  const known = read.get(env) ?? settingsIn(env)
  read.set(env, known)
  return known
}

const read = new WeakMap<object, Settings>()

function settingsIn(env: object): Settings {
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

/** The page of the Clio that stands in for the real one, in a demonstration; null: there is none. */
export function sandboxOf(env: object): string | null {
  const { SANDBOX_URL: address } = env as { readonly SANDBOX_URL?: string }
  const url = address ? URL.parse(address) : null
  return url && /^https?:$/.test(url.protocol) ? url.href : null
}
