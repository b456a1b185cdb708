import { reply } from '../reply.ts'
import type { Route } from '../table.ts'

/** Where a firm is told of things. */
export const channelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms/:firm/channels',
    role: 'viewer',
    summary: 'The channels: when somebody last took what they were told, the last error, and what still waits',
    handle: async ({ ask }) => reply(await ask(docket => docket.channels())),
  },
  {
    method: 'POST',
    path: '/firms/:firm/channels/:name/test',
    role: 'operator',
    summary: 'Tells a channel that this is a test, and answers what the channel answered',
    handle: async ({ ask, caller, param }) => reply(await ask(docket => docket.testChannel(param('name'), caller))),
  },
]
