import { recordOf } from '../../../src/model/intent.ts'
import { everything, idIn, listing, type Operation, search } from './operation.ts'

/** Who is there, and who is told. */

const me: Operation = {
  resource: 'users',
  does: 'who am I',
  run: firm => firm.clio.read({ method: 'GET', path: 'users/who_am_i', query: { fields: 'id,name,email' } }),
  calls: ['GET users/who_am_i'],
  effect: (firm, answer) => ({
    seen: recordOf(answer),
    is: { ...idIn(firm, 'users', 'sam@smith.example'), name: 'Sam Smith' },
  }),
}

/** What Zapier's triggers (New Matter, Bill State Updated …) are made of. */
const webhook = everything({
  resource: 'webhooks',
  fields: 'id,url,model,events,status,expires_at',
  create: {
    with: {
      url: 'https://smith.example/clio',
      model: 'matter',
      fields: 'id,display_number,status',
      events: ['created', 'matter_closed'],
      expires_at: '2026-11-14T12:00:00Z',
    },
    calls: ['POST webhooks'],
    stands: () => ({ model: 'matter', events: ['created', 'matter_closed'], expires_at: '2026-11-14T12:00:00Z' }),
  },
  update: {
    with: { expires_at: '2026-11-15T12:00:00Z' },
    calls: ['GET webhooks/#', 'PATCH webhooks/#'],
    stands: () => ({ model: 'matter', expires_at: '2026-11-15T12:00:00Z' }),
  },
})

export const account: readonly Operation[] = [
  me,
  listing({ resource: 'users', fields: 'id,name,email,enabled' }, async () => ({})),
  search(
    'users',
    'find by name',
    { name: 'Ina Take' },
    ['GET users'],
    firm => ({ ...idIn(firm, 'users', 'intake@smith.example'), email: 'intake@smith.example' }),
    { zapier: 'Find User' },
  ),
  ...webhook,
]
