import type { Json, JsonObject } from '../../lib/json.ts'
import type { Matter } from '../../model/matter.ts'
import type { View } from '../payload.ts'
import { plain } from '../show/message.ts'
import { takeDuration } from '../speech/amounts.ts'
import { Text } from '../speech/text.ts'
import { matterOption } from './choose.ts'

/**
 * Forms that open in Slack: bare command, `intake`, and “File to Clio” on a message. What they were opened from comes back in
 * `private_metadata`, so that the receipt finds its way.
 * @source https://docs.slack.dev/surfaces/modals
 */

export type FormName = 'entry' | 'file' | 'intake'

/** What a form carries from the request that opened it. */
export interface Carried {
  readonly response_url: string | null
  /** The command's words behind the verb, or a message's text. */
  readonly text?: string
}

/** Slack's most for `private_metadata` and for the text of an input. */
const longest = 3000

const matterAction = 'matter'

const label = (text: string) => plain(text, 48)

function input(
  block: string,
  text: string,
  element: Json,
  more: { readonly hint?: string; readonly optional?: true } = {},
): Json {
  const { hint, optional = false } = more
  return {
    type: 'input',
    block_id: block,
    label: label(text),
    element,
    optional,
    ...(hint !== undefined && { hint: plain(hint, 150) }),
  }
}

const words = (action: string, more: JsonObject = {}): Json => ({
  type: 'plain_text_input',
  action_id: action,
  ...more,
})

const choice = (action: string, options: readonly (readonly [string, string])[]): Json => {
  const all = options.map(([value, text]) => ({ text: plain(text), value }))
  return { type: 'radio_buttons', action_id: action, options: all, initial_option: all[0]! }
}

const matter = (optional?: true): Json =>
  input(
    'matter',
    'Matter',
    {
      type: 'external_select',
      action_id: matterAction,
      min_query_length: 1,
      placeholder: plain('A number or a client’s name'),
    },
    { ...(optional && { optional }) },
  )

const entry = [
  input(
    'kind',
    'What is it?',
    choice('kind', [
      ['time', 'Time'],
      ['task', 'A task'],
      ['note', 'A note'],
    ]),
  ),
  matter(),
  input('duration', 'How long, if it is time', words('duration'), { optional: true, hint: '1.5h, 90m, 1:30 or .3' }),
  input('text', 'What was done, or is to be done', words('text', { multiline: true, max_length: longest })),
  input(
    'date',
    'Day of the work, or day the task is due',
    { type: 'datepicker', action_id: 'date' },
    { optional: true, hint: 'Left empty: today, or no due day' },
  ),
]

const filing = (text: string) => [
  input(
    'kind',
    'What shall the message become?',
    choice('kind', [
      ['note', 'A note'],
      ['task', 'A task'],
      ['communication', 'A communication'],
    ]),
  ),
  matter(),
  input(
    'text',
    'Text',
    words('text', {
      multiline: true,
      max_length: longest,
      ...(text !== '' && { initial_value: text.slice(0, longest) }),
    }),
    text.length > longest ? { hint: `The message is longer: only its first ${longest} characters stand here.` } : {},
  ),
  input(
    'date',
    'Day the task is due',
    { type: 'datepicker', action_id: 'date' },
    { optional: true, hint: 'For a task' },
  ),
]

const intake = [
  input('first', 'First name', words('first'), { optional: true }),
  input('last', 'Last name', words('last')),
  input('email', 'E-mail address', { type: 'email_text_input', action_id: 'email' }, { optional: true }),
  input('phone', 'Phone', words('phone'), {
    optional: true,
    hint: 'An e-mail address or a phone finds a person whom Clio knows',
  }),
  input('description', 'What it is about', words('description', { multiline: true, max_length: longest }), {
    hint: 'The description of the new matter, which is pending',
  }),
]

const titles: Readonly<Record<FormName, string>> = { entry: 'Clio', file: 'File to Clio', intake: 'New client' }

/** The body of `views.open`, besides the trigger. */
export function viewOf(name: FormName, carried: Carried): JsonObject {
  const blocks = name === 'entry' ? entry : name === 'intake' ? intake : filing(carried.text ?? '')
  return {
    type: 'modal',
    callback_id: name,
    title: plain(titles[name], 24),
    submit: plain(name === 'intake' ? 'Open' : 'File', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ response_url: carried.response_url }).slice(0, longest),
    blocks,
  }
}

/** What was filled in, by the names of the fields; an empty field is null. */
export function filledIn({ state }: View): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(state.values).map(([block, actions]) => {
      const [given] = Object.values(actions)
      const value = given?.selected_option?.value ?? given?.selected_date ?? given?.value ?? null
      return [block, value === null || value.trim() === '' ? null : value.trim()]
    }),
  )
}

/** What is wrong with a form, by its fields; empty: nothing. */
export function errorsIn(name: string, filled: Record<string, string | null>): Record<string, string> {
  if (name !== 'entry' || filled.kind !== 'time') return {}
  if (!filled.duration) return { duration: 'Time needs a duration: 1.5h, 90m, 1:30 or .3.' }
  const text = new Text(filled.duration)
  const duration = takeDuration(text)
  if (duration === null || text.left !== '') return { duration: 'This is no duration. Write 1.5h, 90m, 1:30 or .3.' }
  return 'question' in duration ? { duration: duration.question.replaceAll('`', '') } : {}
}

/** The answer to a search while somebody types. The number goes with the id: it finds the matter again. */
export const suggestions = (matters: readonly Matter[]): JsonObject => ({
  options: matters.slice(0, 100).map(one => matterOption(one, JSON.stringify([one.id, one.number]).slice(0, 150))),
})

/** The address that a form was opened from; null when there is none. */
export function carriedBy({ private_metadata: text }: View): string | null {
  try {
    const { response_url: url } = JSON.parse(text) as { response_url?: unknown }
    return typeof url === 'string' ? url : null
  } catch {
    return null
  }
}
