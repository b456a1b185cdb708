import type { Json } from '../../lib/json.ts'
import type { Matter } from '../../model/matter.ts'
import { context, plain, words } from '../show/message.ts'
import { titleOf } from './matters.ts'
import type { Chosen, Prepared } from './prepared.ts'

export const chooseAction = 'choose'
/** Slack's most in one select. @source https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
const most = 99

export function chooseMatter(matters: readonly Matter[], name: string, run: string, optional: boolean): Prepared {
  const closed = matters.every(one => one.status === 'Closed')
  const text = closed
    ? `Only closed matters fit “${name}”. Which one is it? Nothing is filed until you choose.`
    : `Several matters fit “${name}”. Which one is it? Nothing is filed until you choose.`
  const options: Json[] = matters.slice(0, most).map(matter => matterOption(matter, JSON.stringify([matter.id, name])))
  if (optional) options.push({ text: plain('No matter'), value: JSON.stringify([null, name]) })
  const select: Json = {
    type: 'actions',
    block_id: `choose:${run}`,
    elements: [{ type: 'static_select', action_id: chooseAction, placeholder: plain('Choose the matter'), options }],
  }
  const more =
    matters.length > most
      ? [context(`Only ${most} of ${matters.length} are shown: write the matter’s number instead.`)]
      : []
  return {
    kind: 'question',
    message: { text, blocks: [words(text), select, ...more] },
    reason: 'Asked back which matter is meant: nothing was filed.',
  }
}

/** One matter in a select: its number and client, and what it is about. */
export function matterOption(matter: Matter, value: string): Json {
  const about = [matter.description, matter.status === 'Open' ? '' : matter.status].filter(Boolean).join(' · ')
  return { text: plain(titleOf(matter)), value, ...(about !== '' && { description: plain(about) }) }
}

/** What a select's value says; null when it is none of ours. */
export function chosenIn(value: string): Chosen | null {
  try {
    const [matter, name] = JSON.parse(value) as unknown[]
    return (matter === null || typeof matter === 'number') && typeof name === 'string' ? { matter, name } : null
  } catch {
    return null
  }
}
