import { describe, expect, it } from 'vitest'
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
