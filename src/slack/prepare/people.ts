import { list } from '../../clio/names/resolve.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Clio } from '../../model/intent.ts'
import type { Who } from '../speech/text.ts'

/** Who is who: a Slack user is the Clio user with the same e-mail address, or the one that a confirmed link names. */

/** What Slack tells of a user. */
export interface SlackUser {
  readonly id: string
  readonly name: string
  /** Null: Slack does not tell, or the person is not one of this workspace. */
  readonly email: string | null
  /** IANA name; null where Slack does not tell. */
  readonly timezone: string | null
}

export interface ClioUser {
  readonly id: number
  readonly name: string
  readonly email: string
  /** Their own calendar; null: Clio tells of none. */
  readonly calendar: number | null
}

/** What looking people up needs. */
export interface Directory {
  readonly clio: Pick<Clio, 'read' | 'cached'>
  /** `users.info`; an answer that is not `ok` is a refusal. Throws when Slack does not answer. */
  userInfo(id: string): Promise<JsonObject>
  /** The e-mail address that a Slack user has confirmed to be theirs in Clio. */
  linked(id: string): string | null
}

const hour = 3_600_000

export async function slackUser(id: string, { clio, userInfo }: Directory): Promise<SlackUser> {
  const load = async (): Promise<Json> => {
    const { user } = await userInfo(id)
    if (!isObject(user)) throw new Untold()
    const profile = isObject(user.profile) ? user.profile : {}
    const text = (value: Json | undefined) => (typeof value === 'string' && value !== '' ? value : null)
    // Who comes from another workspace, or is no person, is nobody of the firm's, whatever address they show.
    const foreign = user.is_stranger === true || user.is_bot === true || user.deleted === true
    return {
      id,
      name: text(profile.real_name) ?? text(user.real_name) ?? text(user.name) ?? id,
      email: foreign ? null : text(profile.email),
      timezone: text(user.tz),
    }
  }
  try {
    return (await clio.cached(`slack:user:${id}`, hour, load)) as unknown as SlackUser
  } catch (error) {
    if (error instanceof Untold) return { id, name: id, email: null, timezone: null }
    throw error
  }
}

/** Slack did not say: not kept, for whoever mends the app is not to wait for an hour. */
class Untold extends Error {}

/** The Clio user behind a Slack user; null when nobody knows. */
export async function clioUser(user: SlackUser, directory: Directory): Promise<ClioUser | null> {
  const email = directory.linked(user.id) ?? user.email
  return email === null ? null : userByEmail(email, directory.clio)
}

export async function userByEmail(email: string, clio: Directory['clio']): Promise<ClioUser | null> {
  const wanted = email.trim().toLowerCase()
  const found = (await users(clio)).filter(one => one.email.toLowerCase() === wanted)
  return found.length === 1 ? found[0]! : null
}

/** Whom a task is for: a Slack user, or a name as colleagues say it (`sam`). */
export async function assigneeOf(who: Who, directory: Directory): Promise<ClioUser | { readonly question: string }> {
  if ('id' in who) {
    const user = await slackUser(who.id, directory)
    return (
      (await clioUser(user, directory)) ?? {
        question: `I do not know who ${user.name} is in Clio. They can say so themselves: \`link\` and their Clio e-mail address.`,
      }
    )
  }
  const name = who.name.toLowerCase()
  const all = await users(directory.clio)
  const found = all.filter(
    one =>
      one.email.toLowerCase() === name ||
      one.email.toLowerCase().split('@')[0] === name ||
      one.name.toLowerCase().split(' ').includes(name),
  )
  if (found.length === 1) return found[0]!
  if (found.length > 1)
    return {
      question: `Which one do you mean by “${who.name}”: ${found.map(one => one.name).join(', ')}? Write the e-mail address.`,
    }
  return { question: `Nobody in Clio is called “${who.name}”. Write the e-mail address, or one of ${some(all)}.` }
}

const some = (all: readonly ClioUser[]) =>
  all
    .slice(0, 5)
    .map(one => one.name)
    .join(', ') + (all.length > 5 ? ', …' : '')

async function users(clio: Directory['clio']): Promise<ClioUser[]> {
  return (await list('users', clio)).flatMap(({ id, name, email, enabled, default_calendar_id: own }) =>
    typeof id === 'number' && typeof email === 'string' && enabled !== false
      ? [{ id, name: typeof name === 'string' ? name : email, email, calendar: typeof own === 'number' ? own : null }]
      : [],
  )
}

/** A text with the names of people whom Slack told by their ids only. */
export async function withNames(text: string, directory: Directory): Promise<string> {
  let named = text
  for (const id of new Set([...text.matchAll(/<@([A-Z0-9]{1,64})>/g)].map(([, id]) => id!))) {
    const { name } = await slackUser(id, directory)
    named = named.replaceAll(`<@${id}>`, name === id ? 'somebody' : name)
  }
  return named
}
