import { afterEach, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Row } from '../../../src/sandbox/clio/store.ts'
import type { Entry } from '../../../src/sandbox/ledger.ts'
import { configuration, intake, onceEach, standing } from '../firm.ts'
import { World, type WorldOptions } from '../world.ts'

/** The firm's own index of its contacts: what an intake costs, and that it never knows less than Clio's search would have found. */

const pace = { requests: 50, seconds: 60 }
const worlds: World[] = []
function world(options: Partial<WorldOptions> = {}): World {
  const made = new World({ config: configuration(pace), sandbox: { limit: pace }, ...options })
  worlds.push(made)
  return made
}
afterEach(() => {
  for (const one of worlds.splice(0)) one.close()
})

const person = (n: number, more: JsonObject = {}): JsonObject => ({
  type: 'Person',
  first_name: 'Pat',
  last_name: `Doe${n}`,
  email_addresses: [{ id: 500_000 + n, name: 'Work', address: `pat${n}@x.example`, default_email: true }],
  ...more,
})

const account = (one: World) => one.sandbox.account('smith')
/** Contacts that stand in Clio before the firm comes. */
function populate(one: World, count: number, make: (n: number) => JsonObject = person): Row[] {
  return Array.from({ length: count }, (_, n) => account(one).insert('contacts', make(n)))
}
/** Somebody changes a contact by hand. */
function change(one: World, { id }: Row, values: JsonObject): void {
  const row = account(one).get('contacts', id)!
  account(one).replace(row, { ...row.data, ...values })
}

const called = (one: World, method: string, path: string): Entry[] =>
  one.sandbox.ledger.entries.filter(entry => entry.method === method && new RegExp(`^${path}$`).test(entry.path))
/** Pages of the first pass. */
const whole = (one: World): Entry[] =>
  called(one, 'GET', 'contacts').filter(({ query }) => !/query=|updated_since/.test(query))
const searches = (one: World): Entry[] => called(one, 'GET', 'contacts').filter(({ query }) => query.includes('query='))
const states = (one: World): string[] => [...new Set(one.runs().map(run => run.state))]
const contacts = (one: World): number => account(one).all('contacts').length
const indexed = (one: World): Json[] => one.disk.query('select id from contacts').map(row => Number(row.id))
const synced = (one: World): boolean => one.reader.meta.get<JsonObject>('contacts')?.syncedAt != null

/** Calls that came of what happens within. */
async function cost(one: World, happens: () => void): Promise<number> {
  const before = one.sandbox.ledger.entries.length
  happens()
  await one.clock.run()
  return one.sandbox.ledger.entries.length - before
}

function burst(one: World, count: number, from = 0): void {
  for (let n = from; n < from + count; n++) intake(one, n)
}

describe('what an intake costs (contact, matter, task)', () => {
  it('of 60 unknown people: three calls each, and what they share', async () => {
    const one = world()
    await one.clock.run()
    const calls = (await cost(one, () => burst(one, 60))) / 60
    console.info(`60 unknown people: ${calls.toFixed(2)} calls an intake`)
    expect(standing(one)).toEqual(onceEach(60))
    expect(searches(one)).toEqual([])
    expect(calls).toBeGreaterThanOrEqual(3)
    expect(calls).toBeLessThanOrEqual(3.3)
  })

  it('of 60 known people who tell nothing new: two calls each', async () => {
    const one = world()
    populate(one, 60)
    await one.clock.run()
    const calls = (await cost(one, () => burst(one, 60))) / 60
    console.info(`60 known people: ${calls.toFixed(2)} calls an intake`)
    expect(standing(one)).toEqual(onceEach(60))
    expect(called(one, 'PATCH', 'contacts/.*')).toEqual([])
    expect(calls).toBeGreaterThanOrEqual(2)
    expect(calls).toBeLessThanOrEqual(2.3)
  })

  it('of a firm that was configured this very moment: the index is there with the first page', async () => {
    const one = world()
    const calls = (await cost(one, () => burst(one, 60))) / 60
    expect(calls).toBeLessThanOrEqual(3.6)
    expect(states(one)).toEqual(['done'])
  })

  it('of one person at a time: one more call, for the news since the last', async () => {
    const one = world()
    burst(one, 1)
    await one.clock.run()
    expect(await cost(one, () => burst(one, 1, 1))).toBe(4)
  })
})

describe('filling', () => {
  it('goes on beside a backlog, which is done no later for it', async () => {
    const drained = async (index: boolean): Promise<{ one: World; took: number }> => {
      const one = world({ index })
      populate(one, 450, n => person(1000 + n))
      const from = one.clock.now
      burst(one, 100)
      await one.clock.run()
      expect(states(one)).toEqual(['done'])
      return { one, took: Math.max(...one.runs().map(run => run.finishedAt!)) - from }
    }
    const [with_, without] = [await drained(true), await drained(false)]
    // 450, three of the sandbox's own, and those that came.
    expect(indexed(with_.one)).toHaveLength(contacts(with_.one))
    expect(whole(with_.one)).toHaveLength(3)
    expect(searches(with_.one).length).toBeLessThan(60)
    expect(with_.took).toBeLessThanOrEqual(without.took)
    expect(with_.one.sandbox.ledger.entries.filter(entry => entry.status === 429)).toEqual([])
  })

  it('leaves half of the pace to those who come meanwhile', async () => {
    const one = world()
    populate(one, 12_000, n => person(1000 + n, { email_addresses: [] }))
    await one.clock.run({ until: one.clock.now + 20_000 })
    expect(synced(one)).toBe(false)
    expect(one.clerk.drain.turnstile.used).toBeLessThanOrEqual(pace.requests / 2)
    burst(one, 3)
    await one.clock.run({ until: one.clock.now + 3000 })
    expect(states(one)).toEqual(['done'])
    await one.clock.run()
    expect(synced(one)).toBe(true)
    expect(indexed(one)).toHaveLength(12_006)
  })

  it('does not begin for a firm that never looks among its contacts', async () => {
    const config = configuration(pace)
    const rules = (config.rules as JsonObject[]).filter(rule => rule.name !== 'intake')
    const one = world({ config: { ...config, rules } })
    await one.clock.run()
    expect(one.sandbox.ledger.entries).toEqual([])
    expect(one.clerk.hasWork()).toBe(false)
  })

  it('ends: a filled index asks for nothing any more', async () => {
    const one = world()
    await one.clock.run()
    expect(one.clerk.hasWork()).toBe(false)
    expect(await one.clerk.wake()).toBe(false)
    await one.clock.run({ until: one.clock.now + 86_400_000 })
    expect(one.sandbox.ledger.entries).toHaveLength(1)
  })

  it('a kill at every point of it: it goes on from the last page that was kept, and nobody is missing', async () => {
    const filled = async (one: World): Promise<void> => {
      populate(one, 450)
      await one.clock.run()
    }
    const calm = world()
    await filled(calm)
    const points = calm.passed.length
    expect(points).toBeGreaterThan(10)
    for (let point = 0; point < points; point++) {
      const one = world()
      one.dieAtPoint(point)
      await filled(one)
      expect(synced(one), `killed at point ${point}`).toBe(true)
      expect(indexed(one), `killed at point ${point}`).toHaveLength(453)
      expect(called(one, 'GET', 'contacts').length).toBeLessThanOrEqual(4)
    }
  })

  it('a Clio that will not give the list: it is searched, as if there were no index', async () => {
    const one = world()
    one.sandbox.trouble.add({ method: 'GET', path: '^contacts$', times: 1, action: { do: 'fail', status: 422 } })
    await one.clock.run({ until: one.clock.now + 1000 })
    burst(one, 3)
    await one.clock.run({ until: one.clock.now + 60_000 })
    expect(standing(one)).toEqual(onceEach(3))
    expect(searches(one)).toHaveLength(3)
    await one.clock.run()
    expect(synced(one)).toBe(true)
  })

  it('a Clio that fails for a while: the pages come when it is well', async () => {
    const one = world()
    one.sandbox.trouble.add({ method: 'GET', path: '^contacts$', times: 2, action: { do: 'fail', status: 502 } })
    await one.clock.run()
    expect(synced(one)).toBe(true)
  })
})

describe('news', () => {
  it('of an address that somebody wrote down by hand between two events', async () => {
    const one = world()
    const [row] = populate(one, 1, () => person(0, { email_addresses: [] }))
    await one.clock.run()
    change(one, row!, { email_addresses: person(0).email_addresses! })
    burst(one, 1)
    await one.clock.run()
    expect(standing(one).contacts).toEqual(['Doe0'])
    expect(account(one).all('matters').at(-1)!.data.client).toEqual({ id: row!.id })
  })

  it('of a contact that another program made', async () => {
    const one = world()
    await one.clock.run()
    await one.clock.run({ until: one.clock.now + 3_600_000 })
    populate(one, 1)
    burst(one, 1)
    await one.clock.run()
    expect(standing(one)).toEqual(onceEach(1))
  })

  it('of an address that was taken away: it belongs to nobody any more', async () => {
    const one = world()
    const [row] = populate(one, 1, () => person(0, { phone_numbers: [{ id: 9, name: 'Work', number: '2125550100' }] }))
    await one.clock.run()
    change(one, row!, { email_addresses: [] })
    burst(one, 1)
    await one.clock.run()
    expect(standing(one).contacts).toEqual(['Doe0', 'Doe0'])
  })

  it('a contact that the user may no longer see is still known by what was seen of it', async () => {
    const one = world()
    const [row] = populate(one, 1)
    await one.clock.run()
    change(one, row!, { email_addresses: [], phone_numbers: [] })
    burst(one, 1)
    await one.clock.run()
    expect(standing(one).contacts).toEqual(['Doe0'])
  })

  it('more than a page of them', async () => {
    const one = world()
    await one.clock.run()
    populate(one, 450)
    burst(one, 20)
    await one.clock.run()
    expect(contacts(one)).toBe(453)
    expect(indexed(one)).toHaveLength(453)
  })

  it('a kill at every point of an intake with news: one contact, one matter, one task', async () => {
    const live = async (one: World): Promise<void> => {
      const deliver = (): void => {
        if (intake(one, 0) === null) one.clock.in(5000, deliver)
      }
      deliver()
      await one.clock.run()
    }
    const ready = async (): Promise<World> => {
      const one = world()
      await one.clock.run()
      populate(one, 1)
      return one
    }
    const calm = await ready()
    const before = calm.passed.length
    await live(calm)
    for (let point = 0; point < calm.passed.length - before; point++) {
      const one = await ready()
      one.dieAtPoint(point)
      await live(one)
      expect(standing(one), `killed at point ${point}`).toEqual(onceEach(1))
      expect(states(one)).toEqual(['done'])
    }
  })

  it('a call whose answer was lost, and whose run was discarded: the next looks in Clio first', async () => {
    const one = world()
    await one.clock.run()
    one.sandbox.trouble.add({ method: 'POST', path: '^contacts$', times: 1, action: { do: 'lose' } })
    const lost = intake(one, 0, 0)!
    // Accepted before the loss, behind the first.
    intake(one, 1, 0)
    await one.clock.run({ until: one.clock.now + 5000 })
    one.clerk.desk.discard(lost)
    await one.clock.run()
    expect(standing(one).contacts).toEqual(['Doe0'])
  })
})

describe('a contact that was deleted', () => {
  it('is forgotten when Clio refuses its matter, and its step is done anew', async () => {
    const one = world()
    const [row] = populate(one, 1)
    await one.clock.run()
    account(one).remove(row!)
    burst(one, 1)
    await one.clock.run()
    expect(states(one)).toEqual(['done'])
    expect(standing(one)).toEqual(onceEach(1))
    expect(indexed(one)).not.toContain(row!.id)
  })

  it('is forgotten when it is to be completed', async () => {
    const one = world()
    const [row] = populate(one, 1, () => person(0, { first_name: '' }))
    await one.clock.run()
    account(one).remove(row!)
    burst(one, 1)
    await one.clock.run()
    expect(called(one, 'PATCH', 'contacts/.*')).toHaveLength(1)
    expect(standing(one)).toEqual(onceEach(1))
    expect(states(one)).toEqual(['done'])
  })

  it('leaves its double, which was merged with it by hand, the only one', async () => {
    const one = world()
    const [first, second] = populate(one, 2, () => person(0))
    await one.clock.run()
    const id = intake(one, 0)!
    await one.clock.run()
    expect(one.run(id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('merge them') })
    account(one).remove(first!)
    one.clerk.desk.resume(id, 'own')
    await one.clock.run()
    expect(one.run(id).state).toBe('done')
    expect(account(one).all('matters').at(-1)!.data.client).toEqual({ id: second!.id })
  })
})

describe('what we did ourselves is known at once', () => {
  it.each([1, 2, 3])('ten forms of one person, answers lost and late (seed %i): one contact', async seed => {
    const one = world({ seed })
    await one.clock.run()
    one.sandbox.trouble.add(
      { method: 'POST', chance: 0.3, action: { do: 'lose' } },
      { method: 'POST', chance: 0.3, action: { do: 'late', ms: 1000 } },
    )
    for (let n = 0; n < 10; n++) intake(one, n, 0)
    await one.clock.run()
    expect(standing(one)).toEqual(onceEach(10, 1))
    expect(searches(one)).toEqual([])
  })

  it('what was filled in is not filled in again, though the news were read before', async () => {
    const one = world()
    populate(one, 1, () => person(0, { first_name: '' }))
    await one.clock.run()
    for (let n = 0; n < 5; n++) intake(one, n, 0)
    await one.clock.run()
    expect(called(one, 'PATCH', 'contacts/.*').map(({ body }) => body)).toEqual([{ data: { first_name: 'Pat' } }])
  })
})

describe('what stands in storage', () => {
  const another = '10000000-0000-4000-8000-000000000009'

  it('is no address, number or name in plain text', async () => {
    const one = world()
    populate(one, 20, n => person(n, { phone_numbers: [{ id: n + 1, name: 'Work', number: '(212) 555-0199' }] }))
    await one.clock.run()
    const rows = [...one.disk.query('select * from contacts'), ...one.disk.query('select * from contact_keys')]
    const kept = rows
      .flatMap(row => Object.values(row))
      .map(value => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
      .join('\n')
    expect(kept.length).toBeGreaterThan(5000)
    for (const text of ['pat1@', 'x.example', '(212)', '555-0199', '+1212', 'Alvarez', 'Harbor', '"Pat"', '"Doe'])
      expect(kept.includes(text), text).toBe(false)
  })

  const changes: [string, (one: World) => void][] = [
    // Its ids may be of another account.
    ['another connection', one => one.reader.meta.set('connection', another)],
    ['another country', one => void one.configure({ ...configuration(pace), country: 'GB' })],
  ]
  it.each(changes)('is dropped under %s, and filled anew', async (_what, happens) => {
    const one = world()
    populate(one, 60)
    one.sandbox.connections.activate(one.sandbox.connections.add({ id: another }), 'smith')
    await one.clock.run()
    happens(one)
    one.kill()
    one.restart()
    await one.clock.run()
    burst(one, 60)
    await one.clock.run()
    expect(standing(one)).toEqual(onceEach(60))
    expect(synced(one)).toBe(true)
    expect(indexed(one)).toHaveLength(63)
    expect(whole(one)).toHaveLength(2)
  })
})

describe('a conflict check', () => {
  const steps = {
    client: {
      upsert: 'contacts',
      match: ['email_addresses'],
      with: {
        type: 'Person',
        first_name: '{{ person.first_name }}',
        last_name: '{{ person.last_name }}',
        email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
      },
    },
    conflicts: { check_conflicts: ['{{ fields.others }}'] },
    stop: { if: 'steps.conflicts.found', park: 'Possible conflict of interest' },
    matter: { create: 'matters', with: { client: '{{ steps.client }}', description: 'Matter {{ fields.n }}' } },
  }
  const rules = [{ name: 'intake', on: { endpoint: 'website', type: 'form.submitted' }, steps }]
  const checks = (one: World, others: Json, who = 0): string =>
    one.deliver(
      'website',
      {
        fields: { n: 1, others },
        person: { first_name: 'Pat', last_name: `Doe${who}`, email: `pat${who}@x.example`, phone: null, company: null },
      },
      `key ${JSON.stringify(others)}`,
    )!
  const checking = (): World => world({ config: { ...configuration(pace), rules } })

  it('parks before there is a matter; the step tells a person who it was, and a person lets it go on', async () => {
    const one = checking()
    await one.clock.run()
    const id = checks(one, 'Okafor, John')
    await one.clock.run()
    expect(one.run(id)).toMatchObject({ state: 'parked', reason: 'Possible conflict of interest' })
    const { output } = one.reader.steps.of(id).find(step => step.name === 'conflicts')!
    expect(output).toMatchObject({
      found: true,
      matches: [{ kind: 'contact', name: 'John Okafor' }, { kind: 'matter' }],
    })
    expect(called(one, 'POST', 'matters')).toEqual([])
    one.clerk.desk.resume(id, 'own')
    await one.clock.run()
    expect(one.run(id).state).toBe('done')
  })

  it('costs a call for each party, and none among contacts', async () => {
    const one = checking()
    await one.clock.run()
    const id = checks(one, ['Zoe Quux', 'Yan Corge', 'n/a', ''])
    await one.clock.run()
    expect(one.run(id).state).toBe('done')
    expect(called(one, 'GET', 'matters')).toHaveLength(2)
    expect(searches(one)).toEqual([])
  })

  it('finds nobody in the client, whom it has just made, nor in the client’s own matters', async () => {
    const one = checking()
    await one.clock.run()
    const first = checks(one, 'Pat Doe0')
    await one.clock.run()
    const second = checks(one, ['Doe0, Pat', 'nobody'])
    await one.clock.run()
    expect([first, second].map(id => one.run(id).state)).toEqual(['done', 'done'])
    // To everybody else that client is one.
    const third = checks(one, ['Doe0, Pat', 'none'], 1)
    await one.clock.run()
    expect(one.run(third).state).toBe('parked')
  })
})
