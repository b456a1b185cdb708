import * as z from 'zod/mini'
import type { Sources } from '../src/configuration/configuration.ts'
import type { Conversation } from '../src/model/conversation.ts'
import type { Source } from '../src/model/source.ts'
import { secretOption } from '../src/platform/secrets.ts'
import { conversation } from '../src/slack/conversation.ts'

/** Sources as a configuration sees them: names, event types, options. None of them receives anything. */

function source(
  name: string,
  types: string[],
  signed: boolean,
  options: z.ZodMiniType,
  conversation?: Conversation,
): [string, Source<unknown>] {
  const described = {
    name,
    types,
    signed,
    options,
    verifiedBy: 'a test',
    keyedBy: 'a test',
    ...(conversation && { conversation }),
  }
  return [
    name,
    {
      ...described,
      verify: async () => ({ ok: true }),
      parse: async () => [],
    },
  ]
}

export const registry: Sources = new Map([
  source(
    'form',
    ['form.submitted'],
    false,
    z.strictObject({ origins: z.optional(z.array(z.string())), redirect: z.optional(z.url()) }),
  ),
  source(
    'calendly',
    ['booking.created', 'booking.canceled', 'booking.rescheduled'],
    true,
    z.strictObject({ secret: secretOption }),
  ),
  source(
    'slack',
    ['command.run', 'form.submitted'],
    true,
    z.strictObject({ secret: secretOption, token: z.optional(secretOption) }),
    conversation as Conversation,
  ),
  source('standard-webhooks', ['*'], true, z.strictObject({ secret: secretOption })),
])
