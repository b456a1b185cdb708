import { describe, expect, it } from 'vitest'
import { byHand, setStill } from '../../../src/docket/calls/hold.ts'
import { Access } from '../../../src/docket/operator/access.ts'
import { Asks } from '../../../src/docket/operator/asked.ts'
import { preview } from '../../../src/docket/operator/preview.ts'
import { previewed } from '../../../src/docket/operator/preview-request.ts'
import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'
import { isProblem } from '../../../src/lib/problem.ts'
import { type Caller, vendor } from '../../../src/model/access.ts'
import type { Preview } from '../../../src/model/docket-rpc.ts'
import type { InboundEvent } from '../../../src/model/event.ts'
import { type ReasonCode, reasons } from '../../../src/model/reason.ts'
import { firmWith, made } from '../once/house.ts'
import { World } from '../world.ts'

async function previewOf(world: World, body: Json, by: Caller = vendor): Promise<Preview> {
  const { clerk } = world
  const deps = {
    ledger: clerk.ledger,
    firm: 'smith',
    env: { MATON_API_KEY: world.sandbox.key },
    newest: clerk.newest()!,
    now: () => world.clock.now,
    by,
  }
  const asked = await previewed(body, deps)
  if (isProblem(asked)) throw new Error(JSON.stringify(asked))
  const answer = preview(asked, { ...deps, read: call => clerk.drain.reads.read(call) })
  await world.clock.run({ until: world.clock.now + 30_000 })
  const made = await answer
  if (isProblem(made)) throw new Error(JSON.stringify(made))
  return made
}

interface Case {
  readonly steps?: JsonObject
  readonly more?: JsonObject
  readonly event?: Partial<InboundEvent>
  /** What stands before. */
  readonly before?: (world: World) => void | Promise<void>
  /** Nobody has to be asked for it. */
  readonly unasked?: true
}

const person = (more: JsonObject = {}): JsonObject => ({
  upsert: 'contacts',
  match: ['email_addresses'],
  with: {
    type: 'Person',
    first_name: '{{ person.first_name }}',
    last_name: '{{ person.last_name }}',
    email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
    ...more,
  },
})
const jane = { first_name: 'Jane', last_name: 'Doe', email: 'jane@x.example', phone: null, company: null }
const task = (more: JsonObject): JsonObject => ({
  create: 'tasks',
  with: { name: 'Call', assignee: 'sam@smith.example', ...more },
})
const once = (world: World): void => {
  world.sandbox.account('smith').insert('contacts', {
    type: 'Person',
    first_name: 'Jane',
    last_name: 'Doe',
    name: 'Jane Doe',
    email_addresses: [{ id: 1, name: 'Work', address: 'jane@x.example', default_email: true }],
  })
}
const twice = (world: World): void => {
  once(world)
  once(world)
}

/** Why a run parks, waits or is ignored before or at its first call: an event that does, one row a reason. */
const known: Partial<Record<ReasonCode, Case>> = {
  'no-rule': { more: { rules: [] }, unasked: true },
  overtaken: {
    steps: { t: task({}) },
    event: { subject: 'b', time: '2026-11-20T10:00:00Z' },
    unasked: true,
    before: async world => {
      world.deliver('website', { subject: 'b', time: '2026-11-21T10:00:00Z' }, 'first')
      await world.clock.run()
    },
  },
  'behind-subject': {
    steps: { stop: { park: 'A person is needed' } },
    event: { subject: 'b' },
    unasked: true,
    before: async world => {
      world.deliver('website', { subject: 'b' }, 'first')
      await world.clock.run()
    },
  },
  'by-rule': { steps: { stop: { park: 'A person is needed' } }, unasked: true },
  shadow: { steps: { t: task({ assignee: 7 }) }, more: { mode: 'shadow' } },
  expression: {
    steps: { t: task({ due_at: '{{ date(fields.when) }}' }) },
    event: { fields: { when: 'soon-ish' } },
    unasked: true,
  },
  'empty-value': { steps: { client: person() }, event: { person: { ...jane, email: null } }, unasked: true },
  'wrong-value': {
    steps: { t: task({ priority: '{{ fields.urgency }}' }) },
    event: { fields: { urgency: 'whenever' } },
    unasked: true,
  },
  'unknown-name': {
    steps: { t: task({ matter: '{{ fields.matter }}' }) },
    event: { fields: { matter: 'Nobody v. Nobody' } },
  },
  'ambiguous-name': {
    steps: { c: { create: 'notes', with: { type: 'Contact', contact: 'Jane Doe', subject: 'Hi', detail: 'Hi' } } },
    before: twice,
  },
  'none-found': { steps: { m: { find: 'matters', where: { query: 'Nobody v. Nobody' } } } },
  'several-found': { steps: { client: person() }, event: { person: jane }, before: twice },
  refused: {
    steps: { m: { update: 'matters', id: 424242, with: { description: 'Gone' } } },
  },
  forbidden: {
    steps: { t: task({}) },
    before: world => void world.sandbox.trouble.add({ path: '^users', action: { do: 'fail', status: 403 } }),
  },
}

/** What nobody can know beforehand, and why. */
const unknowable: Partial<Record<ReasonCode, string>> = {
  'own-write': 'only of an event of Clio’s that is told of a record that this docket writes; the same code decides',
  'nothing-to-follow': 'the provider has to be asked',
  'nothing-to-join': 'no event from outside',
  'asked-back': 'people who talk are answered when they do',
  caught: 'somebody asked for it, and it is the delivery of then that is caught, not the event of the preview',
  spam: 'of a raw delivery: below',
  'behind-step': 'depends on what else is under way at that moment',
  retrying: 'trouble on the way',
  'answer-lost': 'trouble on the way',
  doubtful: 'trouble on the way',
  'gave-up': 'trouble on the way',
  'call-lost': 'trouble on the way',
  unread: 'trouble on the way',
  'file-not-taken': 'the file is brought by the run alone',
  'event-gone': 'of a past run only; the preview is refused with it',
  'step-gone': 'a preview plans anew',
  'configuration-unfit': 'of a stored configuration of an earlier version; the same code decides',
  'changed-since': 'of an undo',
  'cannot-undo': 'of an undo',
  provider: 'the provider has to be asked',
  loop: 'others change the record meanwhile',
  'other-account': 'the connection moves to another account meanwhile',
}

const worldFor = ({ steps = {}, more = {} }: Case): World =>
  new World({ config: firmWith(steps, more), index: false, settle: 1000 })

const asked = ({ person: who, fields, subject, time }: Partial<InboundEvent>): JsonObject => ({
  ...(who && { person: { ...who } }),
  ...(fields && { fields }),
  ...(subject && { subject }),
  ...(time && { time }),
})

describe('a preview says why the run will stop', () => {
  it.each(Object.entries(known))('%s', async (code, one) => {
    const world = worldFor(one)
    await one.before?.(world)
    const body = { endpoint: 'website', names: one.unasked !== true, event: asked(one.event ?? {}) }
    const told = await previewOf(world, body)
    const run = world.deliver('website', one.event ?? {}, 'live')!
    await world.clock.run({ until: world.clock.now + 60_000 })
    const live = world.run(run)
    expect([code, live.reasonCode]).toEqual([code, code])
    expect(told.warnings.map(warning => warning.code)).toContain(live.reasonCode)
    if (live.state === 'parked') expect(told.state).toBe('parked')
    if (live.state === 'ignored') expect(told.state).toBe('ignored')
    world.close()
  })

  it('connection-lost: it would wait for that', async () => {
    const world = worldFor({ steps: { t: task({ assignee: 7 }) } })
    world.sandbox.connections.expire(world.sandbox.connections.all()[0]!, 401)
    const run = world.deliver('website', {}, 'first')!
    await world.clock.run({ until: world.clock.now + 5000 })
    expect(world.run(run).reasonCode).toBe('connection-lost')
    const told = await previewOf(world, { endpoint: 'website', event: {} })
    expect(told.warnings).toMatchObject([{ path: 'connection', code: 'connection-lost' }])
    world.close()
  })

  it('and a person who holds the firm is no lost connection', async () => {
    const world = worldFor({ steps: { t: task({ assignee: 7 }) } })
    const still = { code: 'by-hand', since: world.clock.now, reason: byHand } as const
    setStill(world.clerk.ledger, still, 'Holidays', world.clock.now)
    const { warnings } = await previewOf(world, { endpoint: 'website', event: {} })
    expect(warnings).toEqual([{ path: 'event', message: expect.stringMatching(/The firm is held.*Holidays/) }])
    world.close()
  })

  describe('asked: what an agent asks for waits for a person', () => {
    const write: JsonObject = { verb: 'create', resource: 'tasks', with: { name: 'Call', assignee: 7 } }
    const agent = { role: 'operator', actor: 'agent', agent: 'propose' } as const

    it('where its token only proposes', async () => {
      const world = worldFor({ steps: { t: task({}) } })
      const told = await previewOf(world, { write }, agent)
      expect([told.state, told.warnings.map(one => one.code)]).toEqual(['parked', ['asked']])
      expect(told.calls).toMatchObject([{ method: 'POST', path: 'tasks' }])
      expect((await previewOf(world, { write })).state).toBe('done')
      world.close()
    })

    it('and of an undo it is shown what that would take back', async () => {
      const world = worldFor({ steps: { t: task({}) } })
      const run = world.deliver('website', {}, 'live')!
      await world.clock.run()
      const asks = new Asks(() => world.clerk, new Access(world.clerk.ledger, () => world.clock.now))
      const undo = await asks.undo(run, agent)
      if (isProblem(undo)) throw new Error(undo.detail)
      await world.clock.run()
      const [{ id } = { id: 0 }] = made(world, 'tasks')
      expect((await previewOf(world, { run: undo.id })).calls).toEqual([
        { step: 'asked/undo', method: 'DELETE', path: `tasks/${id}` },
      ])
      world.close()
    })
  })

  it('for every reason there is, or it is said why nobody can know', () => {
    expect([...Object.keys(known), ...Object.keys(unknowable), 'connection-lost', 'asked'].sort()).toEqual(
      Object.keys(reasons).sort(),
    )
  })

  it('and of nothing else: an event that goes through warns of nothing, and its calls are those that are made', async () => {
    const steps = {
      client: person(),
      matter: {
        create: 'matters',
        with: { client: '{{ steps.client }}', practice_area: 'Family Law', description: 'New' },
      },
      parties: { check_conflicts: ['{{ person.last_name }}'] },
      stop: { if: 'steps.parties.found', park: 'Possible conflict of interest' },
      call: task({ matter: '{{ steps.matter }}', description: '{{ steps.matter.id }}' }),
    }
    const world = worldFor({ steps })
    const event = { person: jane }
    const told = await previewOf(world, { endpoint: 'website', names: true, event: asked(event) })
    expect([told.state, told.warnings]).toEqual(['done', []])
    const before = world.sandbox.ledger.entries.length
    expect(world.sandbox.ledger.entries.every(entry => entry.method === 'GET')).toBe(true)
    const run = world.deliver('website', event, 'live')!
    await world.clock.run()
    expect(world.run(run).state).toBe('done')
    const wrote = world.sandbox.ledger.entries.slice(before).filter(entry => entry.method !== 'GET')
    const told2 = told.calls.filter(call => call.method !== 'GET')
    expect(told2.map(call => `${call.method} ${call.path}`)).toEqual(
      wrote.map(entry => `${entry.method} ${entry.path}`),
    )
    expect(told2.at(-1)?.body).toMatchObject({ matter: { id: '‹matter›' }, description: '‹matter›' })
    world.close()
  })
})

describe('a preview knows what its earlier steps would leave behind', () => {
  const whole = (more: JsonObject = {}): JsonObject =>
    person({ phone_numbers: [{ name: 'Mobile', number: '{{ person.phone }}' }], ...more })
  const event = { person: { ...jane, phone: '+12125550100' } }
  const owner = { get: 'users', id: 'sam@smith.example' }
  const day = { start_at: '2026-12-01', end_at: '2026-12-01', all_day: true }
  const mine = (more: JsonObject): JsonObject => ({ trusted: true, on: { endpoint: 'website' }, ...more })

  /** `POST contacts`, with what it says; ids of what is made are `#`. */
  async function both(
    one: Case,
    comes: Partial<InboundEvent> = event,
  ): Promise<{ told: Preview; foreseen: string[]; done: string[] }> {
    const world = worldFor(one)
    await one.before?.(world)
    const told = await previewOf(world, { endpoint: 'website', names: true, event: asked(comes) })
    const before = world.sandbox.ledger.entries.length
    const run = world.deliver('website', comes, 'live')!
    await world.clock.run()
    expect(world.run(run).state).toBe('done')
    const made = world.clerk.ledger.steps.of(run).flatMap(({ output }) => (isObject(output) ? [output.id ?? null] : []))
    const plain = (words: string) =>
      made.reduce<string>(
        (text, id) => text.replaceAll(String(id), '#'),
        words.replace(/"‹[^›]*›"|‹[^›]*›|\brun_\w+/g, '#'),
      )
    const wrote = world.sandbox.ledger.entries.slice(before).filter(entry => entry.method !== 'GET')
    world.close()
    return {
      told,
      foreseen: told.calls
        .filter(call => call.method !== 'GET')
        .map(call => plain(`${call.method} ${call.path} ${JSON.stringify(call.body)}`)),
      done: wrote.map(({ method, path, body }) =>
        plain(`${method} ${path} ${JSON.stringify((body as JsonObject | null)?.data)}`),
      ),
    }
  }

  it.each<[string, Case, number]>([
    ['two steps for one person make one', { steps: { a: whole(), b: whole() } }, 1],
    ['and the second adds what it has more', { steps: { a: whole(), b: whole({ title: 'Dr' }) } }, 2],
    [
      'two rules for one event, too',
      {
        more: {
          rules: [mine({ name: 'a', steps: { client: whole() } }), mine({ name: 'b', steps: { client: whole() } })],
        },
      },
      1,
    ],
    ['what one of them fills in at Clio, the next does not', { steps: { a: whole(), b: whole() }, before: once }, 1],
    [
      'a user that was read stands for their calendar',
      {
        steps: {
          sam: owner,
          it: { create: 'calendar_entries', with: { summary: 'x', ...day, calendar_owner: '{{ steps.sam }}' } },
        },
      },
      1,
    ],
  ])('%s', async (_, one, calls) => {
    const { told, foreseen, done } = await both(one)
    expect([told.state, told.warnings]).toEqual(['done', []])
    expect(foreseen).toEqual(done)
    expect(done).toHaveLength(calls)
  })

  const entry = (more: JsonObject = {}): JsonObject => ({
    create: 'calendar_entries',
    with: { summary: 'x', ...day, calendar_owner: 'sam@smith.example' },
    link: 'entry',
    ...more,
  })
  const move: JsonObject = { update: 'calendar_entries', id: '{{ links.entry }}', with: { summary: 'y' } }

  it.each<[string, Case, number]>([
    ['a later step changes it', { steps: { entry: entry(), move } }, 2],
    [
      'a later rule too',
      { more: { rules: [mine({ name: 'a', steps: { entry: entry() } }), mine({ name: 'b', steps: { move } })] } },
      2,
    ],
    [
      'a condition knows of it',
      {
        steps: {
          entry: entry(),
          no: task({}),
          yes: { ...task({ name: 'There' }), if: 'links.entry != null' },
          none: { ...task({ name: 'Not there' }), if: 'links.entry == null' },
        },
      },
      3,
    ],
    [
      'what is deleted is no link any more',
      {
        steps: {
          entry: entry(),
          gone: { delete: 'calendar_entries', id: '{{ links.entry }}' },
          call: { ...task({}), if: 'links.entry == null' },
        },
      },
      3,
    ],
  ])('of a link: %s', async (_, one, calls) => {
    const { told, foreseen, done } = await both(one, { ...event, subject: 'booking-1' })
    expect([told.state, told.warnings]).toEqual(['done', []])
    expect(foreseen).toEqual(done)
    expect(done).toHaveLength(calls)
  })

  it('without a subject there is none', async () => {
    const world = worldFor({ steps: { entry: entry(), move } })
    const { calls } = await previewOf(world, { endpoint: 'website', body: 'email=jane%40x.example' })
    expect(calls.map(call => call.step)).toEqual(['rule/entry'])
    world.close()
  })

  it('and a rule whose condition asks for a link of an earlier event matches an event that is made up', async () => {
    const rules = [
      mine({ name: 'a', steps: { entry: entry() }, if: 'links.entry == null' }),
      mine({ name: 'b', steps: { move }, if: 'links.entry != null' }),
    ]
    const world = worldFor({ more: { rules } })
    expect((await previewOf(world, { endpoint: 'website', event: {} })).rules).toEqual(['b'])
    world.close()
  })

  it('what is read of a record that it would make has words for what nobody knows', async () => {
    const steps = {
      client: whole(),
      matter: { create: 'matters', with: { client: '{{ steps.client }}', description: 'New' } },
      got: { get: 'matters', id: '{{ steps.matter }}', fields: 'display_number,client{id,name}' },
      it: task({ name: '{{ steps.got.display_number }}', description: '{{ steps.got.client.name }}' }),
    }
    const { told } = await both({ steps })
    expect(told.calls.at(-1)?.body).toMatchObject({
      name: '‹got.display_number›',
      description: '‹got.client.name›',
    })
  })

  it('and of a calendar nobody asks when nobody is to be asked', async () => {
    const entry = (calendar_owner: Json): JsonObject => ({
      create: 'calendar_entries',
      with: { summary: 'x', ...day, calendar_owner },
    })
    const steps = { sam: owner, one: entry('{{ steps.sam }}'), two: entry({ id: 1006, type: 'User' }) }
    const world = worldFor({ steps })
    const told = await previewOf(world, { endpoint: 'website', event: asked(event) })
    expect([told.state, told.warnings]).toEqual(['done', []])
    world.close()
  })
})

describe('a preview understands', () => {
  const world = worldFor({ steps: { t: task({ description: '{{ fields.story }}' }) } })

  it.each<[string, JsonObject]>([
    ['a raw delivery', { endpoint: 'website', body: 'story=Hello&email=jane%40x.example' }],
    ['a raw delivery in JSON', { endpoint: 'website', body: { story: 'Hello' } }],
    ['an event', { endpoint: 'website', event: { fields: { story: 'Hello' } } }],
    ['the form of before', { endpoint: 'website', fields: { story: 'Hello' } }],
  ])('%s', async (_, body) => {
    const told = await previewOf(world, body)
    expect(told.calls.at(-1)).toMatchObject({ method: 'POST', path: 'tasks', body: { description: 'Hello' } })
    expect(told.events[0]?.event.fields.story).toBe('Hello')
  })

  it('a raw delivery that looks like spam', async () => {
    const told = await previewOf(world, { endpoint: 'website', body: 'story=Hello&_gotcha=x' })
    expect([told.state, told.warnings[0]?.code, told.calls]).toEqual(['spam', 'spam', []])
  })

  it('a past run', async () => {
    const run = world.deliver('website', { fields: { story: 'Hello' } }, 'past')!
    await world.clock.run()
    const told = await previewOf(world, { run })
    expect(told.calls.at(-1)).toMatchObject({ method: 'POST', path: 'tasks', body: { description: 'Hello' } })
  })

  it('a past run, as a person has corrected it', async () => {
    const stopped = worldFor({ steps: { t: task({ description: '{{ fields.story }}' }), stop: { park: 'Look' } } })
    const run = stopped.deliver('website', { fields: { story: 'Helo' } }, 'past')!
    await stopped.clock.run()
    stopped.clerk.desk.mend(run, 'own', { answers: { story: 'Hello' } })
    await stopped.clock.run()
    const told = await previewOf(stopped, { run })
    expect(told.calls.at(-1)).toMatchObject({ method: 'POST', path: 'tasks', body: { description: 'Hello' } })
    stopped.close()
  })

  it('no undo: it would make anew what was taken back', async () => {
    const run = world.deliver('website', { fields: { story: 'Hello' } }, 'undone')!
    await world.clock.run()
    const undo = world.clerk.desk.undo(run, false)
    if ('code' in undo) throw new Error(undo.detail)
    await world.clock.run()
    await expect(previewOf(world, { run: undo.id })).rejects.toThrow(`Replay run ${run}`)
    expect(world.clerk.desk.replay(undo.id)).toMatchObject({ code: 'wrong-state' })
  })

  it('a configuration that is not saved', async () => {
    const config = firmWith({ t: { park: 'Not yet' } })
    const told = await previewOf(world, { endpoint: 'website', event: {}, config })
    expect(told.warnings).toMatchObject([{ code: 'by-rule', path: 'rule/t' }])
  })

  it.each<[string, JsonObject, string]>([
    ['a key that it does not know', { endpoint: 'website', event: {}, name: true }, 'name'],
    ['a key of the event that it does not know', { endpoint: 'website', event: { field: {} } }, 'event.field'],
    ['two of three', { endpoint: 'website', event: {}, run: 'run_0001' }, 'not several'],
  ])('and refuses %s', async (_, body, word) => {
    await expect(previewOf(world, body)).rejects.toThrow(word)
  })
})

describe('reads of a rule', () => {
  const steps: JsonObject = {
    matter: { get: 'matters', id: '00001-Alvarez', fields: 'display_number,client{id,name},practice_area{id}' },
    matters: {
      find: 'matters',
      where: { client_id: '{{ steps.matter.client.id }}' },
      fields: 'id,display_number',
      several: 'all',
    },
    tasks: { each: 'steps.matters', ...task({ name: '{{ item.display_number }}', matter: '{{ item }}' }) },
  }
  const looked = async (names: boolean) => {
    const world = new World({ config: firmWith(steps) })
    const made = await previewOf(world, { endpoint: 'website', event: {}, ...(names && { names }) })
    expect([made.state, made.warnings]).toEqual(['done', []])
    return made.calls
  }

  it('are shown, and made when somebody asks for names', async () => {
    const calls = await looked(true)
    expect(calls).toContainEqual(expect.objectContaining({ step: 'rule/matter', method: 'GET' }))
    const bodies = calls.filter(one => one.method === 'POST').map(one => one.body as JsonObject)
    expect(bodies.map(one => one.name)).toContain('00001-Alvarez')
  })

  it('stand for themselves when nobody is asked, and nothing comes out empty', async () => {
    const calls = await looked(false)
    expect(calls.map(one => `${one.step} ${one.method} ${one.path}`)).toEqual([
      'rule/matter GET matters/00001-Alvarez',
      'rule/matters GET matters',
      'rule/tasks[0] POST tasks',
    ])
    expect(calls[1]).toMatchObject({ query: { client_id: '‹matter.client›' } })
    expect(calls[2]).toMatchObject({ body: { name: '‹matters.display_number›', matter: { id: '‹matters›' } } })
  })
})
