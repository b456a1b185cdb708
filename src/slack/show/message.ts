import type { Json, JsonObject } from '../../lib/json.ts'

/** What people read in Slack: blocks, and always the same in plain text, which screen readers and notifications speak. */
export interface Message {
  /** Without markup: it is escaped when it is sent. */
  readonly text: string
  readonly blocks?: readonly Json[]
}

/** Text of others, so that nothing in it is markup. @source https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const longest = 2900

export const section = (text: string): Json => ({
  type: 'section',
  text: { type: 'mrkdwn', text: text.length > longest ? `${text.slice(0, longest)}…` : text },
})

/** Words of others as they are: no bold, no links, no lines of their own. */
export const words = (text: string): Json => ({ type: 'section', text: plain(oneLine(text), longest) })

/** Words that a rule's author wrote in lines; what came in has none by now (`rules/plan.ts`). */
export const lines = (text: string): Json => ({ type: 'section', text: plain(text || ' ', longest) })

/** The same with something in bold before it. */
export const boldly = (bold: string, rest: string): Json => ({
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: oneLine(bold) || ' ', style: { bold: true } },
        ...(rest === '' ? [] : [{ type: 'text', text: oneLine(rest).slice(0, longest) }]),
      ],
    },
  ],
})

/** A list under a heading; an item may begin with a link to a record. Text of others stands in both, and is no markup. */
export const listed = (
  heading: string,
  items: readonly { readonly url?: string; readonly title?: string; readonly text: string }[],
): Json => ({
  type: 'rich_text',
  elements: [
    { type: 'rich_text_section', elements: [{ type: 'text', text: cut(heading), style: { bold: true } }] },
    {
      type: 'rich_text_list',
      style: 'bullet',
      elements: items.map(({ url, title = '', text }) => ({
        type: 'rich_text_section',
        elements: [
          ...(url === undefined ? [] : [{ type: 'link', url, text: cut(title) }]),
          ...(text === '' ? [] : [{ type: 'text', text: cut(text) }]),
        ],
      })),
    },
  ],
})

const cut = (text: string) => oneLine(text).slice(0, 300) || ' '

/** A line break of others could begin a message that nobody of ours wrote. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

export const context = (text: string): Json => ({ type: 'context', elements: [{ type: 'mrkdwn', text }] })

export const plain = (text: string, most = 75): Json => ({
  type: 'plain_text',
  text: text.length > most ? `${text.slice(0, most - 1)}…` : text,
  emoji: false,
})

export interface Button {
  readonly text: string
  /** What comes back: `action_id`. */
  readonly action: string
  readonly value?: string
  readonly url?: string
  readonly style?: 'primary' | 'danger'
  /** Read out instead of `text`, when the text alone says too little. */
  readonly label?: string
  /** Asked before it is done. */
  readonly confirm?: string
}

export const buttons = (all: readonly Button[]): Json => ({
  type: 'actions',
  elements: all.map(({ text, action, value, url, style, label, confirm }) => ({
    type: 'button',
    text: plain(text),
    action_id: action,
    ...(value !== undefined && { value }),
    ...(url !== undefined && { url }),
    ...(style !== undefined && { style }),
    ...(label !== undefined && { accessibility_label: label.slice(0, 75) }),
    ...(confirm !== undefined && {
      confirm: { title: plain(text), text: plain(confirm, 300), confirm: plain(text), deny: plain('Cancel') },
    }),
  })),
})

/** A sentence as it is. */
export const say = (text: string): Message => ({ text, blocks: [words(text)] })

/** As Slack's methods and addresses take it. */
export const bodyOf = ({ text, blocks }: Message): JsonObject => ({
  text: escaped(text),
  mrkdwn: false,
  ...(blocks && { blocks: [...blocks] }),
})

/** A record's page in Clio Manage. */
export function clioLink(resource: string, id: string | number): string {
  return `https://app.clio.com/nc/#/${resource}/${encodeURIComponent(id)}`
}

export const link = (url: string, text: string): string => `<${url}|${escaped(text)}>`

/** `1 h 30 min (1.5 h)`. */
export function durationInWords(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const words = [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(' ') || '0 min'
  const decimal = Math.round((seconds / 3600) * 100) / 100
  return rest === 0 ? words : `${words} (${decimal} h)`
}
