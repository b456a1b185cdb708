import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { Firm, firm, rule } from './firm.ts'

/** Steps that read: what a rule does for every matter that it finds is done once for each, whatever happens on the way. */

const matters: JsonObject = {
  find: 'matters',
  where: { client_id: '{{ fields.client }}', status: 'pending' },
  fields: 'id,display_number,custom_fields',
  several: 'all',
  none: 'continue',
}
const review: JsonObject = {
  each: 'steps.matters',
  create: 'tasks',
  with: {
    name: "Review {{ item.display_number }} ({{ item.custom_fields['Referral source'] != null ? item.custom_fields['Referral source'] : 'unknown' }})",
    matter: '{{ item.id }}',
    assignee: 'intake@smith.example',
  },
}
const config = (more: JsonObject = {}) =>
  firm([rule('r', 'reviews', { matters: { ...matters, ...more }, review })], { pace: { requests: 1000, seconds: 60 } })
const roomy = { sandbox: { limit: { requests: 1000, seconds: 60 } } }

/** A client who has so many pending matters; the first came from somewhere. */
function client(world: Firm, count: number): Json {
  const store = world.sandbox.account('smith')
  const made = store.insert('contacts', { type: 'Person', first_name: 'Jane', last_name: 'Doe', name: 'Jane Doe' })
  const [field] = store.all('custom_fields').filter(({ data }) => data.name === 'Referral source')
  const [option] = field!.data.picklist_options as JsonObject[]
  for (let n = 0; n < count; n++)
    store.insert('matters', {
      display_number: `M${n}`,
      status: 'Pending',
      client: { id: made.id },
      custom_field_values:
        n === 0 ? [{ id: 'picklist-1', custom_field: { id: field!.id }, value: String(option!.id) }] : [],
    })
  store.insert('matters', { display_number: 'closed', status: 'Closed', client: { id: made.id } })
  return made.id
}

const three = ['Review M0 (Google)', 'Review M1 (unknown)', 'Review M2 (unknown)']

describe('a task for every pending matter', () => {
  it('is made, once for each', async () => {
    const world = new Firm(config(), roomy)
    const run = world.comes('reviews', { client: client(world, 3) })
    await world.passes(60_000)
    expect(world.run(run)).toMatchObject({ state: 'done', reason: null })
    expect(world.stand('tasks', 'name')).toEqual(three)
    expect(world.called('GET', 'matters')).toHaveLength(1)
  })

  it('once, though the object dies behind any call and answers are lost', async () => {
    for (const [action, ms] of [
      ['lose', 900],
      ['drop', 1500],
      ['lose', 2600],
    ] as const) {
      const world = new Firm(config(), { ...roomy, latency: [300, 500] })
      world.sandbox.trouble.add({ method: 'GET', path: '^matters$', times: 1, action: { do: 'lose' } })
      world.sandbox.trouble.add({ method: 'POST', path: '^tasks$', times: 1, action: { do: action } })
      const run = world.comes('reviews', { client: client(world, 3) })
      await world.passes(ms)
      world.kill()
      world.restart()
      await world.passes(600_000)
      expect(world.run(run).state).toBe('done')
      expect(world.stand('tasks', 'name').sort()).toEqual(three)
      world.close()
    }
  })

  it('a matter that is opened while the tasks are made is not looked at again', async () => {
    const world = new Firm(config(), { ...roomy, latency: [2000, 2000] })
    const id = client(world, 3)
    const run = world.comes('reviews', { client: id })
    await world.clock.run({ enough: () => world.called('POST', 'tasks').length > 0 })
    world.sandbox.account('smith').insert('matters', { display_number: 'M9', status: 'Pending', client: { id } })
    world.kill()
    world.restart()
    await world.passes(600_000)
    expect(world.run(run).state).toBe('done')
    expect(world.stand('tasks', 'name').sort()).toEqual(three)
  })

  it('of a client without one is none', async () => {
    const world = new Firm(config(), roomy)
    const run = world.comes('reviews', { client: client(world, 0) })
    await world.passes(60_000)
    expect(world.run(run).state).toBe('done')
    expect(world.called('POST', 'tasks')).toHaveLength(0)
  })

  it('more than the limit: the run parks before anything is made, and says what to do', async () => {
    const world = new Firm(config({ limit: 2 }), roomy)
    const run = world.comes('reviews', { client: client(world, 3) })
    await world.passes(60_000)
    expect(world.run(run)).toMatchObject({
      state: 'parked',
      reasonCode: 'several-found',
      reason: expect.stringContaining('More than 2 records of matters fit what the step looks for'),
    })
    expect(world.called('POST', 'tasks')).toHaveLength(0)
    world.configure(config({ limit: 3 }))
    world.resume(run, 'mended')
    await world.passes(60_000)
    expect(world.run(run).state).toBe('done')
    expect(world.stand('tasks', 'name')).toEqual(three)
  })
})

describe('one record', () => {
  const steps = (more: JsonObject): JsonObject => ({
    matter: { get: 'matters', id: '{{ fields.matter }}', fields: 'display_number,client{id,name}', ...more },
    task: {
      if: 'steps.matter.found',
      create: 'tasks',
      with: { name: '{{ steps.matter.client.name }}', matter: '{{ steps.matter }}', assignee: 'intake@smith.example' },
    },
  })
  const carried = async (matter: string | null, more: JsonObject = {}) => {
    const world = new Firm(firm([rule('r', 'm', steps(more))]), roomy)
    const run = world.comes('m', { matter })
    await world.passes(60_000)
    return { world, run: world.run(run), id: run }
  }

  it('by its name, and by its id', async () => {
    const { world, run } = await carried('00001-Alvarez')
    expect(run.state).toBe('done')
    expect(world.stand('tasks', 'name')).toEqual(['Maria Alvarez'])
    const [matter] = world.sandbox
      .account('smith')
      .all('matters')
      .filter(({ data }) => data.display_number === '00001-Alvarez')
    world.comes('m', { matter: String(matter!.id) })
    await world.passes(60_000)
    expect(world.stand('tasks', 'name')).toEqual(['Maria Alvarez', 'Maria Alvarez'])
  })

  it.each([
    ['77777-Nobody', 'unknown-name'],
    ['999999', 'none-found'],
    [null, 'empty-value'],
  ])('%s is not there: the run parks (%s), or goes on where the rule says so', async (matter, reasonCode) => {
    expect((await carried(matter)).run).toMatchObject({ state: 'parked', reasonCode })
    const { run, world } = await carried(matter, { none: 'continue' })
    expect(run.state).toBe('done')
    expect(world.called('POST', 'tasks')).toHaveLength(0)
  })

  it('is sealed as everything that a step leaves behind', async () => {
    const { world, id } = await carried('00001-Alvarez')
    const [step] = world.clerk.ledger.steps.of(id)
    expect(step!.output).toMatchObject({ client: { name: 'Maria Alvarez' } })
    expect(JSON.stringify(world.disk.query('select * from steps'))).not.toContain('Alvarez')
  })

  it('an undo passes it by', async () => {
    const { world, id } = await carried('00001-Alvarez')
    const undo = world.clerk.desk.undo(id, false)
    await world.passes(60_000)
    expect('code' in undo ? undo.code : world.run(undo.id).state).toBe('done')
    expect(world.stand('tasks', 'name')).toEqual([])
  })
})
