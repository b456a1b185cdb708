import * as z from 'zod/mini'
import type { Ask } from '../api/firm.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { type Problem, problem } from '../lib/problem.ts'
import type { AgentMay, Caller, FirmRole } from '../model/access.ts'

/** A tool that agents are offered, and what it answers. What is said of it to them is an asset (`Listing`). */

/** One call of one agent on one firm. */
export interface Visit {
  readonly firm: string
  readonly caller: Caller & { readonly agent: AgentMay }
  /** One call on the firm's Docket. */
  readonly ask: Ask
  /** Posts an event to an endpoint of the firm as anybody on the internet may. */
  post(endpoint: string, body: JsonObject, key: string): Promise<Response>
  sleep(ms: number): Promise<void>
}

/**
 * What a tool answers. All that outsiders wrote stands in `untrusted`, and nowhere else: clients, senders, whoever typed it into Clio. What
 * stands beside it is ours: ids, states, codes, times, our own words.
 */
export interface Told {
  readonly [key: string]: Json | undefined
  readonly untrusted?: Json
}

export interface Tool {
  readonly name: string
  readonly role: FirmRole
  /** The least that an agent's token has to say. */
  readonly may: AgentMay
  readonly input: z.ZodMiniType<JsonObject>
  run(given: JsonObject, visit: Visit): Promise<Told | Problem>
}

interface Definition<T extends z.ZodMiniType<object>> extends Omit<Tool, 'input' | 'run'> {
  readonly input: T
  run(given: z.infer<T>, visit: Visit): Promise<Told | Problem>
}

/** The arguments were read by the tool's own shape, so they are of its type. */
export const tool = <T extends z.ZodMiniType<object>>(definition: Definition<T>): Tool => definition as unknown as Tool

export const text = z.string().check(z.minLength(1), z.maxLength(255))
/** Codes of problems whose words are Clio's, which may quote anybody. */
const clioSaid = ['not-in-clio', 'clio-forbids', 'clio-refused', 'clio-unanswered']

/** A refusal as an agent reads it. */
export function refusalOf({ code, status, title, detail, errors, headers }: Problem): Told {
  const wait = headers?.['retry-after']
  const quotes = clioSaid.includes(code)
  return {
    error: {
      code,
      status,
      title,
      ...(quotes ? { todo: todo[code] ?? 'Nothing was changed.' } : { detail }),
      ...(errors && { errors: errors.map(one => ({ ...one })) }),
      ...(wait !== undefined && { retryAfterSeconds: Number(wait) }),
    },
    ...(quotes && { untrusted: { clioSaid: detail } }),
  }
}

const todo: Readonly<Record<string, string>> = {
  'not-in-clio': 'Clio has no record there. Look for it in a list first.',
  'clio-forbids':
    'The Clio user whose connection the firm uses may not see this. A person has to give the permission in Clio.',
  'clio-refused': 'Correct the filters or fields; describe_resource lists them.',
  'clio-unanswered': 'Nothing was changed. Ask again in a moment.',
}

export const notHere = problem(404, 'not-found', 'There is nothing here', 'This token has no firm of that name.')
