import { describe, expect, it } from 'vitest'
import { storedMost } from '../../../src/reading/refusals.ts'
import { firmWith, made, minute, worldOf } from './house.ts'

const task = { create: 'tasks', with: { name: 'Ditto', description: 'The same', assignee: 'sam@smith.example' } }

describe('what waits has an end', () => {
  it('a Retry-After of a year: asked again after a quarter of an hour, by one call', async () => {
    const world = worldOf({ it: task })
    const handle = world.sandbox.handle
    let refused = 0
    world.sandbox.handle = request => {
      const handled = handle(request)
      if (request.method !== 'POST' || refused++ > 0) return handled
      const answer = {
        status: 429,
        headers: { 'retry-after': '31536000' },
        body: '{"error":{"type":"RateLimited","message":"slow"}}',
      }
      return { ...handled, reply: { kind: 'answer', answer, after: 0 } }
    }
    const run = world.deliver('website', { fields: {} }, 'key')!
    await world.clock.run({ until: world.clock.now + 20 * minute })
    expect(world.run(run).state).toBe('done')
    world.close()
  })

  it.each([408, 409, 421, 423, 425, 499])('%i is tried again, and parks nothing', async status => {
    const world = worldOf({ it: task })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status } })
    const run = world.deliver('website', { fields: {} }, 'key')!
    await world.clock.run({ until: world.clock.now + 10 * minute })
    expect([world.run(run).state, made(world, 'tasks').length]).toEqual(['done', 1])
    world.close()
  })
})

describe('a conflict', () => {
  it.each([false, true])(
    'of what is to be made: looked for before it is repeated (done already: %s)',
    async applied => {
      const world = worldOf({ it: task })
      world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 409, applied } })
      const run = world.deliver('website', { fields: {} }, 'key')!
      await world.clock.run({ until: world.clock.now + 10 * minute })
      expect([world.run(run).state, made(world, 'tasks').length]).toEqual(['done', 1])
      world.close()
    },
  )
})

describe('a row of the docket holds two megabytes', () => {
  const about = { type: 'Matter', matter: '00001-Alvarez', subject: 'Said' }
  const saying = (detail: string) => ({ it: { create: 'notes', with: { ...about, detail } } })

  it('an event of as many bytes as the door takes is carried out', async () => {
    const world = worldOf(saying('{{ message }}'))
    const message = 'x'.repeat(Math.floor(storedMost / 3) - 500)
    const event = { fields: { message }, data: { message }, message }
    const run = world.deliver('website', event, 'key')!
    await world.clock.run()
    expect([world.run(run).state, made(world, 'notes').length]).toEqual(['done', 1])
    world.close()
  })

  it('a call that is longer parks at once, and says so; others go on', async () => {
    const world = worldOf(saying('{{ message }} {{ message }} {{ message }}'))
    const long = world.deliver('website', { message: 'x'.repeat(700_000), fields: { n: 1 } }, 'key 1')!
    const short = world.deliver('website', { message: 'short', fields: { n: 2 } }, 'key 2')!
    await world.clock.run({ until: world.clock.now + minute })
    expect(world.run(long)).toMatchObject({ state: 'parked', reason: expect.stringContaining('2 MB') })
    expect(world.run(short).state).toBe('done')
    expect(made(world, 'notes')).toHaveLength(1)
    world.close()
  })
})

describe('a record that a discarded run may have left', () => {
  it('is not given to an equal one without a word', async () => {
    const world = worldOf({ it: task })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'late', ms: 20_000 } })
    world.sandbox.trouble.add({ method: 'POST', skip: 0, times: 1, action: { do: 'drop' } })
    const first = world.deliver('website', { fields: { n: 1 } }, 'key 1')!
    await world.clock.run({ until: world.clock.now + 2000 })
    world.operate(clerk => clerk.desk.discard(first))
    const second = world.deliver('website', { fields: { n: 2 } }, 'key 2')!
    await world.clock.run({ until: world.clock.now + 10 * minute })
    expect(world.run(second)).toMatchObject({ state: 'parked', reason: expect.stringContaining(first) })
    world.close()
  })
})

describe('a call in doubt and a configuration that was mended meanwhile', () => {
  it('is found out under the rules that made it', async () => {
    const steps = (name: string) => ({ it: { create: 'tasks', with: { name, assignee: 'sam@smith.example' } } })
    const world = worldOf(steps('Call Jon Smith'))
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'lose' } })
    world.sandbox.trouble.add({ method: 'GET', path: '^tasks', times: 1, action: { do: 'fail', status: 403 } })
    const run = world.deliver('website', { fields: {} }, 'key')!
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.run(run).state).toBe('parked')
    world.configure(firmWith(steps('Write to Jon Smith')))
    world.operate(clerk => clerk.desk.resume(run, 'mended'))
    await world.clock.run({ until: world.clock.now + 5 * minute })
    expect(world.run(run)).toMatchObject({ state: 'done', version: 1 })
    expect(made(world, 'tasks').map(row => row.data.name)).toEqual(['Call Jon Smith'])
    world.close()
  })
})

describe('a request of several events, one of which contradicts an earlier one', () => {
  it('is taken in whole or not at all', () => {
    const world = worldOf({ it: task })
    const delivery = (key: string, content: string) => ({
      event: { ...event, fields: { content } },
      key: { kind: 'given' as const, value: key },
      content,
      strict: true,
    })
    const claim = (...deliveries: ReturnType<typeof delivery>[]) =>
      world.clerk.claim({ endpoint: 'website', version: 1, interactive: false, deliveries })
    claim(delivery('a', 'x'))
    expect(claim(delivery('b', 'x'), delivery('a', 'y'), delivery('c', 'z'))).toMatchObject({ kind: 'conflict' })
    expect(world.runs()).toHaveLength(1)
    world.close()
  })
})

const event = {
  id: null,
  source: 'form',
  type: 'form.submitted',
  subject: null,
  follows: null,
  time: null,
  data: {},
  message: null,
  files: [],
  booking: null,
  person: { first_name: null, last_name: null, email: null, phone: null, company: null },
}
