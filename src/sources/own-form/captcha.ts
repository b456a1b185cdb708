import * as z from 'zod/mini'
import { secretOption } from '../../platform/secrets.ts'

/** Bot checks: the visitor's token is shown to the service that gave it. */

export const captchaOption = z.strictObject({
  kind: z.enum(['turnstile', 'hcaptcha', 'recaptcha']),
  /** The public key that stands in the page; only the hosted form needs it. */
  sitekey: z.optional(z.string().check(z.minLength(1))),
  secret: secretOption,
  /** The page's host must be this one. */
  hostname: z.optional(z.string().check(z.minLength(1))),
  /** reCAPTCHA v3: less is spam. @default 0.5 */
  score: z._default(z.number().check(z.gte(0), z.lte(1)), 0.5),
})

export type Captcha = z.infer<typeof captchaOption>

interface Service {
  /** The field in which the widget puts its token. */
  readonly field: string
  readonly verify: string
  /** The widget, for the hosted form. */
  readonly script: string
  readonly widget: string
  /** Where the widget loads from, for the page's policy. */
  readonly hosts: readonly string[]
}

export const captchas: Readonly<Record<Captcha['kind'], Service>> = {
  turnstile: {
    field: 'cf-turnstile-response',
    verify: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
    script: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
    widget: 'cf-turnstile',
    hosts: ['https://challenges.cloudflare.com'],
  },
  hcaptcha: {
    field: 'h-captcha-response',
    verify: 'https://api.hcaptcha.com/siteverify',
    script: 'https://js.hcaptcha.com/1/api.js',
    widget: 'h-captcha',
    hosts: ['https://hcaptcha.com', 'https://*.hcaptcha.com'],
  },
  recaptcha: {
    field: 'g-recaptcha-response',
    verify: 'https://www.google.com/recaptcha/api/siteverify',
    script: 'https://www.google.com/recaptcha/api.js',
    widget: 'g-recaptcha',
    hosts: ['https://www.google.com', 'https://www.gstatic.com'],
  },
}

/** ms that a service has; a visitor waits. */
const patience = 4000

/**
 * Why the submission looks like spam, or null. A service that does not answer is no reason: a client's message is worth more than a
 * robot's is trouble.
 */
export async function captchaSpam(
  captcha: Captcha,
  token: string,
  secret: string,
  address: string | null,
  fetcher: typeof fetch,
): Promise<string | null> {
  if (token === '') return 'the bot check was left out'
  // Turnstile's tokens are at most 2,048 characters; nobody's are much longer.
  if (token.length > 4096) return 'the bot check was not passed'
  const body = new URLSearchParams({ secret, response: token, ...(address && { remoteip: address }) })
  // The same key makes Turnstile answer a second question about one token as the first.
  if (captcha.kind === 'turnstile') body.set('idempotency_key', crypto.randomUUID())
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = await ask(captchas[captcha.kind].verify, body, fetcher)
    if (answer === null || answer['error-codes']?.includes('internal-error')) continue
    return judged(answer, captcha)
  }
  return null
}

const answered = z.object({
  success: z.boolean(),
  hostname: z.optional(z.string()),
  score: z.optional(z.number()),
  'error-codes': z.optional(z.array(z.string())),
})

async function ask(
  url: string,
  body: URLSearchParams,
  fetcher: typeof fetch,
): Promise<z.infer<typeof answered> | null> {
  try {
    const response = await fetcher(url, { method: 'POST', body, signal: AbortSignal.timeout(patience) })
    const read = answered.safeParse(await response.json())
    return read.success ? read.data : null
  } catch {
    return null
  }
}

function judged(answer: z.infer<typeof answered>, captcha: Captcha): string | null {
  const codes = answer['error-codes'] ?? []
  // Our own mistake must not cost a client: the operator sees it in the log of refused checks.
  if (codes.some(code => /secret/.test(code))) {
    console.error(`The bot check refuses our secret (${captcha.kind}): set it anew. Submissions are let through.`)
    return null
  }
  if (!answer.success) return 'the bot check was not passed'
  if (captcha.hostname !== undefined && answer.hostname !== captcha.hostname)
    return 'the bot check was passed on another site'
  if (answer.score !== undefined && answer.score < captcha.score) return 'the bot check takes it for a robot'
  return null
}
