import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { InboundEvent } from '../../model/event.ts'
import { Park, Refused } from '../../model/intent.ts'
import { help } from '../show/help.ts'
import { type Command, readCommand } from '../speech/command.ts'
import { today, type Wall } from '../speech/when.ts'
import { commandOfForm } from './from-form.ts'
import { contactFields, findMatters, prepareEvent, prepareOpen, timeOfToday } from './look-ups.ts'
import { onMatter } from './on-matter.ts'
import { assigneeOf, clioUser, type Directory, type SlackUser, slackUser, withNames } from './people.ts'
import { type Acting, asked, type Chosen, type Prepared, type Preparing, Question, steps } from './prepared.ts'

/** A command as the source hands it over, in `event.fields`. */
interface Fields {
  readonly text: string
  /** The matter that the person chose from several, or none on purpose. */
  readonly chosen?: Chosen
  /** A form that was sent. */
  readonly form?: JsonObject
}

export async function prepare(event: InboundEvent, deps: Preparing): Promise<Prepared> {
  try {
    return await prepared(event, deps)
  } catch (error) {
    if (error instanceof Question) return asked(error.message)
    if (error instanceof Park) return asked(error.message)
    if (error instanceof Refused) return asked(`Clio refused a look-up (${error.status}): ${error.message}`)
    throw error
  }
}

async function prepared(event: InboundEvent, deps: Preparing): Promise<Prepared> {
  const data = isObject(event.data) ? event.data : {}
  const user = await slackUser(String(data.user ?? ''), deps.directory)
  const wall: Wall = { now: deps.now, timezone: user.timezone ?? deps.timezone, country: deps.country }
  const { text, chosen, form } = event.fields as unknown as Fields
  const command = form ? commandOfForm(form, wall) : readCommand(text, wall)
  if ('question' in command) return asked(command.question)
  if (command.kind === 'help') return { kind: 'answer', message: help }
  if (command.kind === 'link' || command.kind === 'code') return { kind: 'link', user, command }
  const clio = await clioUser(user, deps.directory)
  if (clio === null) return asked(unknownUser(user))
  const done = await carryOut(command, { ...deps, wall, user, me: clio, ...(chosen !== undefined && { chosen }) })
  return done.kind === 'steps' ? { ...done, fields: await named(done.fields, deps.directory) } : done
}

/** What is filed names people as people do. */
async function named(fields: JsonObject, directory: Directory): Promise<JsonObject> {
  const all = Object.entries(fields).map(
    async ([key, value]): Promise<[string, Json]> => [
      key,
      typeof value === 'string' ? await withNames(value, directory) : value,
    ],
  )
  return Object.fromEntries(await Promise.all(all))
}

const unknownUser = (user: SlackUser) =>
  user.email === null
    ? 'I do not know who you are in Clio, so nothing is filed. Say so once: `link` and the e-mail address that you log in to Clio with, for example `link me@firm.example`.'
    : `Nobody in Clio has the e-mail address ${user.email}, so nothing is filed. Say once who you are: \`link\` and the address that you log in to Clio with, for example \`link me@firm.example\`.`

async function carryOut(command: Command, deps: Acting): Promise<Prepared> {
  switch (command.kind) {
    case 'time': {
      const { seconds, date } = command
      return onMatter(command.matter, deps, (matter, name) =>
        steps('time', { ...matter.fields, seconds, date, note: matter.cleaned(command.note, name), user: deps.me.id }),
      )
    }
    case 'expense': {
      const { amount, date } = command
      return onMatter(command.matter, deps, (matter, name) =>
        steps('expense', {
          ...matter.fields,
          amount,
          date,
          note: matter.cleaned(command.note, name),
          user: deps.me.id,
        }),
      )
    }
    case 'note':
    case 'communication':
      return onMatter(command.matter, deps, (matter, name) => {
        const note = matter.cleaned(command.note, name)
        if (note === '') return asked('What is the note? Write it behind the matter.')
        return steps(command.kind, { ...matter.fields, ...noteFields(note, deps) })
      })
    case 'task':
      return prepareTask(command, deps)
    case 'contact':
      return steps('contact', contactFields(command))
    case 'newClient': {
      const { kind: _, description, ...person } = command
      const contact = contactFields({ kind: 'contact', company: null, ...person })
      return steps('intake', { ...contact, description, user: deps.me.id })
    }
    case 'find':
      return findMatters(command, deps)
    case 'open':
      return prepareOpen(command, deps)
    case 'event':
      return prepareEvent(command, deps)
    case 'today':
      return timeOfToday(deps)
    case 'form':
    case 'intake':
    case 'help':
    case 'link':
    case 'code':
      return { kind: 'answer', message: help }
  }
}

/** A note in Clio has the connected user for its author, so it says itself whose it is. */
function noteFields(note: string, { me, wall }: Acting): JsonObject {
  const first = note.split(/[\n.!?]/)[0]!.trim() || note
  const subject = first.length > 80 ? `${first.slice(0, 79)}…` : first
  return { subject, note, detail: `${note}\n\n${me.name}, from Slack`, date: today(wall) }
}

async function prepareTask(command: Extract<Command, { kind: 'task' }>, deps: Acting): Promise<Prepared> {
  const { name, due, priority, description = name } = command
  const assignee = command.assignee === null ? deps.me : await assigneeOf(command.assignee, deps.directory)
  if ('question' in assignee) return asked(assignee.question)
  const fields: JsonObject = {
    name,
    due,
    priority,
    description: `${description}\n\n${deps.me.name}, from Slack`,
    assignee: assignee.id,
    assignee_name: assignee.id === deps.me.id ? null : assignee.name,
  }
  return onMatter(
    command.matter,
    deps,
    matter => steps('task', { ...fields, ...matter.fields }),
    () => steps('task', fields),
  )
}
