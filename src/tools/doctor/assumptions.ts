import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Clinic } from './clinic.ts'

/** What Docketed assumes of Maton and Clio and could not try on the real thing: a row each. */

export interface Assumption {
  readonly name: string
  readonly assumed: string
  /** How it is tried, in words. */
  readonly tried: string
  /** What follows where it does not hold, and what to set. */
  readonly follows: string
  /** What was found instead; null: it holds. @throws Untried */
  try(clinic: Clinic, made: Made): Promise<string | null>
}

/** What `--write` makes, and removes again. */
export interface Made {
  /** Etag from the contact's making. */
  readonly etag: string
  readonly contact: string
  readonly matter: string
  readonly calendar: string
  /** A last name that nobody else has. */
  readonly name: string
  /** ms since the epoch, when the contact was made. */
  readonly at: number
  /** Records made on the way, to be removed. */
  readonly more: string[]
}

/** There was nothing to try it on. */
export class Untried extends Error {}

/** Longest that a search is waited for (ms): SETTLE_SECONDS as it is set when nobody sets it. */
const patience = 90_000
const nobody = '4000000000'

const answered = ({ status }: { readonly status: number }) => `the answer was ${status}`
const clioError = (json: Json) => isObject(json) && isObject(json.error) && typeof json.error.type === 'string'
const emails = (data: JsonObject): JsonObject[] =>
  Array.isArray(data.email_addresses) ? data.email_addresses.filter(isObject) : []

/** Reads only. */
export const reads: readonly Assumption[] = [
  {
    name: 'rate-headers',
    assumed: "The gateway passes Clio's X-RateLimit-Limit, -Remaining and -Reset on.",
    tried: 'GET users/who_am_i, its headers',
    follows: 'The pace cannot be learnt. Write "pace": { "requests": 50, "seconds": 60 } into the document.',
    async try({ call }) {
      const { headers } = await call('GET', 'users/who_am_i')
      const names = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']
      const missing = names.filter(name => !/^\d+$/.test(headers.get(name) ?? ''))
      return missing.length > 0 ? `no ${missing.join(', ')}` : null
    },
  },
  {
    name: 'page-links',
    assumed: 'meta.paging.next of a list carries a page_token, which the gateway takes too.',
    tried: 'GET contacts, one to a page, and the page after it',
    follows:
      'Lists longer than a page are read in part: names and searches may miss records. Report it before going live.',
    async try({ call }) {
      const query = { limit: '1', order: 'id(asc)', fields: 'id' }
      const first = await call('GET', 'contacts', { query })
      const { meta } = isObject(first.json) ? first.json : {}
      if (isObject(meta) && Number(meta.records) < 2) throw new Untried('the account has fewer than two contacts')
      const next = isObject(meta) && isObject(meta.paging) ? String(meta.paging.next ?? '') : ''
      const token = URL.canParse(next) ? new URL(next).searchParams.get('page_token') : null
      if (token === null) return 'no page_token in meta.paging.next'
      const second = await call('GET', 'contacts', { query: { ...query, page_token: token } })
      if (second.status !== 200) return answered(second)
      return second.list[0]?.id === first.list[0]?.id ? 'the second page is the first again' : null
    },
  },
  {
    name: 'missing-record',
    assumed: "A record that is not there is answered 404 in Clio's own shape, so that it is told from a router's 404.",
    tried: `GET contacts/${nobody}`,
    follows: 'A deleted record counts as an answer that cannot be understood: its run parks. Resume it after a look.',
    async try({ call }) {
      const answer = await call('GET', `contacts/${nobody}`)
      if (answer.status !== 404) return answered(answer)
      return clioError(answer.json) ? null : 'a 404 without error.type'
    },
  },
  {
    name: 'unknown-fields',
    assumed: 'A field that does not exist is refused with 400, and told.',
    tried: 'GET contacts with fields=id,docketed_none',
    follows: "What a read asks for may be missing in silence. Check names of custom fields in 'docketed preview'.",
    async try({ call }) {
      const answer = await call('GET', 'contacts', { query: { limit: '1', fields: 'id,docketed_none' } })
      return answer.status === 400 && clioError(answer.json) ? null : answered(answer)
    },
  },
  {
    name: 'unknown-query',
    assumed: 'A filter that does not exist is passed over in silence.',
    tried: 'GET contacts with docketed_none=1',
    follows: 'None for what is in the contract; a filter that Clio has dropped would park its runs.',
    async try({ call }) {
      const answer = await call('GET', 'contacts', { query: { limit: '1', docketed_none: '1' } })
      return answer.status === 200 ? null : answered(answer)
    },
  },
]

/** On records that they make and remove. */
export const writes: readonly Assumption[] = [
  {
    name: 'texts',
    assumed: 'Texts are kept as they are written.',
    tried: 'a contact whose title holds quotes, an ampersand, two blanks and a letter in two parts',
    follows:
      'What was written is compared loosely, so nothing is made twice; but people see other texts than were sent.',
    async try({ call }, { contact }) {
      const title = `"Zoe\u0308"  & O'Neil <b> ☎`
      await call('PATCH', contact, { data: { title } })
      const { data } = await call('GET', contact, { query: { fields: 'title' } })
      return data.title === title ? null : `it came back as ${JSON.stringify(data.title)}`
    },
  },
  {
    name: 'phone-numbers',
    assumed: 'A phone number is kept as it is written.',
    tried: 'a contact with +12125550143',
    follows: 'Every spelling is searched for, so nobody is made twice; searches cost more calls.',
    async try({ call }, { contact }) {
      const number = '+12125550143'
      await call('PATCH', contact, { data: { phone_numbers: [{ name: 'Work', number }] } })
      const { data } = await call('GET', contact, { query: { fields: 'phone_numbers{number}' } })
      const [kept] = Array.isArray(data.phone_numbers) ? data.phone_numbers.filter(isObject) : []
      return kept?.number === number ? null : `it came back as ${JSON.stringify(kept?.number)}`
    },
  },
  {
    name: 'unknown-keys',
    assumed: 'A key that does not exist is dropped in silence.',
    tried: 'PATCH of a contact with docketed_none',
    follows: 'None for what is in the contract; a key that Clio has dropped would park its runs.',
    async try({ call }, { contact }) {
      const answer = await call('PATCH', contact, { data: { docketed_none: 'x' } })
      return answer.status === 200 ? null : answered(answer)
    },
  },
  {
    name: 'lists',
    assumed: 'PATCH of a list adds an item without id, and keeps the others.',
    tried: 'a second e-mail address for a contact',
    follows: 'An update would take addresses away! Use "existing": "keep" in every upsert, and report it.',
    async try({ call }, { contact, name }) {
      const address = `second@${name.toLowerCase()}.example`
      await call('PATCH', contact, { data: { email_addresses: [{ name: 'Home', address }] } })
      const { data } = await call('GET', contact, { query: { fields: 'email_addresses{address}' } })
      return emails(data).length === 2 ? null : `the contact has ${emails(data).length} of 2 addresses`
    },
  },
  {
    name: 'if-match',
    assumed: 'The gateway passes If-Match on: a PATCH on an older state is answered 412.',
    tried: 'PATCH of a contact with the etag of its making, after a change',
    follows: 'An update may overwrite what a person changed within the same second. Nothing can be set.',
    async try({ call }, { contact, etag }) {
      await call('PATCH', contact, { data: { title: 'changed' } })
      const answer = await call('PATCH', contact, { data: { title: 'stale' }, headers: { 'if-match': etag } })
      return answer.status === 412 ? null : answered(answer)
    },
  },
  {
    name: 'late-list',
    assumed: 'A list shows a record as soon as it is made.',
    tried: 'GET contacts, created since a minute before',
    follows: 'After a lost answer a record may be missed and made again: set SETTLE_SECONDS above the delay.',
    async try({ call }, { contact, at }) {
      const since = new Date(at - 60_000).toISOString().slice(0, 19)
      const { list } = await call('GET', 'contacts', { query: { created_since: `${since}Z`, fields: 'id' } })
      return list.some(({ id }) => contact === `contacts/${id}`) ? null : 'the contact is not in it'
    },
  },
  {
    name: 'late-search',
    assumed: 'A search finds a record within seconds of its making.',
    tried: `GET contacts with query, again and again for ${patience / 1000} s`,
    follows: 'Two deliveries for one new person within the delay may make two contacts. Set SETTLE_SECONDS above it.',
    async try({ call, sleep, now }, { contact, name, at }) {
      for (;;) {
        const { list } = await call('GET', 'contacts', { query: { query: name, fields: 'id' } })
        const seconds = Math.round((now() - at) / 1000)
        if (list.some(({ id }) => contact === `contacts/${id}`)) return seconds <= 10 ? null : `after ${seconds} s`
        if (now() - at > patience) return `not within ${seconds} s`
        await sleep(5000)
      }
    },
  },
  {
    name: 'all-day',
    assumed: 'The end of an all-day entry is kept as it is written.',
    tried: 'an all-day entry on a day in 2031',
    follows: 'All-day bookings may show a day too long or too short. Compare one in Clio, and report it.',
    async try({ call }, { calendar, more }) {
      const times = { start_at: '2031-03-03T00:00:00Z', end_at: '2031-03-04T00:00:00Z' }
      const data = { summary: 'Docketed doctor', all_day: true, calendar_owner: { id: Number(calendar) }, ...times }
      const query = { fields: 'id,end_at' }
      const answer = await call('POST', 'calendar_entries', { query, data })
      if (answer.status !== 201) return answered(answer)
      more.push(`calendar_entries/${answer.data.id}`)
      const same = Date.parse(String(answer.data.end_at)) === Date.parse(times.end_at)
      return same ? null : `sent ${times.end_at}, came back as ${answer.data.end_at}`
    },
  },
  {
    name: 'entry-with-matter',
    assumed: 'A calendar entry may be made with its matter at once.',
    tried: 'an entry with the matter of the contact',
    follows: 'Nothing to set: the entry is made without, and the matter is added by a second call.',
    async try({ call }, { calendar, matter, more }) {
      const times = { start_at: '2031-03-03T10:00:00Z', end_at: '2031-03-03T11:00:00Z' }
      const links = { calendar_owner: { id: Number(calendar) }, matter: { id: Number(matter.split('/')[1]) } }
      const answer = await call('POST', 'calendar_entries', {
        data: { summary: 'Docketed doctor', ...times, ...links },
      })
      if (answer.status !== 201) return answered(answer)
      more.push(`calendar_entries/${answer.data.id}`)
      return null
    },
  },
  {
    name: 'put-url-again',
    assumed: 'Where a file was not uploaded yet, its put_url can be read again.',
    tried: 'a document on the matter, made and read without an upload',
    follows: 'An upload that was cut off leaves an empty document: its run parks, and a person adds the file.',
    async try({ call }, { matter, more }) {
      const parent = { id: Number(matter.split('/')[1]), type: 'Matter' }
      const answer = await call('POST', 'documents', { data: { name: 'Docketed doctor.txt', parent } })
      if (answer.status !== 201) return answered(answer)
      const path = `documents/${answer.data.id}`
      more.push(path)
      const { data } = await call('GET', path, { query: { fields: 'latest_document_version{uuid,put_url}' } })
      const version = data.latest_document_version
      return isObject(version) && typeof version.put_url === 'string' ? null : 'the version has no put_url'
    },
  },
]
