import type { Configuration } from '../../../configuration/configuration.ts'
import { type Problem, problem } from '../../../lib/problem.ts'
import { meantPerhaps } from '../../../lib/text/nearest.ts'
import type { Caller } from '../../../model/access.ts'
import type { ChannelTest, ChannelView } from '../../../model/view/channel.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { healthOf, noteHealth, type Untold, whyUntold } from '../../notices/health.ts'
import { alertsChannel, channelNamed, type Notice } from '../../notices/notices.ts'
import type { Access } from '../access.ts'

export interface ChannelsDeps {
  readonly ledger: Ledger
  readonly firm: string
  readonly newest: Configuration
  readonly access: Access
  now(): number
  tell(notice: Notice, configuration: Configuration): Promise<Untold>
}

const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())

/** How it stands with telling each channel that the configuration names. */
export function channelsOf({ ledger, newest }: ChannelsDeps): { channels: ChannelView[] } {
  const waiting = ledger.notices.waiting()
  const alerts = alertsChannel(newest)
  const channels = namesIn(newest).map((name): ChannelView => {
    const { okAt, failedAt, code, failures = 0 } = healthOf(ledger, name)
    const at = iso(failedAt)
    return {
      name,
      ...placeOf(newest, name),
      alerts: name === alerts,
      lastSuccessAt: iso(okAt),
      lastError: at === null || code === undefined ? null : { at, code, why: whyUntold(code) },
      failures,
      waiting: waiting.get(name) ?? 0,
    }
  })
  return { channels }
}

function placeOf(configuration: Configuration, name: string): Pick<ChannelView, 'kind' | 'to'> {
  const channel = channelNamed(configuration, name)
  if (channel === null) return { kind: null, to: null }
  // The whole address may be a secret: whoever has it can write there.
  if (channel.kind === 'webhook') return { kind: 'webhook', to: new URL(channel.url).host }
  return { kind: channel.source, to: channel.channel }
}

/** Channels by their names: those that are defined, the one for alarms, and those that a step tells. */
function namesIn(configuration: Configuration): string[] {
  const told = configuration.rules.flatMap(({ steps }) => Object.values(steps).flatMap(({ notify }) => notify ?? []))
  const alerts = alertsChannel(configuration)
  const all = [...Object.keys(configuration.channels ?? {}), ...(alerts === null ? [] : [alerts]), ...told]
  return [...new Set(all)].filter(name => !name.includes('{{'))
}

/** Tells a channel that this is a test, now; what it answered is its health from now on. */
export async function testChannel(name: string, by: Caller, deps: ChannelsDeps): Promise<ChannelTest | Problem> {
  const { ledger, firm, newest, access, now, tell } = deps
  if (!namesIn(newest).includes(name)) return unknownChannel(name, newest)
  const at = now()
  const text = `This is a test from Docketed for ${firm}. Whoever reads it need do nothing.`
  const notice = { id: `test_${crypto.randomUUID()}`, type: 'test', channel: name, data: { firm, text }, at, tries: 0 }
  access.note(by, { action: 'channel.tested', detail: name })
  const code = await tell(notice, newest)
  noteHealth(ledger, name, code, now())
  return { taken: code === null, code, said: code === null ? 'It was taken.' : whyUntold(code) }
}

function unknownChannel(name: string, configuration: Configuration): Problem {
  const detail = `The configuration names no channel “${name}”.${meantPerhaps(name, namesIn(configuration))}`
  return problem(404, 'unknown-channel', 'No such channel', detail)
}
