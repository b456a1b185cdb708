import { describe, expect, it } from 'vitest'
import type { StoredRun } from '../../../src/docket/ledger/run/stored-run.ts'
import { maskedView } from '../../../src/docket/operator/mask.ts'
import { forReason } from '../../../src/docket/operator/mending/many.ts'
import { statsOf, viewOf } from '../../../src/docket/operator/views.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { isProblem, type Problem } from '../../../src/lib/problem.ts'
import type { Mend } from '../../../src/model/amended.ts'
import { atOnce } from '../../at-once.ts'
import { carriedOut, firmWith, made, minute, worldOf } from '../once/house.ts'
import type { World } from '../world.ts'

const client = {
  upsert: 'contacts',
  match: ['email_addresses'],
  with: {
    type: 'Person',
    first_name: '{{ person.first_name }}',
    last_name: '{{ person.last_name }}',
    email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
  },
}
const matter = { create: 'matters', with: { client: '{{ steps.client }}', description: '{{ fields.story }}' } }
const call = (more = {}) => ({
  create: 'tasks',
  with: { name: 'Call', assignee: 'sam@smith.example', description: 'Call {{ person.email }}', ...more },
})
const meeting = () => ({
  create: 'calendar_entries',
  with: {
    summary: '{{ fields.story }}',
    start_at: '2026-12-01T15:00:00Z',
    end_at: '2026-12-01T16:00:00Z',
    calendar_owner: 'sam@smith.example',
    matter: '00001-Alvarez',
  },
})
const answers = { first_name: 'Jane', last_name: 'Doe', email: 'jnae@x.example', story: 'Divorce' }
const person = { first_name: 'Jane', last_name: 'Doe', email: 'jnae@x.example', phone: null, company: null }

/** A form that was filled in, carried out as far as it goes. */
async function submitted(
  world: World,
  fields: Record<string, string> = answers,
  subject: string | null = null,
): Promise<string> {
  const run = world.deliver('website', { fields, person, data: fields, subject }, JSON.stringify(fields))!
  await world.clock.run()
  return run
}

async function mended(world: World, run: string, asked: Mend, version: 'own' | 'mended' = 'mended') {
  const answer = world.clerk.desk.mend(run, version, asked)
  if (isProblem(answer)) throw new Error(JSON.stringify(answer.errors ?? answer))
  await world.clock.run()
  return answer
}
const refused = (world: World, run: string, asked: Mend): string =>
  (world.clerk.desk.mend(run, 'mended', asked) as Problem).errors?.[0]?.message ?? 'not refused'

describe('a wrong answer', () => {
  it('is corrected: what comes later has the new one, what stands with the old one is named, and the event stays as it came', async () => {
    const world = worldOf({ client, matter, stop: { park: 'Look at the address' }, call: call() })
    const run = await submitted(world)
    const before = world.run(run)
    expect(before.state).toBe('parked')
    const { kept, detail } = await mended(world, run, { answers: { email: 'jane@x.example' } })
    expect(world.run(run).state).toBe('done')
    expect(made(world, 'tasks').map(row => row.data.description)).toEqual(['Call jane@x.example'])
    const [contact] = made(world, 'contacts')
    expect(kept).toEqual([
      { step: 'rule/client', resource: 'contacts', record: String(contact?.data.id ?? contact?.id) },
    ])
    expect(detail).toBe('corrected email')
    const { event, amended, key, subject } = world.run(run)
    expect([event?.fields.email, event?.person.email, amended?.answers]).toEqual([
      'jnae@x.example',
      'jnae@x.example',
      { email: 'jane@x.example' },
    ])
    expect([key, subject]).toEqual([before.key, before.subject])
    // A redelivery of what came is the same event still.
    expect(world.deliver('website', { fields: answers, person, data: answers }, JSON.stringify(answers))).toBe(run)
    world.close()
  })

  it('that was left out is added, and a step that could not go for want of it goes', async () => {
    const world = worldOf({ client })
    const run = world.deliver('website', { fields: { last_name: 'Doe' }, person: { ...person, email: null } }, 'k')!
    await world.clock.run()
    expect(world.run(run).reasonCode).toBe('empty-value')
    await mended(world, run, { answers: { 'person.email': 'jane@x.example' } })
    expect([world.run(run).state, made(world, 'contacts')[0]?.data.last_name]).toEqual(['done', 'Doe'])
    world.close()
  })

  it('of which a lost call may have made a record is corrected, and the call is named', async () => {
    const world = worldOf({ call: call() })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'lose' } })
    world.sandbox.trouble.add({ method: 'GET', path: '^tasks', times: 1, action: { do: 'fail', status: 403 } })
    const run = await submitted(world)
    expect([world.run(run).state, world.run(run).attempt !== null]).toEqual(['parked', true])
    const { kept } = await mended(world, run, { answers: { email: 'jane@x.example' } })
    expect(kept).toEqual([{ step: 'rule/call', resource: 'tasks', record: null }])
    expect(made(world, 'tasks').map(row => row.data.description)).toEqual(['Call jnae@x.example'])
    world.close()
  })

  it('of a step that has made its record and is not through is corrected, and the record is named', async () => {
    const world = worldOf({ meeting: meeting() })
    world.sandbox.behaviour.refuseCalendarMatter = true
    world.sandbox.trouble.add({ method: 'PATCH', times: 1, action: { do: 'fail', status: 403 } })
    const run = await submitted(world)
    expect(world.run(run).state).toBe('parked')
    const { kept } = await mended(world, run, { answers: { story: 'Will' } })
    const [entry] = made(world, 'calendar_entries')
    expect(kept).toEqual([{ step: 'rule/meeting', resource: 'calendar_entries', record: String(entry!.id) }])
    expect([world.run(run).state, entry!.data.summary]).toEqual(['done', 'Divorce'])
    world.close()
  })

  it('of a step that makes something else now is done by the new one, whatever the old one of its name has made', async () => {
    const world = worldOf({ it: meeting() })
    world.sandbox.behaviour.refuseCalendarMatter = true
    world.sandbox.trouble.add({ method: 'PATCH', times: 1, action: { do: 'fail', status: 403 } })
    const run = await submitted(world)
    expect([world.run(run).state, made(world, 'calendar_entries').length]).toEqual(['parked', 1])
    world.configure(firmWith({ it: call() }))
    await mended(world, run, {})
    expect([world.run(run).state, made(world, 'tasks').length]).toEqual(['done', 1])
    world.close()
  })

  it('of a list: what was made of an item is named, and the other items are those of the new list', async () => {
    const world = worldOf({
      line: { each: 'fields.lines', ...call({ name: '{{ item.text }}', assignee: '{{ item.who }}' }) },
    })
    const line = (text: string, who = 'sam@smith.example') => ({ text, who })
    const lines = [line('one'), line('two', 'Nobody'), line('three')]
    const run = world.deliver('website', { fields: { lines }, person }, 'k')!
    await world.clock.run()
    expect(world.run(run).reasonCode).toBe('unknown-name')
    const corrected = [line('first'), line('second'), line('third'), line('fourth')]
    const { kept } = await mended(world, run, { answers: { lines: corrected } })
    const tasks = made(world, 'tasks')
    expect(tasks.map(row => row.data.name)).toEqual(['one', 'second', 'third', 'fourth'])
    expect(kept).toEqual([{ step: 'rule/line[0]', resource: 'tasks', record: String(tasks[0]!.id) }])
    expect(world.run(run).state).toBe('done')
    world.close()
  })

  it('of a list, of which an item is skipped: it is left, now and when the list is corrected again', async () => {
    const world = worldOf({
      line: { each: 'fields.lines', ...call({ name: '{{ item.text }}', assignee: '{{ item.who }}' }) },
    })
    const line = (text: string, who = 'sam@smith.example') => ({ text, who })
    const run = world.deliver('website', { fields: { lines: [line('1'), line('2', 'No'), line('3')] }, person }, 'k')!
    await world.clock.run()
    const corrected = { lines: [line('1'), line('two'), line('three', 'Nobody'), line('four')] }
    await mended(world, run, { answers: corrected, skip: ['rule/line[1]'] })
    expect(made(world, 'tasks').map(row => row.data.name)).toEqual(['1'])
    await mended(world, run, { answers: { lines: [line('1'), line('zwei'), line('drei'), line('vier')] } })
    expect(made(world, 'tasks').map(row => row.data.name)).toEqual(['1', 'drei', 'vier'])
    expect(world.run(run).state).toBe('done')
    world.close()
  })

  it('by which other rules apply, too, leaves what was skipped with it', async () => {
    const of = (name: string, condition: string, steps: JsonObject) => ({
      ...(firmWith(steps).rules as JsonObject[])[0],
      name,
      if: condition,
    })
    const bad = call({ matter: 'Nobody v. Nobody' })
    const rules = [of('any', 'true', { bad }), of('wills', "fields.story == 'Will'", { call: call() })]
    const world = worldOf({}, {}, { rules })
    const run = await submitted(world)
    await mended(world, run, { answers: { story: 'Will' }, skip: ['any/bad'] })
    expect([world.run(run).state, made(world, 'tasks').length]).toEqual(['done', 1])
    world.close()
  })

  it('by which a step was left out has it carried out', async () => {
    const world = worldOf({ loud: { ...call(), if: "fields.story == 'Divorce'" }, stop: { park: 'Look' } })
    const run = await submitted(world, { ...answers, story: 'Will' })
    expect(made(world, 'tasks')).toEqual([])
    await mended(world, run, { answers: { story: 'Divorce' } })
    expect([world.run(run).state, made(world, 'tasks').length]).toEqual(['done', 1])
    world.close()
  })

  it('by which other rules apply begins the run anew, unless something was done by then', async () => {
    const of = (story: string, steps: JsonObject) => ({
      ...(firmWith(steps).rules as JsonObject[])[0],
      name: story,
      if: `fields.story == '${story}'`,
    })
    const rules = [
      of('Divorce', { bad: call({ matter: 'Nobody v. Nobody' }) }),
      of('Will', { call: call(), stop: { park: 'Look' } }),
    ]
    const world = worldOf({}, {}, { rules })
    const run = await submitted(world)
    await mended(world, run, { answers: { story: 'Will' } })
    expect([world.run(run).reasonCode, made(world, 'tasks').length]).toEqual(['by-rule', 1])
    expect(refused(world, run, { answers: { story: 'Divorce' } })).toContain(
      "other rules apply (Divorce), and step 'Will/call' has been carried out",
    )
    world.close()
  })

  it('stays corrected when the event is run anew', async () => {
    const world = worldOf({ stop: { park: 'Look' }, call: call() })
    const run = await submitted(world)
    await mended(world, run, { answers: { email: 'jane@x.example' } })
    const again = world.clerk.desk.replay(run) as StoredRun
    await world.clock.run()
    await mended(world, again.id, {})
    expect(made(world, 'tasks').map(row => row.data.description)).toEqual([
      'Call jane@x.example',
      'Call jane@x.example',
    ])
    expect(world.reader.terms.about({ email: 'jane@x.example' })).toEqual([again.id, run])
    world.close()
  })

  it('is refused of a run that takes another back', async () => {
    const world = worldOf({ call: call() })
    const run = await submitted(world)
    world.sandbox.trouble.add({ method: 'DELETE', times: 1, action: { do: 'fail', status: 403 } })
    const undo = world.clerk.desk.undo(run, true) as StoredRun
    await world.clock.run()
    expect(world.run(undo.id).state).toBe('parked')
    expect(refused(world, undo.id, { answers: { email: 'x@x.example' } })).toContain('carries out no answers')
    world.close()
  })

  it('with a name that the event does not have is refused with the nearest', async () => {
    const world = worldOf({ stop: { park: 'Look' }, call: call() })
    const run = await submitted(world)
    expect(refused(world, run, { answers: { emial: 'jane@x.example' } })).toContain("Did you mean 'email'?")
    expect(world.run(run).state).toBe('parked')
    world.close()
  })

  it('is gone with the event when its time is up', async () => {
    const world = worldOf({ stop: { park: 'Look' } })
    const run = await submitted(world)
    await mended(world, run, { answers: { story: 'Will' } })
    world.clerk.ledger.runs.purge(run, world.clock.now)
    expect([world.run(run).event, world.run(run).amended]).toEqual([null, null])
    world.close()
  })
})

describe('a step', () => {
  it('is skipped, and the others go on', async () => {
    const world = worldOf({ bad: call({ matter: 'Nobody v. Nobody' }), good: call() })
    const run = await submitted(world)
    expect(world.run(run).reasonCode).toBe('unknown-name')
    await mended(world, run, { skip: ['bad'] })
    expect(world.run(run).state).toBe('done')
    expect(world.reader.steps.of(run).map(step => step.state)).toEqual(['skipped', 'done'])
    expect(made(world, 'tasks')).toHaveLength(1)
    world.close()
  })

  it('before one that asks a person is skipped, and the person is asked', async () => {
    const world = worldOf({ bad: call({ matter: 'Nobody v. Nobody' }), stop: { park: 'Look' }, good: call() })
    const run = await submitted(world)
    await mended(world, run, { skip: ['bad'] })
    expect([world.run(run).reasonCode, made(world, 'tasks')]).toEqual(['by-rule', []])
    await mended(world, run, {})
    expect([world.run(run).state, made(world, 'tasks').length]).toEqual(['done', 1])
    world.close()
  })

  it('whose output is read later is not skipped, unless what reads it is too', async () => {
    const world = worldOf({
      m: { create: 'matters', with: { client: 'Nobody Known', description: 'x' } },
      note: { create: 'notes', with: { type: 'Matter', matter: '{{ steps.m }}', subject: 'x', detail: 'x' } },
    })
    const run = await submitted(world)
    expect(refused(world, run, { skip: ['m'] })).toContain("step 'rule/note' reads what it makes")
    await mended(world, run, { skip: ['m', 'note'] })
    expect([world.run(run).state, made(world, 'matters'), made(world, 'notes')]).toEqual(['done', [], []])
    world.close()
  })

  it('that has made its record is skipped, and the record stays known by its link', async () => {
    const world = worldOf({ meeting: { ...meeting(), link: 'meeting' } })
    world.sandbox.behaviour.refuseCalendarMatter = true
    world.sandbox.trouble.add({ method: 'PATCH', action: { do: 'fail', status: 403 } })
    const run = await submitted(world, answers, 'the booking')
    await mended(world, run, { skip: ['meeting'] })
    const id = String(made(world, 'calendar_entries')[0]!.id)
    const { state, endpoint, thread } = world.run(run)
    expect([state, world.reader.links.current(endpoint, thread!)]).toEqual(['done', { meeting: id }])
    world.close()
  })

  it('that has made its record and was skipped is named when its answer is corrected afterwards', async () => {
    const world = worldOf({ meeting: meeting(), stop: { park: 'Look' } })
    world.sandbox.behaviour.refuseCalendarMatter = true
    world.sandbox.trouble.add({ method: 'PATCH', action: { do: 'fail', status: 403 } })
    const run = await submitted(world)
    await mended(world, run, { skip: ['meeting'] })
    expect(world.run(run).reasonCode).toBe('by-rule')
    const { kept } = await mended(world, run, { answers: { story: 'Custody' } })
    const record = String(made(world, 'calendar_entries')[0]!.id)
    expect(kept).toEqual([{ step: 'rule/meeting', resource: 'calendar_entries', record }])
    world.close()
  })

  it('that there is not, or that is done, is refused', async () => {
    const world = worldOf({ first: call(), stop: { park: 'Look' } })
    const run = await submitted(world)
    expect(refused(world, run, { skip: ['frist'] })).toContain('no step')
    expect(refused(world, run, { skip: ['first'] })).toContain('has its outcome already')
    world.close()
  })
})

describe('one of several records', () => {
  const three = (world: World): number[] =>
    [1, 2, 3].map(n =>
      Number(world.sandbox.account('smith').insert('contacts', { type: 'Company', name: 'Acme', n }).id),
    )

  it('is chosen where a name fits three', async () => {
    const world = worldOf({
      note: { create: 'notes', with: { type: 'Contact', contact: 'Acme', subject: 'x', detail: 'x' } },
    })
    const [, second] = three(world)
    const run = await submitted(world)
    expect(world.run(run).reasonCode).toBe('ambiguous-name')
    await mended(world, run, { choose: { note: second! } })
    expect([world.run(run).state, made(world, 'notes')[0]?.data.contact]).toMatchObject(['done', { id: second }])
    world.close()
  })

  it('stands among the candidates of the step, named for whoever may see names, until the step has its outcome', async () => {
    const world = worldOf({
      note: { create: 'notes', with: { type: 'Contact', contact: 'Acme', subject: 'x', detail: 'x' } },
    })
    const all = three(world)
    const run = await submitted(world)
    const view = () => viewOf(world.run(run), world.reader)
    const candidates = all.map(id => ({ resource: 'contacts', id: String(id), name: 'Acme' }))
    expect([view().steps[0]?.candidates, view().steps[0]?.output]).toEqual([candidates, null])
    expect(maskedView(view()).steps[0]?.candidates).toEqual(candidates.map(one => ({ ...one, name: '‹text, 4›' })))
    expect(refused(world, run, { choose: { note: 'none' } })).toContain('needs one of the records')
    await mended(world, run, { choose: { note: all[0]! } })
    expect([view().state, view().steps[0]?.candidates]).toEqual(['done', undefined])
    expect(JSON.stringify(view().steps[0]?.output)).not.toContain('candidates')
    world.close()
  })

  it('is chosen anew: the last choice counts', async () => {
    const world = worldOf({
      note: {
        create: 'notes',
        with: { type: 'Contact', contact: 'Acme', subject: 'x', detail: 'x', date: '{{ date(fields.story) }}' },
      },
    })
    const [first, second] = three(world)
    const run = await submitted(world, { ...answers, story: '2026-11-24' })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'fail', status: 403 } })
    await mended(world, run, { choose: { note: first! } })
    expect(world.run(run).reasonCode).toBe('forbidden')
    await mended(world, run, { choose: { note: second! } })
    expect([world.run(run).state, made(world, 'notes')[0]?.data.contact]).toMatchObject(['done', { id: second }])
    world.close()
  })

  it('is chosen where a search finds three; another id parks again', async () => {
    const world = worldOf({ acme: { find: 'contacts', where: { query: 'Acme', type: 'Company' } } })
    const [, second] = three(world)
    const run = await submitted(world)
    expect(world.run(run).reasonCode).toBe('several-found')
    await mended(world, run, { choose: { acme: 424242 } })
    expect(world.run(run).reasonCode).toBe('several-found')
    await mended(world, run, { choose: { acme: second! } })
    expect([world.run(run).state, world.reader.steps.of(run)[0]?.output]).toMatchObject(['done', { id: second }])
    world.close()
  })
})

describe('the record that a lost call may have made', () => {
  async function inDoubt() {
    const world = worldOf({
      it: {
        create: 'notes',
        with: { type: 'Matter', matter: '00001-Alvarez', subject: 'New', detail: 'Please call back soon' },
      },
    })
    world.sandbox.trouble.add({ method: 'POST', path: '^notes$', times: 1, action: { do: 'lose' } })
    world.clock.in(minute, () => {
      const row = made(world, 'notes').at(-1)!
      world.sandbox.account('smith').replace(row, { ...row.data, detail: 'Called back. Please call back soon' })
    })
    const run = await submitted(world)
    expect(world.run(run).reasonCode).toBe('doubtful')
    const [candidate] = viewOf(world.run(run), world.reader).steps[0]?.candidates ?? []
    return { world, run, candidate }
  }

  it('is adopted when a person says that it is the one', async () => {
    const { world, run, candidate } = await inDoubt()
    await mended(world, run, { choose: { it: candidate!.id } })
    expect([world.run(run).state, made(world, 'notes').length]).toEqual(['done', 1])
    expect(world.reader.steps.of(run)[0]?.output).toMatchObject({ id: Number(candidate!.id) })
    world.close()
  })

  it('is left alone when a person says that it is none of them: the call is sent again, once', async () => {
    const { world, run } = await inDoubt()
    await mended(world, run, { choose: { it: 'none' } })
    expect([world.run(run).state, made(world, 'notes').length]).toEqual(['done', 2])
    world.close()
  })

  it('is still asked for when somebody only resumes', async () => {
    const { world, run, candidate } = await inDoubt()
    await mended(world, run, {})
    expect([world.run(run).reasonCode, made(world, 'notes').length]).toEqual(['doubtful', 1])
    expect(viewOf(world.run(run), world.reader).steps[0]?.candidates).toEqual([candidate])
    world.close()
  })
})

describe('forty runs of one fault', () => {
  async function forty() {
    const world = worldOf({ t: call({ matter: 'Nobody v. Nobody' }) })
    for (let n = 0; n < 40; n++) world.deliver('website', { fields: { n: String(n) }, person }, `key ${n}`)
    world.deliver('website', { fields: { n: 'other' } }, 'other')
    await world.clock.run()
    return world
  }

  it('are found and counted by the reason, and resumed in one call with the rule that was mended', async () => {
    const world = await forty()
    const { ledger, drain } = world.clerk
    expect(statsOf(ledger, drain.turnstile, null, world.clock.now).reasons).toEqual({ 'unknown-name': 41 })
    world.configure(firmWith({ t: call() }))
    const noted: string[] = []
    const done = atOnce(
      forReason('resume', { code: 'unknown-name', version: 'mended' }, world.clerk.desk, world.reader, (action, run) =>
        noted.push(`${action} ${run}`),
      ),
    )
    expect([done.runs.length, done.refused, done.left, noted.length]).toEqual([41, [], 0, 41])
    await world.clock.run()
    expect(world.runs().map(run => run.state)).toEqual(Array(41).fill('done'))
    expect(made(world, 'tasks')).toHaveLength(41)
    world.close()
  })

  it('come in their turn, the oldest first, also behind many that are refused', async () => {
    const world = worldOf({ t: call({ assignee: 'Nobody' }) })
    for (let n = 0; n < 4; n++) await carriedOut(world, { n })
    world.configure(firmWith({ other: call({ assignee: 'Nobody' }) }))
    for (let n = 4; n < 8; n++) await carriedOut(world, { n })
    const ids = world.runs().map(run => run.id)
    const three = (asked: { skip?: string[] }) =>
      atOnce(
        forReason(
          'resume',
          { code: 'unknown-name', version: 'own', ...asked },
          world.clerk.desk,
          world.reader,
          () => {},
          3,
        ),
      )
    // Only the younger ones have such a step.
    const behind = three({ skip: ['other'] })
    expect([behind.refused.map(one => one.run), behind.runs, behind.left]).toEqual([
      ids.slice(0, 4),
      ids.slice(4, 7),
      1,
    ])
    expect(three({ skip: ['t'] }).runs).toEqual(ids.slice(0, 3))
    world.close()
  })

  it('are discarded, or run anew, in one call', async () => {
    const world = await forty()
    const replayed = atOnce(
      forReason('replay', { code: 'unknown-name', version: 'mended' }, world.clerk.desk, world.reader, () => {}),
    )
    expect(replayed.runs).toHaveLength(41)
    await world.clock.run()
    expect(world.reader.overview.reasons()).toEqual({ 'unknown-name': 41 })
    atOnce(forReason('discard', { code: 'unknown-name', version: 'mended' }, world.clerk.desk, world.reader, () => {}))
    expect(world.reader.overview.reasons()).toEqual({})
    expect(world.reader.overview.counts()).toMatchObject({ discarded: 82 })
    world.close()
  })
})

it('carries nothing of a correction into another run', async () => {
  const world = worldOf({ stop: { park: 'Look' }, call: call() })
  const run = await submitted(world)
  await mended(world, run, { answers: { email: 'jane@x.example' } })
  expect(world.run(await carriedOut(world, { email: 'x@x.example' })).amended).toBeNull()
  world.close()
})
