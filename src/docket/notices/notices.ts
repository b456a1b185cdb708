import type { Configuration } from '../../configuration/configuration.ts'
import type { Json } from '../../lib/json.ts'
import { replyPatience } from '../../slack/reply.ts'

/**
 * What the firm is told: a `notify` step, a parked run, a lost connection. A notice is written in the same transaction as what it
 * tells of, once, and delivered until somebody takes it: the receiver knows a repetition by its id.
 */
export interface Notice {
  readonly id: string
  /** `notify`, `run.parked`, `connection.lost`, `connection.mended`, `slack.reply`. */
  readonly type: string
  /** Name of the channel. */
  readonly channel: string
  readonly data: Json
  readonly at: number
  readonly tries: number
}

export type Channel =
  /** A webhook of the firm's, signed as Standard Webhooks says. */
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string | readonly string[] }
  /** A Slack channel, through the bot of the firm's Slack endpoint. */
  | { readonly kind: 'slack'; readonly channel: string; readonly token: string | readonly string[] }

/** Where alarms go, when the configuration says it without naming a channel. */
const alerts = 'alerts'

/** The channel of that name: the configuration's own, or the Slack channel called so, when the firm has Slack. */
export function channelNamed(configuration: Configuration, name: string): Channel | null {
  const own =
    name === alerts && typeof configuration.alerts === 'object' ? configuration.alerts : configuration.channels?.[name]
  if (own && 'url' in own) return { kind: 'webhook', ...own }
  const slack = Object.values(configuration.endpoints).find(
    endpoint => endpoint.source === 'slack' && endpoint.token !== undefined,
  )
  if (!slack) return null
  const channel = own && 'slack' in own ? own.slack : name
  return { kind: 'slack', channel, token: slack.token as string | string[] }
}

/** Where alarms go; null: the firm wants none. */
export function alertsChannel(configuration: Configuration): string | null {
  if (configuration.alerts === undefined) return null
  return typeof configuration.alerts === 'string' ? configuration.alerts : alerts
}

/** What a `notify` step's and an alarm's text says to people. */
export function textOf(notice: Notice): string {
  const data = notice.data as { text?: string; run?: string; reason?: string }
  switch (notice.type) {
    case 'run.parked':
      return `Run ${data.run} needs a person: ${data.reason}`
    case 'connection.lost':
      return `The queue is held: ${data.reason}`
    case 'connection.mended':
      return 'The connection to Clio is mended; the queue goes on.'
    default:
      return data.text ?? ''
  }
}

const minute = 60_000
/** A notice that nobody took for a day is given up. */
const noticePatience = 24 * 60 * minute

/** Whether it was tried for the last time. A reply in Slack has half an hour and five tries. */
export function givenUp({ type, at, tries }: Notice, now: number): boolean {
  if (type === 'slack.reply') return now - at > replyPatience.ms || tries + 1 >= replyPatience.tries
  return now - at > noticePatience
}

/** 5 s, then doubling to an hour. */
export function nextTry(tries: number): number {
  return Math.min(60 * minute, 5000 * 2 ** tries)
}
