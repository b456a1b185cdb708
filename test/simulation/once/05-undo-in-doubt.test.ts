import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { Action } from '../../../src/sandbox/trouble.ts'
import { made, minute, worldOf } from './house.ts'

const steps = {
  one: { create: 'tasks', with: { name: 'One', assignee: 'sam@smith.example' } },
  two: { create: 'tasks', with: { name: 'Two', assignee: 'sam@smith.example' } },
}

/** A run whose second call is in doubt, and which a person gives up or leaves parked. */
async function inDoubt(action: Action, subject: string | null = null) {
  const world = worldOf(steps)
  world.sandbox.trouble.add({ method: 'POST', skip: 1, times: 1, action })
  const run = world.deliver('website', { fields: {}, subject }, 'key')!
  await world.clock.run({ until: world.clock.now + 5000 })
  expect(world.run(run).state).toBe('waiting')
  return { world, run }
}

describe('an undo of a run with a call in doubt', () => {
  it.each<[string, Action]>([
    ['landed', { do: 'lose' }],
    ['lands late', { do: 'late', ms: 20_000 }],
    ['never arrived', { do: 'drop' }],
  ])('that %s: nothing of it is left', async (_, action) => {
    const { world, run } = await inDoubt(action)
    world.operate(clerk => clerk.desk.discard(run))
    const undo = world.clerk.desk.undo(run, true) as { id: string }
    await world.clock.run()
    expect([world.run(undo.id).state, made(world, 'tasks').length]).toEqual(['done', 0])
    world.close()
  })

  it.each<[string, Action, string]>([
    ['landed', { do: 'lose' }, 'done'],
    ['lands late', { do: 'late', ms: 20_000 }, 'done'],
    ['never arrived', { do: 'drop' }, 'done'],
    ['landed, and is given up', { do: 'lose' }, 'discarded'],
    ['never arrived, and is given up', { do: 'drop' }, 'discarded'],
  ])('that changes what was there before, and %s: it says again what it said', async (_, action, state) => {
    const world = worldOf({ it: { update: 'contacts', id: '{{ fields.id }}', with: { title: 'Dr' } } })
    const store = world.sandbox.account('smith')
    const { id } = store.insert('contacts', { type: 'Person', first_name: 'Pat', last_name: 'Doe', title: 'Mx' })
    world.sandbox.trouble.add({ method: 'PATCH', times: 1, action })
    const run = world.deliver('website', { fields: { id } }, 'key')!
    await world.clock.run({ until: world.clock.now + 5000 })
    if (state === 'discarded') world.operate(clerk => clerk.desk.discard(run))
    else await world.clock.run()
    expect(world.run(run).state).toBe(state)
    const undo = world.clerk.desk.undo(run, true) as { id: string }
    await world.clock.run()
    expect([world.run(undo.id).state, store.get('contacts', id)!.data.title]).toEqual(['done', 'Mx'])
    world.close()
  })

  it('that changes what the run made: nothing of it is left, and nobody else is blamed', async () => {
    const matter = { client: 'Maria Alvarez', description: 'Divorce', status: 'pending' }
    const world = worldOf({
      made: { create: 'matters', with: matter },
      later: { update: 'matters', id: '{{ steps.made.id }}', with: { description: 'Divorce of Maria' } },
    })
    world.sandbox.trouble.add({ method: 'PATCH', times: 1, action: { do: 'lose' } })
    const run = world.deliver('website', {}, 'key')!
    await world.clock.run()
    const undo = world.clerk.desk.undo(run, false) as { id: string }
    await world.clock.run()
    expect([world.run(undo.id).state, made(world, 'matters').length]).toEqual(['done', 0])
    world.close()
  })

  it('closes a parked run, which then resumes no more, and waits not for it though they share a subject', async () => {
    const world = worldOf(steps)
    world.sandbox.trouble.add({ method: 'POST', skip: 1, times: 1, action: { do: 'fail', status: 403 } })
    const run = world.deliver('website', { fields: {}, subject: 'the booking' }, 'key')!
    await world.clock.run({ until: world.clock.now + minute })
    expect(world.run(run).state).toBe('parked')
    const undo = world.clerk.desk.undo(run, true) as { id: string }
    expect(world.clerk.desk.resume(run, 'own')).toMatchObject({ status: 409 })
    await world.clock.run()
    expect([world.run(undo.id).state, world.run(run).state, made(world, 'tasks').length]).toEqual([
      'done',
      'discarded',
      0,
    ])
    world.close()
  })
})

describe('an undo of several changes of one record', () => {
  const id = '{{ fields.id }}'
  const doctor = {
    one: { update: 'contacts', id, with: { title: 'Dr' } },
    two: { update: 'contacts', id, with: { prefix: 'Sir' } },
    three: { update: 'contacts', id, with: { title: 'Prof' } },
  }
  const was = { type: 'Person', first_name: 'Pat', last_name: 'Doe', title: 'Mx', prefix: 'Ms' }

  /** One of the answers is lost; the run goes on, or is discarded where it stands. */
  async function changed(skip: number | null, action: Action, discarded = false, steps: JsonObject = doctor) {
    const world = worldOf(steps)
    const store = world.sandbox.account('smith')
    const contact = store.insert('contacts', was)
    if (skip !== null) world.sandbox.trouble.add({ method: 'PATCH', skip, times: 1, action })
    const run = world.deliver('website', { fields: { id: contact.id } }, 'key')!
    await world.clock.run({ until: world.clock.now + 5000 })
    if (discarded) world.operate(clerk => clerk.desk.discard(run))
    await world.clock.run()
    const now = () => store.get('contacts', contact.id)!
    const edit = (data: JsonObject) => store.replace(now(), { ...now().data, ...data })
    const undone = async () => {
      const undo = world.clerk.desk.undo(run, true) as { id: string }
      await world.clock.run()
      return world.run(undo.id)
    }
    return { world, store, contact, now, edit, undone }
  }
  const ways: Action[] = [{ do: 'lose' }, { do: 'drop' }, { do: 'late', ms: 20_000 }]
  const cases = [null, 0, 1, 2].flatMap(skip =>
    ways.flatMap(way => [false, true].map(given => [skip, way, given] as const)),
  )

  it.each(cases)('the answer to number %s %o, given up: %s: all of it says what it said', async (skip, way, given) => {
    const { world, now, undone } = await changed(skip, way, given)
    expect([(await undone()).state, now().data]).toEqual(['done', was])
    world.close()
  })

  it.each(cases)(
    'the answer to number %s %o, given up: %s: what somebody else changed stays',
    async (skip, way, given) => {
      const { world, now, edit, undone } = await changed(skip, way, given)
      edit({ title: 'Judge' })
      expect([(await undone()).reasonCode, now().data.title]).toEqual(['changed-since', 'Judge'])
      world.close()
    },
  )

  it('knows its own value of a custom field from one that somebody else has set', async () => {
    const world = worldOf({ it: { update: 'matters', id, with: { custom_fields: { Court: 'Kings' } } } })
    const store = world.sandbox.account('smith')
    const [court, judge] = ['Court', 'Judge'].map(name =>
      store.insert('custom_fields', { name, parent_type: 'Matter', field_type: 'text_line' }),
    )
    const [matter] = store.all('matters')
    const values = () => store.get('matters', matter!.id)!.data.custom_field_values as JsonObject[]
    world.sandbox.trouble.add({ method: 'PATCH', times: 1, action: { do: 'lose' } })
    const run = world.deliver('website', { fields: { id: matter!.id } }, 'key')!
    await world.clock.run()
    const before = values()
    const other = { id: 'text_line-9', custom_field: { id: judge!.id }, value: 'Dredd' }
    store.replace(store.get('matters', matter!.id)!, { ...matter!.data, custom_field_values: [...before, other] })
    const undo = world.clerk.desk.undo(run, true) as { id: string }
    await world.clock.run()
    expect(world.run(undo.id).state).toBe('done')
    expect(values().filter(one => String((one.custom_field as JsonObject).id) === String(court!.id))).toEqual([])
    expect(values().map(one => one.value)).toContain('Dredd')
    world.close()
  })

  it('a change of what the run made, that never arrived, blames nobody', async () => {
    const matter = { client: 'Maria Alvarez', description: 'Divorce', status: 'pending' }
    const world = worldOf({
      made: { create: 'matters', with: matter },
      later: { update: 'matters', id: '{{ steps.made.id }}', with: { description: 'Divorce of Maria' } },
    })
    world.sandbox.trouble.add({ method: 'PATCH', times: 1, action: { do: 'drop' } })
    const run = world.deliver('website', {}, 'key')!
    await world.clock.run({ until: world.clock.now + 5000 })
    world.operate(clerk => clerk.desk.discard(run))
    const undo = world.clerk.desk.undo(run, false) as { id: string }
    await world.clock.run()
    expect([world.run(undo.id).state, made(world, 'matters').length]).toEqual(['done', 0])
    world.close()
  })
})
