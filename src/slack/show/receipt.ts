import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { wallClock } from '../../lib/time/time.ts'
import type { Ended } from '../../model/conversation.ts'
import type { InboundEvent } from '../../model/event.ts'
import { dayInWords } from '../speech/when.ts'
import { boldly, buttons, clioLink, context, durationInWords, link, type Message, say, words } from './message.ts'

/** What became of a command, in words, with a way to the records and, for ten minutes, a way back. Pure. */

export const undoAction = 'undo'
/** Minutes in which a receipt can be taken back. */
export const undoMinutes = 10

/** Null: there is nothing to say (yet). */
export function receiptOf(ended: Ended): Message | null {
  const { state, reason, run } = ended
  switch (state) {
    case 'done':
      return ended.undo ? taken(ended) : made(ended)
    case 'parked':
      return trouble(`This needs a person: ${reason ?? 'the reason is not known.'}`, ended, run)
    case 'held':
      return trouble(
        ended.shadow
          ? 'The firm tries its rules in shadow, so nothing was written to Clio. It is on the docket until somebody carries it out or discards it.'
          : 'The connection to Clio is lost. It is on the docket, and is carried out when the connection is back.',
        ended,
        run,
      )
    case 'discarded':
      return trouble('This was discarded by an operator; nothing more is done.', ended, run)
    default:
      return null
  }
}

function made(ended: Ended): Message | null {
  const sentence = sentenceOf(ended.event)
  if (sentence === null) return null
  const records = recordsOf(ended.outputs)
  const matter = ended.event.fields.matter
  const own = ended.event.type === 'slack.linked' ? [] : records
  const links = [
    ...own.map(({ resource, id }) => link(clioLink(page(resource), id), `Open the ${noun(resource)}`)),
    ...(typeof matter === 'number' ? [link(clioLink('matters', matter), 'Open the matter')] : []),
  ]
  const blocks = [
    boldly(sentence.bold, sentence.rest),
    ...(links.length > 0 ? [context(links.join('  ·  '))] : []),
    ...(records.length > 0 && !ended.event.type.startsWith('slack.link')
      ? [buttons([{ text: 'Undo', action: undoAction, value: ended.run, label: `Undo: ${sentence.text}` }])]
      : []),
  ]
  return { text: sentence.text, blocks }
}

function taken({ event }: Ended): Message {
  const before = sentenceOf(event)?.text
  return say(before === undefined ? 'Taken back.' : `Taken back, and no longer in Clio: ${before}`)
}

function trouble(what: string, { event, undo }: Ended, run: string): Message {
  const about = sentenceOf(event)?.text
  const asked = isObject(event.data) && typeof event.data.text === 'string' ? event.data.text : ''
  const said = about ?? (asked === '' ? '' : `“${asked}”`)
  const lead = undo ? 'Not taken back yet. ' : said === '' ? '' : 'Not filed yet. '
  const text = `${lead}${what}`
  return {
    text,
    blocks: [words(text), ...(said === '' ? [] : [words(said)]), context(`Run ${run}`)],
  }
}

function recordsOf(outputs: readonly Json[]): { resource: string; id: string | number }[] {
  return outputs.flatMap(output => {
    if (!isObject(output) || typeof output.resource !== 'string') return []
    const { id } = output
    return typeof id === 'number' || typeof id === 'string' ? [{ resource: output.resource, id }] : []
  })
}

const page = (resource: string) => (resource === 'calendar_entries' ? 'calendars' : resource)

const nouns: Readonly<Record<string, string>> = {
  activities: 'entry',
  tasks: 'task',
  notes: 'note',
  contacts: 'contact',
  matters: 'matter',
  calendar_entries: 'appointment',
  communications: 'communication',
}
const noun = (resource: string) => nouns[resource] ?? 'record'

interface Sentence {
  readonly text: string
  /** The same in two: what matters, and the rest. */
  readonly bold: string
  readonly rest: string
}

/** What was filed, as one reads it aloud. */
function sentenceOf({ type, fields }: InboundEvent): Sentence | null {
  const text = (key: string) => (typeof fields[key] === 'string' ? (fields[key] as string) : '')
  const on = text('matter_title') === '' ? '' : ` on ${text('matter_title')}`
  const about = (note: string) => (note === '' ? '' : `: ${note}`)
  const day = text('date') === '' ? '' : `, ${dayInWords(text('date'))}`
  const sentence = (bold: string, rest: string): Sentence => ({
    text: `${bold}${rest}`,
    bold,
    rest,
  })
  switch (type) {
    case 'slack.time':
      return sentence(durationInWords(Number(fields.seconds)), `${on}${day}${about(text('note'))}`)
    case 'slack.expense':
      return sentence(`Expense of ${Number(fields.amount).toFixed(2)}`, `${on}${day}${about(text('note'))}`)
    case 'slack.note':
      return sentence('Note', `${on}${about(text('note'))}`)
    case 'slack.communication':
      return sentence('Communication', `${on}${about(text('note'))}`)
    case 'slack.contact':
      return sentence(`Contact “${personIn(fields)}”`, reachedBy(fields))
    case 'slack.intake':
      return sentence(`New client “${personIn(fields)}”`, `, with a pending matter${about(text('description'))}`)
    case 'slack.matter':
      return sentence(`Matter for ${text('client_name')}`, about(text('description')))
    case 'slack.event':
      return sentence(`“${text('summary')}”`, `${on}, ${timesInWords(fields)}`)
    case 'slack.link':
      return sentence(
        'A task with a code',
        ' is waiting for you in Clio. Write the code here, behind “link”, within an hour: it shows that you are you.',
      )
    case 'slack.linked':
      return sentence(`From now on you are ${text('name')}`, ' in Clio, whenever you write here.')
    case 'slack.task':
      return sentence(`Task “${text('name')}”`, `${on}${taskWords(fields)}`)
    default:
      return null
  }
}

function taskWords({ assignee_name: who, due, priority }: JsonObject): string {
  return [
    typeof who === 'string' ? ` for ${who}` : ' for you',
    typeof due === 'string' ? `, due ${dayInWords(due)}` : '',
    priority === 'Normal' ? '' : `, ${String(priority).toLowerCase()} priority`,
  ].join('')
}

const personIn = ({ first, last }: JsonObject) => [first, last].filter(Boolean).join(' ')

const reachedBy = ({ email, phone, company, person }: JsonObject) =>
  [email, phone, person ? company : null]
    .filter(Boolean)
    .map(part => `, ${String(part)}`)
    .join('')

/** On the clock of who typed it. */
function timesInWords({ start, end, timezone }: JsonObject): string {
  const zone = String(timezone)
  const [from, to] = [start, end].map(at => wallClock(Date.parse(String(at)), zone))
  return `${dayInWords(from!.slice(0, 10))}, ${from!.slice(11, 16)} to ${to!.slice(11, 16)}`
}
