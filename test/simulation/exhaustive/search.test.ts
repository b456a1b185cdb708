import { describe, expect, it } from 'vitest'
import { isFinal } from '../../../src/docket/ledger/run/run-state.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { firmWith } from '../once/house.ts'
import type { World } from '../world.ts'
import { moments, type Scenario, search } from './search.ts'

const depth = Number(process.env.DEPARTURES ?? 1)

const person = {
  type: 'Person',
  first_name: 'Pat',
  last_name: 'Doe',
  email_addresses: [{ name: 'Work', address: 'pat@x.example' }],
}
const task = { name: 'Call {{ fields.n }}', assignee: 'sam@smith.example' }
const ditto = { name: 'Ditto', description: 'The same every time', assignee: 'sam@smith.example' }

/** Records of a resource whose key says this. */
const count = (world: World, resource: string, key: string, says: RegExp): number =>
  world.sandbox
    .account('smith')
    .all(resource)
    .filter(row => says.test(String(row.data[key]))).length

const undone = (world: World): Set<string | null> =>
  new Set(world.runs().flatMap(run => (run.undoOf === null ? [] : [run.undoOf])))

/** Whatever the runs share: none stands open for ever, and what is done stands, unless a person took it away. */
function left(world: World): string | null {
  const open = world.runs().filter(run => !isFinal(run.state) && run.state !== 'parked')
  return open.length === 0 ? null : `I1: ${open.map(run => `${run.id} is ${run.state} (${run.reason})`).join('; ')}`
}

const twice =
  (event: (n: number) => JsonObject, subject: string | null = null) =>
  (world: World) =>
    [1, 2].map(n => world.deliver('website', { fields: event(n), subject }, `key ${n}`))

const sharedContact: Scenario = {
  config: firmWith({
    client: { upsert: 'contacts', match: ['email_addresses'], with: person },
    call: { create: 'tasks', with: task },
  }),
  deliver: twice(n => ({ n })),
  wrong(world, atEnd) {
    const contacts = count(world, 'contacts', 'last_name', /^Doe$/)
    if (contacts > 1) return `I2: ${contacts} contacts stand for one person`
    for (const n of [1, 2]) {
      const runs = world.runs().filter(run => run.undoOf === null && run.event?.fields.n === n)
      const calls = count(world, 'tasks', 'name', new RegExp(`^Call ${n}$`))
      if (calls > runs.length) return `I2: ${calls} tasks stand for ${runs.length} runs`
    }
    return atEnd ? left(world) : null
  },
}

const sharedSubject: Scenario = {
  config: firmWith({
    meeting: {
      create: 'calendar_entries',
      link: 'meeting',
      if: 'fields.n == 1',
      with: {
        summary: 'Meeting',
        start_at: '2026-12-01T15:00:00Z',
        end_at: '2026-12-01T16:00:00Z',
        calendar_owner: 'sam@smith.example',
      },
    },
    off: { delete: 'calendar_entries', id: '{{ links.meeting }}', if: 'fields.n == 2' },
  }),
  deliver: twice(n => ({ n }), 'the booking'),
  wrong(world, atEnd) {
    const meetings = count(world, 'calendar_entries', 'summary', /^Meeting$/)
    const runs = world.runs().filter(run => run.undoOf === null && run.event?.fields.n === 1)
    if (meetings > runs.length) return `I2: ${meetings} entries stand for ${runs.length} runs`
    const [booked, off] = world.runs()
    const replayed = world.runs().some(run => run.replayOf !== null)
    if (atEnd && !replayed && booked?.state === 'done' && off?.state === 'done' && meetings > 0)
      return 'the booking is called off, its entry stands'
    return atEnd ? left(world) : null
  },
}

const equalRequests: Scenario = {
  config: firmWith({ task: { create: 'tasks', with: ditto } }),
  deliver: twice(n => ({ n })),
  wrong(world, atEnd) {
    const tasks = count(world, 'tasks', 'name', /^Ditto$/)
    const gone = undone(world)
    const runs = world.runs().filter(run => run.undoOf === null)
    if (tasks > runs.length) return `I2: ${tasks} tasks stand for ${runs.length} runs`
    if (!atEnd) return null
    const undoing = world.runs().filter(run => run.undoOf !== null && run.state === 'done')
    if (tasks > runs.length - undoing.length)
      return `undo: ${tasks} tasks stand, ${undoing.length} of ${runs.length} undone`
    const done = runs.filter(run => run.state === 'done' && !gone.has(run.id)).length
    // As often as a person acts, one may have been taken away.
    if (tasks < done - moments.length) return `I1: ${done} are done, ${tasks} tasks stand`
    return left(world)
  },
}

describe('every order of outcomes, crashes and people’s acts, for two runs that share', () => {
  it.each([
    ['a contact', sharedContact],
    ['a subject', sharedSubject],
    ['an equal request', equalRequests],
  ])('%s', { timeout: 3_600_000 }, async (what, scenario) => {
    const { paths, states } = await search(scenario, depth)
    console.log(`two runs that share ${what}: ${paths} paths with up to ${depth} departures, ${states} states`)
    expect(states).toBeGreaterThan(20)
  })
})
