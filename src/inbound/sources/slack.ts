import * as z from 'zod'
import type { Json, JsonObject } from '../../json.ts'
import { problem } from '../../problem.ts'
import { secretOption } from '../../secrets.ts'
import { chooseAction, chosenIn } from '../../slack/choose.ts'
import { help } from '../../slack/help.ts'
import { type BlockActions, formOf, type Payload, readPayload, type SlashCommand } from '../../slack/payload.ts'
import { undoAction } from '../../slack/receipt.ts'
import { isResponseUrl } from '../../slack/reply.ts'
import { slackTypes } from '../../slack/rules.ts'
import { delivery } from '../delivery.ts'
import { type Delivery, nobody } from '../event.ts'
import { isoTime, notFrom } from '../payload.ts'
import { schemeWords } from '../proofs.ts'
import { schemes } from '../schemes.ts'
import { verdictOf, verifySignature } from '../signature.ts'
import type { Desk, Endpoint, Inbound, Source } from '../source.ts'

/**
 * Slack: slash commands, buttons, forms, shortcuts and events, all at one address. Slack wants its answer within three seconds and
 * repeats none of them, so a command is on the docket before it is answered, whatever Clio does.
 * @source https://docs.slack.dev/interactivity/implementing-slash-commands#responding_to_commands
 */

const options = z.strictObject({
  /** The app's signing secret. */
  secret: secretOption,
  /** The bot's token: for e-mail addresses of users, forms, and messages to channels. */
  token: secretOption.optional(),
})

type Options = z.infer<typeof options>
type SlackEndpoint = Endpoint<Options>

export const slack: Source<Options> = {
  name: 'slack',
  verifiedBy: schemeWords(schemes.slack),
  keyedBy: 'trigger_id; of a form view.id and view.hash; of an event event_id',
  types: ['slack.command', ...slackTypes, 'slack.action', '*'],
  signed: true,
  interactive: true,
  options,

  /** `ssl_check` carries no signature; with anything else beside it, it would be a way around one. */
  async handshake(request) {
    const fields = request.method === 'POST' ? formOf(request) : null
    return fields?.ssl_check === '1' && fields.command === undefined && fields.payload === undefined ? empty() : null
  },

  async verify(request, endpoint) {
    return verdictOf(await verifySignature(schemes.slack, request, endpoint.secrets(endpoint.options.secret)))
  },

  async answer(request, endpoint, desk) {
    const payload = readPayload(request)
    if (payload === null) return null
    return foreign(payload, desk) ? refusedUrl(endpoint) : atOnce(payload)
  },

  async parse(request) {
    const payload = readPayload(request)
    const made = payload && (await deliveryOf(payload, request))
    return made ? [made] : notFrom('Slack')
  },

  respond(request) {
    return readPayload(request)?.kind === 'command' ? saying('Working on it…') : empty()
  },
}

const empty = () => new Response(null, { status: 200 })

/** An answer that only the person sees. */
const saying = (text: string, blocks?: readonly Json[]) =>
  Response.json({ response_type: 'ephemeral', text, ...(blocks && { blocks }) })

/** An address that is not Slack's: whoever made this request wants us to call somebody else. */
function foreign(payload: Payload, { settings }: Desk): boolean {
  const { response_url: url } =
    payload.kind === 'command'
      ? payload.command
      : ((payload as { interaction?: { response_url?: unknown } }).interaction ?? {})
  return url !== undefined && url !== null && !isResponseUrl(url, settings.hooksOrigin)
}

const refusedUrl = (_endpoint: SlackEndpoint) =>
  problem(
    400,
    'response-url',
    'The response_url is not Slack’s',
    'Docketed answers only to the host of Slack (SLACK_HOOKS_ORIGIN). Nothing was recorded.',
  )

/** What starts nothing on the docket. */
function atOnce(payload: Payload): Response | null {
  if (payload.kind === 'handshake')
    return new Response(payload.challenge, { headers: { 'content-type': 'text/plain' } })
  if (payload.kind === 'command' && /^\s*(?:help|\?)\s*$/i.test(payload.command.text))
    return saying(help.text, help.blocks)
  return null
}

function deliveryOf(payload: Payload, request: Inbound): Promise<Delivery> | null {
  switch (payload.kind) {
    case 'command':
      return commandOf(payload.command, request)
    case 'interaction':
      return payload.interaction.type === 'block_actions' ? actionOf(payload.interaction, request) : null
    case 'event': {
      const { event, event_id: id, event_time: at } = payload.event
      const data = payload.event as unknown as JsonObject
      return told(`slack.event.${event.type}`, id, event as JsonObject, data, isoTime(at ?? null))
    }
    case 'handshake':
      return null
  }
}

function commandOf(
  { text, user_id, team_id, enterprise_id, response_url, trigger_id }: SlashCommand,
  request: Inbound,
) {
  const data = {
    user: user_id,
    team: enterprise_id ?? team_id ?? null,
    text,
    response_url,
    replace: true,
    origin: request.url.origin,
  }
  return told('slack.command', trigger_id, { text }, data)
}

/** A button or a choice of ours; one press counts, however often it is pressed. */
function actionOf({ user, team, enterprise, response_url, trigger_id, actions }: BlockActions, request: Inbound) {
  const [{ action_id: action, block_id: block, value, selected_option: option }] = actions as [
    BlockActions['actions'][0],
  ]
  const data = {
    user: user.id,
    team: enterprise?.id ?? team?.id ?? null,
    response_url: response_url ?? null,
    replace: true,
    origin: request.url.origin,
  }
  if (action === chooseAction) {
    const from = block.replace(/^choose:/, '')
    const chosen = chosenIn(option?.value ?? '')
    return chosen && told('slack.command', `${chooseAction}:${from}`, { from, chosen: chosen as unknown as Json }, data)
  }
  if (action === undoAction) return told('slack.action', `${undoAction}:${value}`, { action, run: value ?? '' }, data)
  return told('slack.action', trigger_id, { action, value: value ?? '' }, data)
}

function told(type: string, id: string, fields: JsonObject, data: Json, time: string | null = null): Promise<Delivery> {
  return delivery({ source: 'slack', type, id, fields, data, time, person: nobody(), message: null })
}
