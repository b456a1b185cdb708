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
