import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { random } from '../../../src/sandbox/trouble.ts'
import { World } from '../world.ts'
import { connection, made, minute } from './house.ts'

/** A firm that answers what Clio tells of by these steps; `tell` delivers one change of a record. */
function answering(type: string, steps: JsonObject) {
  const watch = { [type.split('.')[0]!]: '$HOOK_SECRET' }
  const world = new World({
    index: false,
    config: {
      timezone: 'America/New_York',
      country: 'US',
      connection,
      endpoints: { clio: { source: 'clio', secret: '$HOOK', url: 'https://docketed.example', watch } },
      rules: [{ name: 'r', on: { endpoint: 'clio', type }, steps }],
    },
  })
  const [matter] = world.sandbox.account('smith').all('matters')
  let told = 0
  const tell = (id: JsonObject['id'] = matter!.id, more: JsonObject = {}) => {
    const fields = { id, etag: `"e${++told}"`, ...more }
    world.deliver('clio', { source: 'clio', type, subject: `${type.split('.')[0]} ${id}`, fields }, `key ${told}`)
  }
  const parked = () => world.runs().filter(run => run.state === 'parked')
  /** Whenever another record of a kind stands, somebody is told of something. */
  const whenever = async (resource: string, act: () => void, until = world.clock.now + 24 * 60 * minute) => {
    let stood = 0
    await world.clock.run({
      until,
      check: () => {
        const now = made(world, resource).length
        for (; stood < now; stood++) act()
      },
    })
  }
  return { world, matter: matter!, tell, parked, whenever }
}

/** One for all, so that every run of these tests is the same. */
const chance = random(9)
const note = { type: 'Matter', matter: '00001-Alvarez', subject: 'Seen', detail: 'Seen' }
const notes = (count: number): JsonObject =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`it${n}`, { create: 'notes', with: { ...note, subject: `Seen ${n}` } }]),
  )

describe('a rule on matter.updated that writes a note, in a Clio that touches the matter for a note', () => {
  it.each<[string, number, () => number, number]>([
    ['a second', 1, () => 1000, 6],
    ['five minutes', 1, () => 5 * minute, 8],
    ['half a minute, three times over', 3, () => 30_000, 21],
    ['some seconds', 1, () => 2000 + 18_000 * chance(), 6],
    ['a quarter of an hour at most', 1, () => 15 * minute * chance(), 51],
  ])('that tells of it after %s: is stopped after a handful, and says why', async (_, count, late, most) => {
    const { world, tell, parked, whenever } = answering('matter.updated', notes(count))
    tell()
    await whenever('notes', () => world.clock.in(late(), () => tell()))
    expect(made(world, 'notes').length).toBeLessThanOrEqual(most)
    expect(parked().length).toBeGreaterThan(0)
    expect(parked()[0]!.reason).toContain('looks like a loop')
    world.close()
  })

  it('stops nothing of people who work on a matter all day, at any moment', async () => {
    const { world, tell, parked } = answering('matter.updated', notes(1))
    for (let n = 0; n < 45; n++) {
      tell()
      await world.clock.run({ until: world.clock.now + 2.5 * minute + 24 * minute * chance() })
    }
    await world.clock.run({ until: world.clock.now + 30 * minute })
    expect([parked().length, made(world, 'notes').length]).toEqual([0, 45])
    world.close()
  })
})

describe('a rule on matter.created that makes a task', () => {
  const task = { create: 'tasks', with: { name: 'Open the file', assignee: 'sam@smith.example' } }

  it('is stopped where another tool makes a matter for each of its tasks', async () => {
    const { world, tell, parked, whenever } = answering('matter.created', {
      client: { create: 'contacts', with: { type: 'Person', first_name: 'Pat', last_name: 'Doe' } },
      it: task,
    })
    let id = 9000
    tell(++id)
    await whenever('tasks', () => {
      const client = { id: made(world, 'contacts').at(-1)!.id }
      world.clock.in(5000, () => tell(++id, { client }))
    })
    expect([made(world, 'tasks').length, parked().length]).toEqual([50, 1])
    world.close()
  })

  it.each([1300, 5000])('goes on where somebody brings in two hundred matters, one every %s ms', async every => {
    const { world, tell, parked } = answering('matter.created', { it: task })
    for (let n = 0; n < 200; n++) world.clock.in(n * every, () => tell(9000 + n))
    await world.clock.run({ until: world.clock.now + 30 * minute })
    expect([parked().length, made(world, 'tasks').length]).toEqual([0, 200])
    world.close()
  })
})
