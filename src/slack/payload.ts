import * as z from 'zod/mini'
import { fromUtf8 } from '../lib/encoding.ts'
import type { Inbound } from '../model/endpoint.ts'
import { parseJson, parseUrlencoded } from '../reading/body/body.ts'

/**
 * What Slack sends, as far as we read it. An installation for a whole organisation has no team: users are told apart by their
 * organisation then.
 * @source https://docs.slack.dev/interactivity/implementing-slash-commands, https://docs.slack.dev/reference/interaction-payloads
 */

const id = z.string().check(z.minLength(1), z.maxLength(64))
const absent = z.nullish(z.string())

const command = z.object({
  command: z.string(),
  // What is too long for a command is told who wrote it.
  text: z._default(z.string().check(z.maxLength(40_000)), ''),
  user_id: id,
  team_id: absent,
  enterprise_id: absent,
  channel_id: absent,
  response_url: z.string(),
  trigger_id: id.check(z.maxLength(255)),
})

const party = z.nullish(z.object({ id }))
const who = { user: z.looseObject({ id }), team: party, enterprise: party }
const option = z.nullish(z.object({ value: z.string() }))
const value = z.looseObject({
  type: z.string(),
  value: absent,
  selected_option: option,
  selected_date: absent,
})

const view = z.looseObject({
  id,
  hash: z._default(z.string(), ''),
  callback_id: z._default(z.string(), ''),
  private_metadata: z._default(z.string(), ''),
  state: z._default(z.object({ values: z.record(z.string(), z.record(z.string(), value)) }), { values: {} }),
})

const interaction = z.union([
  z.looseObject({
    type: z.literal('block_actions'),
    ...who,
    trigger_id: id.check(z.maxLength(255)),
    response_url: absent,
    view: z.nullish(view),
    actions: z
      .array(
        z.looseObject({
          action_id: z.string(),
          block_id: z._default(z.string(), ''),
          value: absent,
          selected_option: option,
        }),
      )
      .check(z.minLength(1)),
  }),
  z.looseObject({ type: z.literal('view_submission'), ...who, view }),
  z.looseObject({ type: z.literal('view_closed'), ...who }),
  z.looseObject({
    type: z.literal('shortcut'),
    ...who,
    trigger_id: id.check(z.maxLength(255)),
    callback_id: z.string(),
  }),
  z.looseObject({
    type: z.literal('message_action'),
    ...who,
    trigger_id: id.check(z.maxLength(255)),
    callback_id: z.string(),
    response_url: z.string(),
    message: z.looseObject({ text: z._default(z.string(), ''), user: absent, ts: absent }),
    channel: z.nullish(z.looseObject({ name: absent })),
  }),
  z.looseObject({
    type: z.literal('block_suggestion'),
    ...who,
    action_id: z.string(),
    value: z._default(z.string(), ''),
  }),
])

const happened = z.looseObject({
  type: z.literal('event_callback'),
  event_id: id,
  event_time: z.optional(z.number()),
  event: z.looseObject({ type: z.string().check(z.minLength(1), z.maxLength(100)) }),
})

const handshake = z.object({ type: z.literal('url_verification'), challenge: z.string().check(z.maxLength(1000)) })

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
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) return null
  return Object.fromEntries(pairs)
}
