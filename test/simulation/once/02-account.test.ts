import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { Action } from '../../../src/sandbox/trouble.ts'
import { World } from '../world.ts'
import { carriedOut, firmWith, made, minute, worldOf } from './house.ts'

const entry = {
  summary: 'Meeting',
  start_at: '2026-12-01T15:00:00Z',
  end_at: '2026-12-01T16:00:00Z',
  calendar_owner: 'sam@smith.example',
}
const steps: JsonObject = {
  meeting: { create: 'calendar_entries', link: 'meeting', if: "fields.kind == 'booked'", with: entry },
  off: { delete: 'calendar_entries', id: '{{ links.meeting }}', if: "fields.kind == 'off'" },
}

/** A firm with one booking, and another account in which strangers' entries stand under the ids that the firm's get. */
async function booked() {
  const world = new World({ config: firmWith(steps), index: false })
  const other = world.sandbox.account('other')
  const strangers = Array.from({ length: 60 }, () => other.insert('calendar_entries', { summary: 'Stranger' }).id)
  const deliver = (kind: string, key: string) =>
    world.deliver('website', { fields: { kind }, subject: 'the booking' }, key)!
  const run = deliver('booked', '1')
  await world.clock.run()
  const untouched = () => strangers.filter(id => other.get('calendar_entries', id)).length
  return { world, run, deliver, untouched, strangers }
}

describe('the connection moves to another account', () => {
  it('a cancellation deletes no stranger’s entry, there or back again', async () => {
    const { world, deliver, untouched, strangers } = await booked()
    world.move('other')
    const off = deliver('off', '2')
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(untouched()).toBe(strangers.length)
    expect(world.run(off).state).toBe('done')
    world.move('smith')
    deliver('off', '3')
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(made(world, 'calendar_entries')).toHaveLength(0)
    expect(untouched()).toBe(strangers.length)
    world.close()
  })

  it('an undo is refused in words there, and done back again', async () => {
    const { world, run, untouched, strangers } = await booked()
    world.move('other')
    await world.clock.run({ until: world.clock.now + minute })
    expect(world.clerk.desk.undo(run, true)).toMatchObject({ status: 409, code: 'other-account' })
    world.move('smith')
    await world.clock.run({ until: world.clock.now + minute })
    const undo = world.clerk.desk.undo(run, true)
    await world.clock.run({ until: world.clock.now + minute })
    expect(world.run((undo as { id: string }).id).state).toBe('done')
    expect(made(world, 'calendar_entries')).toHaveLength(0)
    expect(untouched()).toBe(strangers.length)
    world.close()
  })

  it('what was begun parks there with its reason, and goes on back again; a redelivery changes nothing', async () => {
    const { world, deliver } = await booked()
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'lose' } })
    const second = deliver('booked', '2')
    await world.clock.run({ until: world.clock.now + 10_000 })
    world.move('other')
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.run(second)).toMatchObject({
      state: 'parked',
      reason: expect.stringContaining('another Clio account'),
    })
    expect(world.clerk.desk.resume(second, 'own')).toMatchObject({ status: 409, code: 'other-account' })
    expect(deliver('booked', '2')).toBe(second)
    world.move('smith')
    await world.clock.run({ until: world.clock.now + minute })
    world.operate(clerk => clerk.desk.resume(second, 'own'))
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.run(second).state).toBe('done')
    expect(made(world, 'calendar_entries')).toHaveLength(2)
    expect(made(world, 'calendar_entries', 'other').filter(row => row.data.summary === 'Meeting')).toHaveLength(0)
    world.close()
  })

  it('a parked run opens no matter there for whoever has the client’s id', async () => {
    const client = { type: 'Person', first_name: 'Pat', last_name: 'Doe' }
    const matter = { client: '{{ steps.client }}', status: 'pending', description: 'Divorce' }
    const world = worldOf({
      client: { create: 'contacts', with: client },
      stop: { park: 'Look first' },
      matter: { create: 'matters', with: matter },
    })
    const other = world.sandbox.account('other')
    for (let n = 0; n < 60; n++) other.insert('contacts', { ...client, last_name: 'Stranger' })
    const run = await carriedOut(world)
    world.move('other')
    await world.clock.run({ until: world.clock.now + minute })
    expect(world.clerk.desk.resume(run, 'own')).toMatchObject({ status: 409, code: 'other-account' })
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(made(world, 'matters', 'other')).toHaveLength(0)
    world.move('smith')
    await world.clock.run({ until: world.clock.now + minute })
    world.operate(clerk => clerk.desk.resume(run, 'own'))
    await world.clock.run()
    expect([world.run(run).state, made(world, 'matters').length]).toEqual(['done', 1])
    world.close()
  })

  it('a connection that is granted anew, for another account, is another account', async () => {
    const { world, run, deliver, untouched, strangers } = await booked()
    const [granted] = world.sandbox.connections.all()
    world.sandbox.connections.expire(granted!, 401)
    const off = deliver('off', '2')
    await world.clock.run({ until: world.clock.now + 20_000 })
    world.sandbox.connections.activate(granted!, 'other')
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.run(off)).toMatchObject({ state: 'parked', reasonCode: 'other-account' })
    expect(world.clerk.desk.undo(run, true)).toMatchObject({ status: 409, code: 'other-account' })
    expect(untouched()).toBe(strangers.length)
    world.sandbox.connections.expire(granted!, 401)
    const there = world.deliver('website', { fields: { kind: 'booked' }, subject: 'another booking' }, '3')!
    await world.clock.run({ until: world.clock.now + 20_000 })
    world.sandbox.connections.activate(granted!, 'smith')
    await world.clock.run({ until: world.clock.now + 5 * minute })
    world.operate(clerk => clerk.desk.resume(off, 'own'))
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect([world.run(off).state, made(world, 'calendar_entries').length]).toEqual(['done', 0])
    expect(world.run(there)).toMatchObject({ state: 'parked', reasonCode: 'other-account' })
    expect(untouched()).toBe(strangers.length)
    world.close()
  })

  it.each(['other', 'smith'])(
    'what comes in before Clio has said where the firm is now is carried out there: %s',
    async account => {
      const { world, run, deliver, untouched, strangers } = await booked()
      // Clio says it ten seconds later.
      world.sandbox.trouble.add({ path: 'who_am_i', times: 1, action: { do: 'slow', ms: 10_000 } })
      if (account === 'smith') world.sandbox.trouble.add({ path: 'who_am_i', action: { do: 'fail', status: 502 } })
      world.random = () => 1
      world.move('other')
      await world.clock.run({ until: world.clock.now + 5000 })
      const early = deliver('booked', '2')
      expect(world.clerk.desk.undo(run, true)).toMatchObject({
        status: 409,
        detail: expect.stringContaining('not said yet'),
      })
      if (account === 'smith') {
        world.move('smith')
        world.sandbox.trouble.clear()
      }
      await world.clock.run({ until: world.clock.now + 5 * minute })
      expect(world.run(early).state).toBe('done')
      const meetings = (of: string) => made(world, 'calendar_entries', of).filter(row => row.data.summary === 'Meeting')
      expect(meetings('other')).toHaveLength(account === 'other' ? 1 : 0)
      expect(meetings('smith')).toHaveLength(account === 'other' ? 1 : 2)
      expect(untouched()).toBe(strangers.length)
      world.close()
    },
  )

  it('a Clio that knows us, but does not say where we are, lets no call go', async () => {
    const { world, deliver } = await booked()
    world.sandbox.trouble.add({ path: 'who_am_i', times: 1, action: { do: 'fail', status: 403 } })
    world.random = () => 1
    world.move('other')
    const early = deliver('booked', '2')
    await world.clock.run({ until: world.clock.now + 20_000 })
    expect(world.run(early).state).toBe('accepted')
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.run(early).state).toBe('done')
    world.close()
  })

  it('a connection that is granted anew behind our back is another account within the hour', async () => {
    const { world, run, deliver, untouched, strangers } = await booked()
    const [granted] = world.sandbox.connections.all()
    await world.clock.run({ until: world.clock.now + 61 * minute })
    world.sandbox.connections.activate(granted!, 'other')
    const off = deliver('off', '2')
    await world.clock.run({ until: world.clock.now + minute })
    expect(world.run(off)).toMatchObject({ state: 'parked', reasonCode: 'other-account' })
    expect(world.clerk.desk.undo(run, true)).toMatchObject({ status: 409, code: 'other-account' })
    expect(untouched()).toBe(strangers.length)
    world.close()
  })

  it('that is asked once an hour, of a firm that has something to do', async () => {
    const world = worldOf({ task: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    const asked = () => world.sandbox.ledger.entries.filter(({ path }) => path === 'users/who_am_i').length
    for (let n = 0; n < 40; n++) {
      world.deliver('website', { fields: { n } }, `key ${n}`)
      await world.clock.run({ until: world.clock.now + 6 * minute })
    }
    expect([asked(), made(world, 'tasks').length]).toEqual([3, 40])
    await world.clock.run({ until: world.clock.now + 24 * 60 * minute })
    expect(asked()).toBe(3)
    world.close()
  })

  it('the firm’s contacts are not looked for there, though the same connection was granted anew', async () => {
    const address = (email: string) => [{ name: 'Work', address: email }]
    const client = {
      type: 'Person',
      first_name: 'Pat',
      last_name: 'Doe',
      email_addresses: address('{{ fields.email }}'),
    }
    const matter = { client: '{{ steps.client }}', description: 'Divorce' }
    const world = new World({
      config: firmWith({
        client: { upsert: 'contacts', match: ['email_addresses'], with: client },
        matter: { create: 'matters', with: matter },
      }),
    })
    const other = world.sandbox.account('other')
    const strangers = Array.from(
      { length: 60 },
      () => other.insert('contacts', { type: 'Person', name: 'Stranger' }).id,
    )
    const comes = async (n: number) => {
      const run = world.deliver('website', { fields: { email: 'pat@x.example', n } }, `key ${n}`)!
      await world.clock.run({ until: world.clock.now + 5 * minute })
      return run
    }
    await comes(1)
    await world.clock.run({ until: world.clock.now + 61 * minute })
    world.sandbox.connections.activate(world.sandbox.connections.all()[0]!, 'other')
    await comes(2)
    const there = await comes(3)
    const clients = made(world, 'matters', 'other').map(({ data }) => (data.client as JsonObject).id)
    expect([world.run(there).state, clients.length]).toEqual(['done', 1])
    expect(strangers).not.toContain(clients[0])
    world.close()
  })

  it.each<[string, JsonObject]>([
    ['task', { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } }],
    [
      'contact',
      {
        upsert: 'contacts',
        match: ['email_addresses'],
        with: {
          type: 'Person',
          last_name: 'Doe',
          email_addresses: [{ name: 'Work', address: 'pat{{ fields.n }}@x.example' }],
        },
      },
    ],
  ])('a replay there waits for no %s whose call is in doubt here', async (_, step) => {
    const world = worldOf({ step })
    world.deliver('website', { fields: { n: 0 } }, 'key 0')
    await world.clock.run({ until: world.clock.now + minute })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'lose' } })
    const run = world.deliver('website', { fields: { n: 1 } }, 'key 1')!
    await world.clock.run({ until: world.clock.now + 10_000 })
    world.move('other')
    await world.clock.run({ until: world.clock.now + minute })
    expect(world.run(run)).toMatchObject({ state: 'parked', reasonCode: 'other-account' })
    world.operate(clerk => clerk.desk.replay(run))
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.runs().at(-1)?.state).toBe('done')
    world.close()
  })

  it('a call that was lost while the firm moved holds nobody up once its run is discarded', async () => {
    const world = worldOf({ task: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'hang' } })
    const run = world.deliver('website', { fields: { n: 1 } }, 'key 1')!
    await world.clock.run({ until: world.clock.now + 10_000 })
    world.random = () => 0
    world.move('other')
    await world.clock.run({ until: world.clock.now + minute })
    world.operate(clerk => clerk.desk.discard(run))
    world.move('smith')
    await world.clock.run({ until: world.clock.now + minute })
    const equal = world.deliver('website', { fields: { n: 2 } }, 'key 2')!
    await world.clock.run({ until: world.clock.now + 10 * minute })
    expect([world.run(run).state, world.run(equal).state]).toEqual(['discarded', 'done'])
    world.close()
  })

  it('what Clio tells there of a record under the id of one that we made here is no write of ours', async () => {
    const answer = { create: 'notes', with: { type: 'Matter', subject: 'Seen', matter: '{{ fields.id }}' } }
    const watch = {
      clio: { source: 'clio', secret: '$HOOK', url: 'https://docketed.example', watch: { matter: '$M' } },
    }
    const open = { create: 'matters', with: { client: '{{ fields.client }}', description: 'Divorce' } }
    const rules = [
      { name: 'open', on: { endpoint: 'website', type: 'form.submitted' }, steps: { open } },
      { name: 'answer', on: { endpoint: 'clio', type: 'matter.created' }, steps: { answer } },
    ]
    const endpoints = { website: { source: 'form' }, ...watch }
    const world = worldOf({}, {}, { endpoints, rules })
    const client = world.sandbox.account('smith').all('contacts')[0]!.id
    world.deliver('website', { fields: { client } }, 'key')
    await world.clock.run({ until: world.clock.now + minute })
    const [ours] = made(world, 'matters')
    while (!world.sandbox.account('other').get('matters', ours!.id))
      world.sandbox.account('other').insert('matters', { description: 'A stranger’s' })
    world.move('other')
    await world.clock.run({ until: world.clock.now + 30_000 })
    const told = { source: 'clio', type: 'matter.created', subject: `matter ${ours!.id}`, fields: { id: ours!.id } }
    const run = world.deliver('clio', told, 'told')!
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect([world.run(run).state, made(world, 'notes', 'other').length]).toEqual(['done', 1])
    world.close()
  })

  it('a list that was asked for here tells no name there', async () => {
    const world = worldOf({ task: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    const other = world.sandbox.account('other')
    for (const user of other.all('users')) other.replace(user, { ...user.data, email: `${user.id}@other.example` })
    world.sandbox.trouble.add({ method: 'GET', path: '^users$', times: 1, action: { do: 'slow', ms: 10_000 } })
    world.deliver('website', { fields: { n: 1 } }, 'key 1')
    await world.clock.run({ until: world.clock.now + 5000 })
    world.random = () => 0
    world.move('other')
    const there = world.deliver('website', { fields: { n: 2 } }, 'key 2')!
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.run(there)).toMatchObject({ state: 'parked', reasonCode: 'unknown-name' })
    world.close()
  })

  it.each<[string, Action]>([
    ['is lost', { do: 'lose' }],
    ['breaks off', { do: 'fail', status: 502 }],
    ['wants to wait', { do: 'fail', status: 429 }],
    ['says not where we are', { do: 'fail', status: 403 }],
    ['is of a connection that is lost', { do: 'fail', status: 401 }],
  ])('an answer to it that %s stops nothing for long, and lets nothing go in between', async (_, action) => {
    const { world, deliver, untouched, strangers } = await booked()
    await world.clock.run({ until: world.clock.now + 61 * minute })
    world.sandbox.trouble.add({ path: 'who_am_i', times: 1, action })
    const off = deliver('off', '2')
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect([world.run(off).state, made(world, 'calendar_entries').length]).toEqual(['done', 0])
    expect(untouched()).toBe(strangers.length)
    world.close()
  })
})
