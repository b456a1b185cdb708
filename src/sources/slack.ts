import * as z from 'zod/mini'
import type { Json, JsonObject } from '../lib/json.ts'
import { problem } from '../lib/problem.ts'
import type { Endpoint, Inbound } from '../model/endpoint.ts'
import { type Delivery, nobody } from '../model/event.ts'
import type { Desk, Source } from '../model/source.ts'
import { secretOption } from '../platform/secrets.ts'
import { delivery } from '../reading/delivery.ts'
import { isoTime, notFrom } from '../reading/payload.ts'
import { callSlack } from '../slack/api.ts'
import { conversation } from '../slack/conversation.ts'
import {
  type BlockActions,
  formOf,
  type Interaction,
  type Payload,
  readPayload,
  type SlashCommand,
} from '../slack/payload.ts'
import { chooseAction, chosenIn } from '../slack/prepare/choose.ts'
import {
  type Carried,
  carriedBy,
  errorsIn,
  type FormName,
  filledIn,
  suggestions,
  viewOf,
} from '../slack/prepare/forms.ts'
import { isResponseUrl } from '../slack/reply.ts'
import { slackTypes } from '../slack/rules.ts'
import { openAction } from '../slack/show/alarm.ts'
import { help } from '../slack/show/help.ts'
import { undoAction } from '../slack/show/receipt.ts'
import { plainText } from '../slack/speech/text.ts'
import { schemeWords } from './proof/proofs.ts'
import { schemes } from './proof/schemes.ts'
import { verdictOf, verifySignature } from './proof/signature.ts'

/**
 * Slack: slash commands, buttons, forms, shortcuts and events, all at one address. Slack wants its answer within three seconds and
 * repeats none of them, so a command is on the docket before it is answered, whatever Clio does.
 * @source https://docs.slack.dev/interactivity/implementing-slash-commands#responding_to_commands
 */

const options = z.strictObject({
  /** The app's signing secret. */
  secret: secretOption,
  /** The bot's token: for e-mail addresses of users, forms, and messages to channels. */
  token: z.optional(secretOption),
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
  conversation,
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
    const urls = addressesIn(payload)
    return urls.every(url => isResponseUrl(url, desk.settings.hooksOrigin))
      ? atOnce(payload, endpoint, desk)
      : refusedUrl
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

/** Where answers would go. */
function addressesIn(payload: Payload): unknown[] {
  if (payload.kind === 'command') return [payload.command.response_url]
  if (payload.kind !== 'interaction') return []
  const { interaction } = payload
  const carried = interaction.type === 'view_submission' ? carriedBy(interaction.view) : null
  return [interaction.response_url, carried].filter(url => url !== undefined && url !== null)
}

/** Whoever made this request wants us to call somebody else. */
const refusedUrl = problem(
  400,
  'response-url',
  'The response_url is not Slack’s',
  'Docketed answers only to the host of Slack (SLACK_HOOKS_ORIGIN). Nothing was recorded.',
)

/** What starts nothing on the docket. */
async function atOnce(payload: Payload, endpoint: SlackEndpoint, desk: Desk): Promise<Response | null> {
  switch (payload.kind) {
    case 'handshake':
      return new Response(payload.challenge, { headers: { 'content-type': 'text/plain' } })
    case 'event':
      return null
    case 'command': {
      const { text, trigger_id, response_url } = payload.command
      if (/^\s*(?:help|\?)\s*$/i.test(text)) return saying(help.text, help.blocks)
      const form = /^\s*$/.test(text) ? 'entry' : /^\s*intake\s*$/i.test(text) ? 'intake' : null
      return form && open(form, trigger_id, { response_url }, endpoint, desk)
    }
    case 'interaction':
      return interactionAtOnce(payload.interaction, endpoint, desk)
  }
}

async function interactionAtOnce(given: Interaction, endpoint: SlackEndpoint, desk: Desk): Promise<Response | null> {
  switch (given.type) {
    case 'block_suggestion':
      return Response.json(
        suggestions(await desk.ask(docket => docket.suggest(given.value, endpoint.name, given.user.id))),
      )
    case 'view_closed':
      return empty()
    case 'shortcut':
      return open(
        given.callback_id === 'intake' ? 'intake' : 'entry',
        given.trigger_id,
        { response_url: null },
        endpoint,
        desk,
      )
    case 'message_action': {
      const { response_url, message, trigger_id } = given
      return open('file', trigger_id, { response_url, text: plainText(message.text) }, endpoint, desk)
    }
    case 'view_submission': {
      const errors = errorsIn(given.view.callback_id, filledIn(given.view))
      return Object.keys(errors).length > 0 ? Response.json({ response_action: 'errors', errors }) : null
    }
    case 'block_actions':
      // A choice within a form is sent with the form; a link is followed by the browser.
      return given.view || given.actions[0]?.action_id === openAction ? empty() : null
  }
}

/** Opens a form, first of all: its trigger is good for three seconds. */
async function open(
  name: FormName,
  trigger: string,
  carried: Carried,
  { options, secrets }: SlackEndpoint,
  desk: Desk,
) {
  const [token] = secrets(options.token)
  if (token === undefined)
    return saying('This app has no bot token yet, so no form can be opened. Write `help` to see what can be typed.')
  const { slackUrl: url, timeout } = desk.settings
  const api = { fetch: desk.fetch, url, token, timeout: Math.min(timeout, 2500) }
  const opened = await callSlack(api, 'views.open', { trigger_id: trigger, view: viewOf(name, carried) })
  if (opened?.ok === true) return empty()
  const why = opened === null ? 'Slack did not answer' : String(opened.error)
  return saying(`The form could not be opened (${why}). Try again, or write \`help\` to see what can be typed.`)
}

function deliveryOf(payload: Payload, request: Inbound): Promise<Delivery> | null {
  switch (payload.kind) {
    case 'command':
      return commandOf(payload.command, request)
    case 'interaction':
      return interactionOf(payload.interaction, request)
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

function interactionOf(given: Interaction, request: Inbound): Promise<Delivery> | null {
  if (given.type === 'block_actions') return actionOf(given, request)
  return given.type === 'view_submission' ? formSent(given, request) : null
}

/** A form that was sent, by its view and the state in which it was sent. */
function formSent(
  { user, team, enterprise, view }: Extract<Interaction, { type: 'view_submission' }>,
  request: Inbound,
) {
  const { matter, ...form } = filledIn(view)
  const kind = view.callback_id === 'intake' ? 'intake' : (form.kind ?? '')
  const chosen = chosenIn(matter ?? '') ?? { matter: null, name: '' }
  const data = {
    user: user.id,
    team: enterprise?.id ?? team?.id ?? null,
    text: form.text ?? form.description ?? '',
    response_url: carriedBy(view),
    replace: false,
    origin: request.url.origin,
  }
  const fields = { text: '', form: { ...form, kind }, chosen: chosen as unknown as Json }
  return told('slack.command', `${view.id}:${view.hash}`, fields, data)
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
    // The answer to a button of an alarm is for who pressed it; the alarm stays for all.
    replace: action === chooseAction || action === undoAction,
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
