import { listAll } from '../../clio/gateway/paging.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { clioLink, context, durationInWords, listed, type Message } from '../show/message.ts'
import type { Command } from '../speech/command.ts'
import { today } from '../speech/when.ts'
import { titleOf } from './matters.ts'
import { onMatter } from './on-matter.ts'
import { type Acting, asked, type Prepared, steps } from './prepared.ts'

/** What is looked up, and what is opened: contacts, matters, appointments, the time of a day. */

export function contactFields({
  first,
  last,
  company,
  email,
  phone,
}: Extract<Command, { kind: 'contact' }>): JsonObject {
  const person = first !== null || last !== null
  return {
    first,
    last: last ?? (person ? null : company),
    person,
    company,
    email,
    phone,
    known: email !== null || phone !== null,
  }
}

export async function prepareEvent(command: Extract<Command, { kind: 'event' }>, deps: Acting): Promise<Prepared> {
  const { summary, start, end } = command
  const calendar = deps.me.calendar
  if (calendar === null) return asked('Clio shows no calendar of yours, so nothing is filed.')
  const fields: JsonObject = { summary, start, end, calendar, timezone: deps.wall.timezone }
  const without = () => steps('event', fields)
  return onMatter(command.matter, deps, matter => steps('event', { ...fields, ...matter.fields }), without)
}

/** Opens a matter for a contact who is there: by the exact name, or by the e-mail address. */
export async function prepareOpen(
  { client, description }: Extract<Command, { kind: 'open' }>,
  deps: Acting,
): Promise<Prepared> {
  const query = { query: client, fields: 'id,name,primary_email_address' }
  const same = (value: unknown) =>
    String(value ?? '')
      .trim()
      .toLowerCase() === client.toLowerCase()
  const records = await listAll({ method: 'GET', path: 'contacts', query }, deps.clio)
  const found = records.filter(one => same(one.name) || same(one.primary_email_address))
  const [one, another] = found
  if (!one)
    return asked(
      `No contact is called “${client}”. Make one first: \`contact ${client} jane@roe.example\`. Or use \`intake\`.`,
    )
  if (another) {
    const all = found.map(each => [each.name, each.primary_email_address].filter(Boolean).join(', ')).slice(0, 5)
    return asked(
      `Several contacts are called “${client}”: ${all.join('; ')}. Write the e-mail address instead of the name.`,
    )
  }
  return steps('matter', {
    client: one.id ?? null,
    client_name: String(one.name ?? client),
    description,
    user: deps.me.id,
  })
}

const shown = 10

export async function findMatters({ query }: Extract<Command, { kind: 'find' }>, deps: Acting): Promise<Prepared> {
  const found = await deps.search(query)
  if (found.length === 0) return asked(`No matter fits “${query}”.`)
  const lines = found.slice(0, shown).map(one => ({
    text: [titleOf(one), one.description, one.status].filter(Boolean).join(', '),
    item: {
      url: clioLink('matters', one.id),
      title: titleOf(one),
      text: [one.description, one.status]
        .filter(Boolean)
        .map(part => `, ${part}`)
        .join(''),
    },
  }))
  const head = found.length === 1 ? 'One matter fits' : `${found.length} matters fit`
  const more =
    found.length > shown ? [context(`The first ${shown} of them. Write more of the number or the name.`)] : []
  const message: Message = {
    text: `${head} “${query}”:\n${lines.map(line => line.text).join('\n')}`,
    blocks: [
      listed(
        `${head} “${query}”:`,
        lines.map(line => line.item),
      ),
      ...more,
    ],
  }
  return { kind: 'answer', message }
}

/** The person's own time of today, entry by entry. */
export async function timeOfToday(deps: Acting): Promise<Prepared> {
  const day = today(deps.wall)
  const query = {
    user_id: String(deps.me.id),
    type: 'TimeEntry',
    start_date: day,
    end_date: day,
    fields: 'id,date,quantity,note,matter{id,display_number}',
  }
  const records = await listAll({ method: 'GET', path: 'activities', query }, deps.clio)
  const entries = records.filter(one => one.date === day)
  const total = entries.reduce((sum, one) => sum + Number(one.quantity ?? 0), 0)
  if (entries.length === 0) return { kind: 'answer', message: { text: 'You have entered no time today.' } }
  const lines = entries.map(({ quantity, matter, note }) => {
    const number = isObject(matter) ? String(matter.display_number ?? '') : 'no matter'
    return `${durationInWords(Number(quantity ?? 0))} on ${number}${note ? `: ${String(note)}` : ''}`
  })
  const head = `You have entered ${durationInWords(total)} today.`
  const items = lines.map(text => ({ text }))
  return { kind: 'answer', message: { text: [head, ...lines].join('\n'), blocks: [listed(head, items)] } }
}
