import type { Json } from '../../lib/json.ts'
import { buttons, context, type Message, words } from './message.ts'

/** What the docket tells a channel: one message for a cause, however many runs it meets, with what can be done about it. Pure. */

/** The message of one cause, as it stands in Slack. */
export interface Alarm {
  /** Where it stands; null: it is not posted yet. */
  readonly channel: string | null
  readonly ts: string | null
  readonly type: string
  readonly reason: string
  /** Runs that wait for a person, oldest first. */
  readonly runs: readonly string[]
  /** ms since the epoch. */
  readonly since: number
  /** When it was over; null: it is not. */
  readonly mendedAt: number | null
}

const resumeAction = 'resume'
const discardAction = 'discard'
export const openAction = 'open'

/** After a day a cause that comes again is told anew: a message far up in the channel is read by nobody. */
export const alarmAge = 24 * 60 * 60_000

const shown = 5

/** @param page the address of a run's page, when it is known */
export function alarmMessage(key: string, alarm: Alarm, page: (run?: string) => string | null): Message {
  const { runs, mendedAt, type } = alarm
  const reason = alarm.reason.replace(/\.?$/, '.')
  const text =
    type === 'connection.lost'
      ? mendedAt === null
        ? `The queue is held. ${reason} It goes on by itself when the connection is back; to connect anew, see the connections of the firm.`
        : 'The connection to Clio was lost and is mended: the queue goes on.'
      : runs.length === 1
        ? `A run needs a person. ${reason}`
        : `${runs.length} runs need a person, all for the same reason. ${reason}`
  const named = runs
    .slice(-shown)
    .map(run => `\`${run}\``)
    .join(', ')
  const blocks: Json[] = [words(text)]
  if (runs.length > 0) blocks.push(context(runs.length > shown ? `The last ${shown} of them: ${named}` : named))
  const address = page(runs.length === 1 ? runs[0] : undefined)
  const all = runs.length === 1 ? '' : ` all ${runs.length}`
  if (runs.length > 0)
    blocks.push(
      buttons([
        {
          text: `Resume${all}`,
          action: resumeAction,
          value: key,
          style: 'primary',
          label: `Resume${all || ' the run'}: ${reason}`,
        },
        {
          text: `Discard${all}`,
          action: discardAction,
          value: key,
          style: 'danger',
          label: `Discard${all || ' the run'}: ${reason}`,
          confirm: 'What is discarded is not carried out any more.',
        },
        ...(address === null ? [] : [{ text: 'Open', action: openAction, url: address }]),
      ]),
    )
  else if (address !== null && type === 'connection.lost' && mendedAt === null)
    blocks.push(buttons([{ text: 'Open', action: openAction, url: address }]))
  return { text, blocks }
}
