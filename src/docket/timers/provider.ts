import type { Outside } from '../../clio/operations/documents.ts'
import type { Json } from '../../lib/json.ts'
import { type Answered, type Asked, Later, type Provider, Stuck } from '../../model/follow.ts'
import type { Settings } from '../../model/settings.ts'
import type { Source } from '../../model/source.ts'
import { settingsOf } from '../../platform/settings.ts'
import { sources } from '../../sources/index.ts'
import { type Located, locate } from '../../sources/locate.ts'
import type { Ledger } from '../ledger/ledger.ts'

export interface ProviderDeps {
  readonly ledger: Ledger
  readonly firm: string
  /** The Worker's bindings: secrets by name, and where the gateway is. */
  readonly env: object
  readonly outside: Outside
  now(): number
}

/** An endpoint's source, and the way from it to its provider. @throws Stuck when the endpoint is none any more */
export async function providerOf(
  name: string,
  deps: ProviderDeps,
): Promise<{ source: Source<unknown>; provider: Provider }> {
  const { ledger, firm, env, now } = deps
  const mirror = ledger.configs.mirror()
  const located = mirror === null ? 'unknown' : await locate(mirror, firm, name, env, sources)
  if (typeof located === 'string') throw new Stuck(`The firm has no endpoint '${name}' any more. Discard this run.`)
  const settings = settingsOf(env)
  const key = String((env as Record<string, unknown>).MATON_API_KEY ?? '')
  const provider: Provider = {
    endpoint: located.endpoint,
    now: now(),
    secret: option => secretOf(located, name, option),
    ask: (url, asked) => ask(url, asked ?? {}, deps.outside),
    app: (app, connection, path, { headers = {}, ...asked } = {}) => {
      // What a file names may be another firm's: the vendor names it, by saving the configuration.
      if (ledger.meta.get('brought'))
        throw new Stuck(
          `Endpoint '${name}': the vendor saves the configuration of a firm that was brought here, before it may use its connection. Resume this run after that.`,
        )
      const authorized = { ...headers, authorization: `Bearer ${key}`, 'maton-connection': connection }
      return ask(`${gatewayOf(settings)}/${app}/${path}`, { ...asked, headers: authorized }, deps.outside)
    },
    recall: entry => ledger.sourceMemory.recall(name, entry),
    recallAll: prefix => ledger.sourceMemory.recallAll(name, prefix),
    subscriptions: ledger.timers.of('renewal', name).flatMap(({ data }) => (data === null ? [] : [data.id])),
  }
  return { source: located.source, provider }
}

function secretOf({ endpoint, faults }: Located, name: string, option: string | readonly string[]): string {
  const [secret] = endpoint.secrets(option)
  if (secret === undefined) {
    const own = faults.filter(fault => [option].flat().some(each => fault.includes(each.slice(1))))
    throw new Stuck(
      `Endpoint '${name}': ${own.join('; ')}. Store it; a run that waits for it goes on when it is resumed.`,
    )
  }
  return secret
}

/** Clio's address is that of one app of the gateway; others stand beside it. */
const gatewayOf = ({ gatewayUrl }: Settings): string => gatewayUrl.replace(/\/clio$/, '')

async function ask(url: string, { method = 'GET', headers, body }: Asked, outside: Outside): Promise<Answered> {
  const { host } = new URL(url)
  let response: Response
  let text: string
  try {
    response = await outside.fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(outside.timeout),
    })
    text = await response.text()
  } catch {
    throw new Later(`No answer from ${host}.`)
  }
  const { status } = response
  if (status >= 500 || status === 408 || status === 429 || status < 200) throw new Later(`${host} answered ${status}.`)
  if (status === 401 || status === 403)
    throw new Stuck(
      `${host} does not let us in (${status}): see to the endpoint's connection or key, then resume this run.`,
    )
  if (status >= 300 && status < 400)
    throw new Stuck(`${host} answered with a redirect (${status}), which is not followed.`)
  return { status, body: parsed(text) }
}

function parsed(text: string): Json {
  try {
    return text.trim() === '' ? null : (JSON.parse(text) as Json)
  } catch {
    return null
  }
}
