import { type Configuration, isWebhook } from '../../configuration/configuration.ts'
import { backoff } from '../../lib/backoff.ts'
import type { Json } from '../../lib/json.ts'
import type { Conversation } from '../../model/conversation.ts'
import { sources } from '../../sources/index.ts'

/**
 * What the firm is told: a `notify` step, a parked run, a lost connection. A notice is written in the same transaction as what it
 * tells of, once, and delivered until somebody takes it: the receiver knows a repetition by its id.
 */
export interface Notice {
  readonly id: string
  /** `notify`, `run.parked`, `run.waiting`, `run.expiring`, `connection.lost`, `connection.mended`, or a reply of a conversation (`replyType`). */
  readonly type: string
  /** Name of the channel; of a reply, of the endpoint. */
  readonly channel: string
  readonly data: Json
  readonly at: number
  readonly tries: number
}

export type Channel =
  /** A webhook of the firm's, signed as Standard Webhooks says. */
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string | readonly string[] }
  /** A channel of people, through an endpoint of the firm's that can write to it. */
  | { readonly kind: 'people'; readonly channel: string; readonly source: string; readonly endpoint: string }

/** Where alarms go, when the configuration says it without naming a channel. */
const alerts = 'alerts'

/** The channel of that name: the configuration's own, or the one that people call so where the firm talks with them. */
export function channelNamed(configuration: Configuration, name: string): Channel | null {
  const own =
    name === alerts && typeof configuration.alerts === 'object' ? configuration.alerts : configuration.channels?.[name]
  if (own && isWebhook(own)) return { kind: 'webhook', ...own }
  const [at, channel] = own ? (Object.entries(own)[0] as [string, string]) : [null, name]
  for (const [endpoint, { source, ...options }] of Object.entries(configuration.endpoints)) {
    if (at !== null && source !== at) continue
    if (sources.get(source)?.conversation?.writes(options)) return { kind: 'people', channel, source, endpoint }
  }
  return null
}

/** Where alarms go; null: the firm wants none. */
export function alertsChannel(configuration: Configuration): string | null {
  if (configuration.alerts === undefined) return null
  return typeof configuration.alerts === 'string' ? configuration.alerts : alerts
}

/** Webhooks that asked to be told of such facts. */
export function subscribersOf({ channels = {} }: Configuration, type: string): string[] {
  return Object.entries(channels).flatMap(([name, channel]) =>
    isWebhook(channel) && channel.events?.some(event => event === type) ? [name] : [],
  )
}

/** A fact that several channels are told has one id, behind which the notices name the channel. */
export const noticeOf = (fact: string, channel: string): string => `${fact}@${channel}`
export const factOf = (notice: string): string => notice.split('@')[0]!

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
export const noticePatience = 24 * 60 * minute

/** Whether it was tried for the last time. A reply has the patience of its conversation. */
export function givenUp({ type, at, tries }: Notice, now: number): boolean {
  const patience = replying(type)?.conversation.patience
  return patience ? now - at > patience.ms || tries + 1 >= patience.tries : now - at > noticePatience
}

const replies = '.reply'

/** The type of a notice that answers what somebody said: `slack.reply`. */
export const replyType = (source: string): string => `${source}${replies}`

/** Whose reply a notice of that type is; null: it is none. */
export function replying(type: string): { readonly source: string; readonly conversation: Conversation } | null {
  const source = type.endsWith(replies) ? type.slice(0, -replies.length) : ''
  const conversation = sources.get(source)?.conversation
  return conversation ? { source, conversation } : null
}

/** ms until a notice is told again that nobody took. */
export const nextTry = (tries: number): number => backoff(tries, { base: 5000, longest: 60 * minute })
