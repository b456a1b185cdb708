import { html } from 'hono/html'
import type { Resumed } from '../../model/docket-rpc.ts'
import type { Visit } from '../visit.ts'
import { type Html, nothing } from './html.ts'
import { record } from './record.ts'
import { counted } from './time.ts'

/** What was just done, said on the page that one is sent to (303). The address holds only which, how many, and ids of Clio. */

const words: Readonly<Record<string, string>> = {
  resume: 'Resumed',
  discard: 'Discarded',
  replay: 'Replayed: this is the new run',
  undo: 'This run takes it back',
  correct: 'Corrected and resumed',
  skip: 'Skipped, and resumed',
  choose: 'The record is chosen, and the run goes on',
  erase: 'Erased: nothing that it said is kept',
  forget: 'Erased',
  hold: 'Kept: it is neither purged nor erased until the legal hold ends',
  release: 'The legal hold has ended',
  saved: 'Saved',
}

/** Records that keep an old answer, as an address names them; of a call whose answer was lost, the resource alone. */
export function keptIn({ kept = [] }: Pick<Resumed, 'kept'>): string {
  return kept.length === 0 ? '' : `&kept=${kept.map(one => `${one.resource}:${one.record ?? ''}`).join()}`
}

function stillKept(visit: Visit): Html {
  const named = [...(visit.url.searchParams.get('kept') ?? '').matchAll(/(?<=^|,)([a-z_]+):([\w-]*)(?=,|$)/g)]
  if (named.length === 0) return nothing
  const links = named.map(([, resource, id], n) => [
    n === 0 ? '' : ', ',
    id ? record(resource!, id, visit) : 'perhaps what a lost call has made',
  ])
  return html` The old answer stands in ${links}: correct it in Clio.`
}

export function flash(visit: Visit): Html {
  const query = visit.url.searchParams
  // A form is sent to the address of before: what comes of it is another matter.
  const done = visit.form.has('csrf') ? undefined : words[query.get('did') ?? '']
  if (done === undefined) return nothing
  const n = /^\d{1,6}$/.test(query.get('n') ?? '') ? `: ${counted(Number(query.get('n')), 'run')}` : ''
  const not = /^\d{1,6}$/.test(query.get('not') ?? '')
    ? ` ${counted(Number(query.get('not')), 'run')} could not be; open them to see why.`
    : ''
  return html`<p class="note good" role="status">${done}${n}.${not}${stillKept(visit)}</p>`
}
