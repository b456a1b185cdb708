import { describe, expect, it } from 'vitest'
import { type EraseDeps, erasePerson, eraseRun, legalHold } from '../../../src/docket/operator/keeping/erase.ts'
import { viewOf } from '../../../src/docket/operator/views.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { isProblem } from '../../../src/lib/problem.ts'
import { vendor } from '../../../src/model/access.ts'
import type { InboundEvent } from '../../../src/model/event.ts'
import { firmWith } from '../once/house.ts'
import { World } from '../world.ts'
import { everything } from './everything.ts'

/** What people have erased, what they keep, and what stays. */

const jane = { first_name: 'Jane', last_name: 'Marchbanks', email: 'jane@marchbanks.example', phone: '(212) 555-0143' }
const marks = ['Marchbanks', 'marchbanks', '5550143', '555-0143', 'secret story', 'corrected story']

const client: JsonObject = {
  upsert: 'contacts',
  match: ['email_addresses'],
  with: {
    type: 'Person',
    first_name: '{{ person.first_name }}',
    last_name: '{{ person.last_name }}',
    email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
  },
}
const call: JsonObject = {
  create: 'tasks',
  with: { name: 'Call {{ person.last_name }}', description: '{{ fields.story }}', assignee: 'sam@smith.example' },
}
const channels = { office: { url: 'https://office.example/hook', secret: '$OFFICE' } }
const tell = { notify: 'office', text: 'New client {{ person.last_name }}: {{ fields.story }}' }

const worldOf = (steps: JsonObject, more: JsonObject = {}) =>
  new World({ config: firmWith(steps, { channels, alerts: 'office', ...more }), settle: 1000 })

/** An event about Jane, or somebody else. */
async function comes(world: World, key = 'key 1', event: Partial<InboundEvent> = {}): Promise<string> {
  const fields = { story: 'A secret story' }
  const run = world.deliver(
    'website',
    { data: fields, fields, ...event, person: { company: null, ...jane, ...event.person } },
    key,
  )!
  await world.clock.run({ until: world.clock.now + 60_000 })
  return run
}

const depsOf = (world: World): EraseDeps => world.clerk.erasing
const erase = (world: World, id: string) => eraseRun(id, vendor, depsOf(world))
async function refusal(asked: unknown): Promise<string> {
  const answer = await asked
  if (!isProblem(answer)) throw new Error('It was done.')
  return `${answer.status} ${answer.code}: ${answer.detail}`
}
/** The index of contacts says what stands in Clio, whatever becomes of runs. */
const found = (world: World, but: readonly string[] = ['contacts']) => {
  const all = everything(world, but)
  return marks.filter(mark => all.includes(mark))
}

describe('a run that is erased', () => {
  it('says nothing any more, in any table, sealed or not; which records it made stays', async () => {
    // A short event and a long one.
    for (const times of [1, 500]) {
      const world = worldOf({ client, call, tell })
      const run = await comes(world, 'key 1', { data: { story: 'A secret story. '.repeat(times) } })
      expect(world.disk.query('select run from events')).toEqual(times > 1 ? [{ run }] : [])
      expect(found(world)).toEqual(['Marchbanks', 'marchbanks', '555-0143', 'secret story'])
      expect(await erase(world, run)).toMatchObject({ id: run, state: 'done', erased: [run] })
      expect(found(world)).toEqual([])
      const view = viewOf(world.run(run), world.reader)
      expect(view).toMatchObject({ event: null, erasedAt: new Date(world.clock.now).toISOString() })
      expect(view.steps.map(step => [step.path, step.state])).toMatchObject([
        ['rule/client', 'done'],
        ['rule/call', 'done'],
        ['rule/tell', 'done'],
      ])
      const [contact] = world.sandbox.account('smith').all('contacts').slice(-1)
      expect(view.steps[0]?.output).toEqual({ id: contact!.id, resource: 'contacts' })
      world.close()
    }
  })

  it('is a duplicate for whoever delivers it again, then and after a year', async () => {
    const world = worldOf({ client, call })
    const run = await comes(world)
    await erase(world, run)
    expect(await comes(world)).toBe(run)
    await world.clock.run({ until: world.clock.now + 360 * 86_400_000 })
    await world.clerk.wake()
    expect(await comes(world)).toBe(run)
    expect(world.runs()).toHaveLength(1)
    world.close()
  })

  it('cannot be taken back, run again or shown, and says what it made', async () => {
    const world = worldOf({ client, call })
    const run = await comes(world)
    await erase(world, run)
    const [contact] = world.sandbox.account('smith').all('contacts').slice(-1)
    expect(await refusal(world.clerk.desk.undo(run, true))).toMatch(
      new RegExp(
        `event-gone: What run ${run} said was erased on 2026-11-24. .* It made contacts ${contact!.id}, tasks \\d+`,
      ),
    )
    expect(await refusal(world.clerk.desk.replay(run))).toContain('erased on 2026-11-24')
    world.close()
  })

  it('takes with it what ran on its event: replays, and the undo', async () => {
    const world = worldOf({ client, call })
    const run = await comes(world)
    const replay = world.clerk.desk.replay(run) as { id: string }
    await world.clock.run({ until: world.clock.now + 60_000 })
    const undo = world.clerk.desk.undo(replay.id, true) as { id: string }
    expect(await refusal(erase(world, run))).toMatch(/wrong-state: Run run_\d+ is accepted/)
    await world.clock.run({ until: world.clock.now + 60_000 })
    expect(await erase(world, replay.id)).toMatchObject({ id: replay.id, erased: [run, replay.id, undo.id] })
    expect(found(world)).toEqual([])
    world.close()
  })

  it('loses what a person corrected, the notices that nobody took, and the reminders of its booking', async () => {
    const world = worldOf(
      {},
      {
        endpoints: { website: { source: 'calendly', secret: '$KEY', reminders: ['1 day before'] } },
        rules: [
          {
            name: 'rule',
            on: { endpoint: 'website', type: 'booking.created' },
            steps: { stop: { park: 'Look at {{ person.last_name }}' }, tell },
          },
        ],
      },
    )
    world.hears = () => false
    const booking = {
      id: 'b1',
      title: 'With Marchbanks',
      start: '2026-12-20T15:00:00Z',
      end: '2026-12-20T16:00:00Z',
      timezone: null,
      location: null,
      all_day: false,
      seconds: 3600,
    }
    const run = await comes(world, 'key', { source: 'calendly', type: 'booking.created', subject: 'b1', booking })
    expect(world.disk.query("select 1 from timers where kind = 'reminder'")).toHaveLength(1)
    expect(await refusal(erase(world, run))).toContain('is parked and has work to do')
    world.clerk.desk.mend(run, 'own', { answers: { story: 'A corrected story' } })
    await world.clock.run({ until: world.clock.now + 60_000 })
    expect(world.run(run).state).toBe('done')
    expect(world.disk.query('select 1 from notices where next_at is not null')).not.toEqual([])
    await erase(world, run)
    expect(found(world)).toEqual([])
    for (const table of ["timers where kind = 'reminder'", 'notices', 'terms'])
      expect(world.disk.query(`select * from ${table}`)).toEqual([])
    world.close()
  })

  it('loses the files that it alone needs', async () => {
    const world = worldOf({ stop: { park: 'Look' } })
    await world.files.put('smith/x/0', Uint8Array.from(Buffer.from('a secret story')))
    const files = [{ name: 'Marchbanks.pdf', content_type: 'application/pdf', size: 14, key: 'smith/x/0' }]
    const run = await comes(world, 'key', { files })
    world.clerk.desk.discard(run)
    await world.clock.run({ until: world.clock.now + 1000 })
    await erase(world, run)
    expect([...world.files.kept.keys()]).toEqual([])
    world.close()
  })

  it('that was taken for spam is let go of', async () => {
    const world = worldOf({ call })
    const event = { id: null, source: 'form', type: 'form.submitted', subject: null, follows: null, time: null }
    const answers = { data: {}, fields: {}, message: 'A secret story', files: [], booking: null }
    const delivery = {
      event: { ...event, ...answers, person: { company: null, ...jane } },
      key: { kind: 'given', value: 'k' },
      content: '',
      strict: false,
      spam: 'A robot wrote it.',
    } as const
    const claim = { endpoint: 'website', version: 1, interactive: false, deliveries: [delivery] }
    const answer = world.clerk.claim({ ...claim, deliveries: [...claim.deliveries] })
    const run = answer.kind === 'receipts' ? answer.receipts[0]!.run : ''
    expect(await erase(world, run)).toMatchObject({ state: 'discarded', erased: [run] })
    expect(found(world)).toEqual([])
    world.close()
  })

  it('is not erased while a call of it may still land', async () => {
    const world = worldOf({ call })
    world.sandbox.trouble.add({ method: 'POST', action: { do: 'lose' }, times: 1 })
    const run = world.deliver('website', { fields: {}, person: { company: null, ...jane } }, 'k')!
    await world.clock.run({ enough: () => world.run(run).attempt !== null })
    world.clerk.desk.discard(run)
    expect(await refusal(erase(world, run))).toContain('call-in-doubt')
    await world.clock.run({ until: world.clock.now + 2000 })
    expect(await erase(world, run)).toMatchObject({ erased: [run] })
    world.close()
  })

  it('is written in the audit, without any value', async () => {
    const world = worldOf({ call })
    const run = await comes(world)
    await erase(world, run)
    const [entry] = world.reader.audit.list(1, null, false)
    expect(entry).toMatchObject({ actor: 'vendor', action: 'run.erased', run })
    world.close()
  })
})

describe('a legal hold', () => {
  const months = 200 * 86_400_000

  it('on a run keeps it from being erased and purged, until it is released', async () => {
    const world = worldOf({ call })
    const [held, other] = [await comes(world), await comes(world, 'key 2')]
    expect(legalHold(held, 'run', vendor, depsOf(world))).toMatchObject({ legalHold: { on: 'run' } })
    expect(await refusal(erase(world, held))).toContain('legal-hold')
    await world.clock.run({ until: world.clock.now + months })
    await world.clerk.wake()
    expect([world.run(held).event === null, world.run(other).event === null]).toEqual([false, true])
    legalHold(held, 'release', vendor, depsOf(world))
    await world.clerk.wake()
    expect(world.run(held).event).toBeNull()
    expect(await refusal(legalHold(held, 'release', vendor, depsOf(world)))).toContain('no-hold')
    world.close()
  })

  it('on a subject keeps all its runs, those to come too', async () => {
    const world = worldOf({ call })
    const first = await comes(world, 'key 1', { subject: 'b' })
    expect(await refusal(legalHold(await comes(world, 'key 9'), 'subject', vendor, depsOf(world)))).toContain(
      'no-subject',
    )
    legalHold(first, 'subject', vendor, depsOf(world))
    const later = await comes(world, 'key 2', { subject: 'b' })
    expect(await refusal(erase(world, later))).toContain('legal-hold')
    expect(viewOf(world.run(later), world.reader).legalHold).toMatchObject({ on: 'subject' })
    await world.clock.run({ until: world.clock.now + 1.5 * months })
    await world.clerk.wake()
    expect(world.runs().map(run => [run.id, run.event === null])).toEqual([
      [first, false],
      [expect.any(String), true],
      [later, false],
    ])
    legalHold(later, 'release', vendor, depsOf(world))
    expect(await erase(world, first)).toMatchObject({ erased: [first] })
    world.close()
  })
})

describe('a person that is erased', () => {
  const john = { first_name: 'John', last_name: 'Doe', email: 'john@x.example', phone: null, company: null }

  it('is found by an address or a number, over all runs; others stay', async () => {
    const world = worldOf({ call })
    const runs = [
      await comes(world, 'a'),
      await comes(world, 'b', { person: { ...john, phone: '+1 212 555 0143' } }),
      await comes(world, 'c', { person: { ...john, email: 'JANE@marchbanks.example ' } }),
      await comes(world, 'd', { person: john, fields: {}, data: {} }),
    ]
    const byEmail = await erasePerson({ email: 'Jane@Marchbanks.example' }, vendor, depsOf(world))
    expect(byEmail).toEqual({ erased: [runs[2], runs[0]], refused: [], left: 0 })
    const byPhone = await erasePerson({ phone: '212.555.0143' }, vendor, depsOf(world))
    expect(byPhone).toEqual({ erased: [runs[1]], refused: [], left: 0 })
    expect(world.run(runs[3]!).event).not.toBeNull()
    expect(found(world)).toEqual([])
    world.close()
  })

  it('says which runs could not be erased, and why; nobody is 422', async () => {
    const world = worldOf({ stop: { park: 'Look' } })
    const [parked, held] = [await comes(world, 'a'), await comes(world, 'b')]
    world.clerk.desk.discard(held)
    legalHold(held, 'run', vendor, depsOf(world))
    expect(await erasePerson({ email: jane.email }, vendor, depsOf(world))).toEqual({
      erased: [],
      refused: [
        { run: held, why: expect.stringContaining('legal hold') },
        { run: parked, why: expect.stringContaining('is parked') },
      ],
      left: 0,
    })
    expect(await refusal(erasePerson({ phone: 'none' }, vendor, depsOf(world)))).toContain('422 not-a-person')
    const [entry] = world.reader.audit.list(1, null, false)
    expect(entry).toMatchObject({ action: 'person.erased', detail: '0 runs erased, 2 not' })
    world.close()
  })

  it('is forgotten with what earlier versions kept of who was looked for in Clio', async () => {
    const world = worldOf({ client, call })
    await comes(world)
    const { attempts } = world.clerk.ledger
    const looked = { method: 'GET', path: 'contacts', query: { query: 'Quackenbush' } } as const
    const then = world.clock.now - 2 * 3_600_000
    const id = attempts.begin({ run: null, step: null, call: looked, resource: 'contacts' }, 'before', then)
    attempts.endRead(id, { kind: 'applied', status: 200, answer: { data: [] } }, then)
    expect(everything(world)).toContain('Quackenbush')
    await erasePerson({ email: jane.email }, vendor, depsOf(world))
    expect(everything(world)).not.toContain('Quackenbush')
    world.close()
  })

  it('is forgotten with what is known of the firm’s Clio, which is read anew: who was deleted there is gone', async () => {
    const world = worldOf({ client, call })
    await comes(world)
    expect(world.disk.query('select 1 from contacts')).not.toEqual([])
    const smith = world.sandbox.account('smith')
    smith.remove(smith.all('contacts').at(-1)!)
    await erasePerson({ email: jane.email }, vendor, depsOf(world))
    expect(world.disk.query('select * from contacts union all select * from matters')).toEqual([])
    const before = smith.all('contacts').length
    await comes(world, 'key 2', { person: john, fields: {}, data: {} })
    await comes(world, 'key 3', { person: john, fields: {}, data: {} })
    expect(smith.all('contacts').length).toBe(before + 1)
    expect(found(world, [])).toEqual([])
    world.close()
  })
})
