import { describe, expect, it } from 'vitest'
import { explained } from '../../../src/docket/operator/explain.ts'
import { maskedView } from '../../../src/docket/operator/mask.ts'
import type { RunView } from '../../../src/model/docket-rpc.ts'
import { reasons } from '../../../src/model/reason.ts'
import { todoOf } from '../../../src/model/view/what-to-do.ts'
import { firmWith, worldOf } from '../once/house.ts'
import type { World } from '../world.ts'

const task = (more = {}) => ({
  create: 'tasks',
  with: { name: 'Call', assignee: 'sam@smith.example', description: 'Call', ...more },
})
const fields = { first_name: 'Jane', matter_type: 'Familly', when: 'soon-ish' }

const viewOf = (world: World, id: string) => explained(world.run(id), 'smith', world.clerk)

async function parked(world: World, given: Record<string, string> = fields): Promise<RunView> {
  const run = world.deliver('website', { fields: given, data: given }, JSON.stringify(given))!
  await world.clock.run()
  return viewOf(world, run)
}
const step = (view: RunView, name: string) => view.steps.find(one => one.path === `rule/${name}`)!

describe('a run that stands', () => {
  it('says which steps were left out, and by which condition', async () => {
    const world = worldOf({
      late: { if: "fields.matter_type == 'Family Law'", ...task() },
      stop: { park: 'Look' },
      rest: { if: 'false', ...task() },
    })
    const view = await parked(world)
    expect(step(view, 'late')).toMatchObject({
      state: 'skipped',
      why: "Its condition was false: fields.matter_type == 'Family Law'",
    })
    expect(step(view, 'rest').why).toBeUndefined()
    world.close()
  })

  it('says which steps a person let it leave out', async () => {
    const world = worldOf({ stop: { if: 'true', park: 'Look' }, call: { if: 'true', ...task() }, end: { park: 'End' } })
    const { id } = await parked(world)
    world.clerk.desk.mend(id, 'mended', { skip: ['call'] })
    await world.clock.run()
    const view = viewOf(world, id)
    expect(view.state).toBe('parked')
    expect(step(view, 'call').why).toBe('A person let it be skipped.')
    world.close()
  })

  it('shows what the step that it stands at was given, and the value that it stumbled over', async () => {
    const world = worldOf({
      call: task({ due_at: '{{ date(fields.when) }}' }),
    })
    const view = await parked(world)
    expect(view.reasonCode).toBe('expression')
    // It parked before any step was made of it.
    expect(view.steps).toEqual([])
    expect(view.stumbled).toMatchObject([
      { step: 'rule/call', at: 'with.due_at', reads: [{ expression: 'fields.when', value: 'soon-ish' }] },
    ])
    expect(JSON.stringify(maskedView(view))).not.toContain('soon-ish')
    world.close()

    const other = worldOf({
      matter: {
        create: 'matters',
        with: { description: 'x', client: 'Jane', practice_area: '{{ fields.matter_type }}' },
      },
    })
    const stuck = await parked(other)
    expect(step(stuck, 'matter').given).toEqual([
      { at: 'with.practice_area', expression: 'fields.matter_type', value: 'Familly' },
    ])
    other.close()
  })

  it('shows it to nobody who has not asked', async () => {
    const world = worldOf({
      matter: { create: 'matters', with: { description: 'x', client: '{{ fields.first_name }} Roe' } },
    })
    const masked = maskedView(await parked(world))
    expect(step(masked, 'matter').given).toEqual([
      { at: 'with.client', expression: 'fields.first_name', value: '‹text, 4›' },
    ])
    expect(JSON.stringify(masked)).not.toContain('Jane')
    world.close()
  })

  it('names the rules that were for such an event, and passed it over', async () => {
    const world = worldOf(
      {},
      {},
      {
        rules: [
          {
            name: 'rule',
            on: { endpoint: 'website' },
            if: "fields.matter_type == 'Family Law'",
            steps: { stop: { park: 'Look' } },
          },
        ],
      },
    )
    const view = await parked(world)
    expect(view).toMatchObject({ state: 'ignored', reasonCode: 'no-rule' })
    expect(view.passedOver).toEqual([{ rule: 'rule', if: "fields.matter_type == 'Family Law'" }])
    world.close()
  })

  it('names the run that it waits for, which nobody wrote, and nothing else', async () => {
    const world = worldOf({ stop: { park: 'Ask {{ fields.first_name }}' } })
    const [first, second] = ['1', '2'].map(
      n => world.deliver('website', { fields, data: fields, subject: 'booking-1' }, n)!,
    )
    await world.clock.run()
    expect(maskedView(viewOf(world, second!)).reason).toBe(
      `Waiting for run ${first} about the same subject, which is parked: resume or discard that one.`,
    )
    expect(maskedView(viewOf(world, first!)).reason).toBe(`${reasons['by-rule']}.`)
    world.close()
  })

  it('goes on being shown when its rules are gone', async () => {
    const world = worldOf({ stop: { park: 'Look' } })
    const { id } = await parked(world)
    world.clerk.ledger.putConfig('{}', firmWith({ other: { park: 'x' } }), 0)
    expect(viewOf(world, id)).toMatchObject({ state: 'parked', reasonCode: 'by-rule' })
    world.close()
  })
})

describe('what to do', () => {
  it('is said of every reason for which a person is needed', () => {
    for (const code of Object.keys(reasons) as (keyof typeof reasons)[]) {
      const said = todoOf('parked', code)
      if (said !== null) expect(said, code).toMatch(/\.$/)
      else expect(['overtaken', 'own-write', 'nothing-to-follow', 'nothing-to-join', 'asked-back']).toContain(code)
    }
  })

  it('is nothing once a run is done', () => {
    expect(todoOf('done', null)).toBeNull()
    expect(todoOf('discarded', 'unknown-name')).toBeNull()
  })
})
