import * as z from 'zod'
import { fromUtf8 } from '../lib/encoding.ts'
import type { Inbound } from '../model/endpoint.ts'
import { parseJson, parseUrlencoded } from '../reading/body/body.ts'

/**
 * What Slack sends, as far as we read it. An installation for a whole organisation has no team: users are told apart by their
 * organisation then.
 * @source https://docs.slack.dev/interactivity/implementing-slash-commands, https://docs.slack.dev/reference/interaction-payloads
 */

const id = z.string().min(1).max(64)
const absent = z.string().nullish()

const command = z.object({
  command: z.string(),
  text: z.string().max(4000).default(''),
  user_id: id,
  team_id: absent,
  enterprise_id: absent,
  channel_id: absent,
  response_url: z.string(),
  trigger_id: id.max(255),
})

const party = z.object({ id }).nullish()
const who = { user: z.looseObject({ id }), team: party, enterprise: party }
const option = z.object({ value: z.string() }).nullish()
const value = z.looseObject({
  type: z.string(),
  value: absent,
  selected_option: option,
  selected_date: absent,
})

const view = z.looseObject({
  id,
  hash: z.string().default(''),
  callback_id: z.string().default(''),
  private_metadata: z.string().default(''),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), value)) }).default({ values: {} }),
})

const interaction = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('block_actions'),
    ...who,
    trigger_id: id.max(255),
    response_url: absent,
    view: view.nullish(),
    actions: z
      .array(
        z.looseObject({
          action_id: z.string(),
          block_id: z.string().default(''),
          value: absent,
          selected_option: option,
        }),
      )
      .min(1),
  }),
  z.looseObject({ type: z.literal('view_submission'), ...who, view }),
  z.looseObject({ type: z.literal('view_closed'), ...who }),
  z.looseObject({ type: z.literal('shortcut'), ...who, trigger_id: id.max(255), callback_id: z.string() }),
  z.looseObject({
    type: z.literal('message_action'),
    ...who,
    trigger_id: id.max(255),
    callback_id: z.string(),
    response_url: z.string(),
    message: z.looseObject({ text: z.string().default(''), user: absent, ts: absent }),
    channel: z.looseObject({ name: absent }).nullish(),
  }),
  z.looseObject({ type: z.literal('block_suggestion'), ...who, action_id: z.string(), value: z.string().default('') }),
])

const happened = z.looseObject({
  type: z.literal('event_callback'),
  event_id: id,
  event_time: z.number().optional(),
  event: z.looseObject({ type: z.string().min(1).max(100) }),
})

const handshake = z.object({ type: z.literal('url_verification'), challenge: z.string().max(1000) })

export type SlashCommand = z.infer<typeof command>
export type Interaction = z.infer<typeof interaction>
export type View = z.infer<typeof view>
export type BlockActions = Extract<Interaction, { type: 'block_actions' }>

export type Payload =
  | { readonly kind: 'command'; readonly command: SlashCommand }
  | { readonly kind: 'interaction'; readonly interaction: Interaction }
  | { readonly kind: 'event'; readonly event: z.infer<typeof happened> }
  | { readonly kind: 'handshake'; readonly challenge: string }

/** Null: nothing that Slack sends. */
export function readPayload(request: Inbound): Payload | null {
  const json = request.headers.get('content-type')?.startsWith('application/json')
  if (json) return readEvent(request)
  const fields = formOf(request)
  if (fields === null) return null
  if (fields.payload !== undefined) {
    const parsed = interaction.safeParse(parseJson(fields.payload))
    return parsed.success ? { kind: 'interaction', interaction: parsed.data } : null
  }
  const parsed = command.safeParse(fields)
  return parsed.success ? { kind: 'command', command: parsed.data } : null
}

function readEvent(request: Inbound): Payload | null {
  const value = parseJson(fromUtf8(request.body) ?? '')
  const greeted = handshake.safeParse(value)
  if (greeted.success) return { kind: 'handshake', challenge: greeted.data.challenge }
  const parsed = happened.safeParse(value)
  return parsed.success ? { kind: 'event', event: parsed.data } : null
}

/** The fields of a form; null when it is none, or names one twice. */
export function formOf(request: Inbound): Record<string, string> | null {
  const pairs = parseUrlencoded(request.body)
  if (!pairs || new Set(pairs.map(([name]) => name)).size < pairs.length) return null
  return Object.fromEntries(pairs)
}
