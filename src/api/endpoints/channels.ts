import { reply } from '../reply.ts'
import type { Route } from '../table.ts'

/** Where a firm is told of things. */
export const channelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms/:firm/channels',
    role: 'viewer',
    handle: async ({ ask }) => reply(await ask(docket => docket.channels())),
  },
  {
    method: 'POST',
    path: '/firms/:firm/channels/:name/test',
    role: 'operator',
    handle: async ({ ask, caller, param }) => reply(await ask(docket => docket.testChannel(param('name'), caller))),
  },
]
