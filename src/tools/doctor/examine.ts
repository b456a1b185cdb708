import { isObject } from '../../lib/json.ts'
import { Failed } from '../command.ts'
import { type Assumption, type Made, reads, Untried, writes } from './assumptions.ts'
import type { Answer, Clinic } from './clinic.ts'

/** Tries the assumptions one after the other, and removes what was made for it. */

export interface Finding extends Pick<Assumption, 'name' | 'assumed' | 'tried' | 'follows'> {
  readonly outcome: 'holds' | 'differs' | 'untried'
  /** What was found instead, or why it could not be tried. */
  readonly found: string | null
}

/** @param told what is being tried now */
export async function examine(
  clinic: Clinic,
  write: boolean,
  told: (name: string) => void,
): Promise<{ findings: Finding[]; left: string[] }> {
  const findings: Finding[] = []
  const nothing: Made = { etag: '', contact: '', matter: '', calendar: '', name: '', at: 0, more: [] }
  for (const one of reads) findings.push(await tryOne(one, clinic, nothing, told))
  if (!write) return { findings, left: [] }
  const more: string[] = []
  try {
    const made = await make(clinic, more)
    for (const one of writes) findings.push(await tryOne(one, clinic, made, told))
  } finally {
    told('removing what was made')
    // What was made last first: a contact with a matter cannot go.
    for (const path of [...more].reverse()) {
      const gone = await clinic.call('DELETE', path).catch(() => null)
      if (gone && (gone.status === 204 || gone.status === 404)) more.splice(more.indexOf(path), 1)
    }
  }
  return { findings, left: more }
}

async function tryOne(
  assumption: Assumption,
  clinic: Clinic,
  made: Made,
  told: (name: string) => void,
): Promise<Finding> {
  const { name, assumed, tried, follows } = assumption
  told(name)
  try {
    const found = await assumption.try(clinic, made)
    return { name, assumed, tried, follows, outcome: found === null ? 'holds' : 'differs', found }
  } catch (cause) {
    const found = cause instanceof Untried ? cause.message : 'no answer came'
    return { name, assumed, tried, follows, outcome: 'untried', found }
  }
}

/** A contact and its matter, plainly ours. @throws Failed */
async function make({ call, now }: Clinic, more: string[]): Promise<Made> {
  const at = now()
  const name = `Docketed${at.toString(36)}`
  const email_addresses = [{ name: 'Work', address: `first@${name.toLowerCase()}.example` }]
  const person = { type: 'Person', first_name: 'Doctor', last_name: name, email_addresses }
  const contact = await call('POST', 'contacts', { query: { fields: 'id,etag' }, data: person })
  more.push(pathOf('contacts', contact))
  const client = { id: Number(contact.data.id) }
  const data = { client, description: 'Docketed doctor: may be deleted', status: 'closed' }
  const matter = await call('POST', 'matters', { data })
  more.push(pathOf('matters', matter))
  const { data: me } = await call('GET', 'users/who_am_i', { query: { fields: 'default_calendar_id' } })
  return {
    etag: String(contact.data.etag),
    contact: pathOf('contacts', contact),
    matter: pathOf('matters', matter),
    calendar: String(me.default_calendar_id),
    name,
    at,
    more,
  }
}

function pathOf(resource: string, { status, data, json }: Answer): string {
  if (status === 201 && data.id !== undefined) return `${resource}/${data.id}`
  const error = isObject(json) && isObject(json.error) ? String(json.error.message) : ''
  throw new Failed(`Clio did not let us make a record in ${resource}: ${status} ${error}`.trim())
}
