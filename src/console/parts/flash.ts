import { html } from 'hono/html'
import type { Visit } from '../visit.ts'
import { type Html, nothing } from './html.ts'
import { counted } from './time.ts'

/** What was just done, said on the page that one is sent to (303). The address holds only which and how many. */

const words: Readonly<Record<string, string>> = {
  resume: 'Resumed',
  discard: 'Discarded',
  replay: 'Replayed: this is the new run',
  undo: 'This run takes it back',
  correct: 'Corrected and resumed',
  skip: 'Skipped the step and resumed',
  choose: 'The record is chosen, and the run goes on',
  erase: 'Erased: nothing that it said is kept',
  hold: 'Kept: it is neither purged nor erased until the legal hold ends',
  release: 'The legal hold has ended',
  saved: 'Saved',
}

export function flash({ url }: Visit): Html {
  const query = url.searchParams
  const done = words[query.get('did') ?? '']
  if (done === undefined) return nothing
  const n = /^\d{1,6}$/.test(query.get('n') ?? '') ? `: ${counted(Number(query.get('n')), 'run')}` : ''
  const not = /^\d{1,6}$/.test(query.get('not') ?? '')
    ? ` ${counted(Number(query.get('not')), 'run')} could not be; open them to see why.`
    : ''
  return html`<p class="note good" role="status">${done}${n}.${not}</p>`
}
