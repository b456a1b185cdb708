import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { Post } from '../../../src/sandbox/maton/hooks.ts'
import { BookingFirm } from './firm.ts'

/** Clio's own webhooks: made, renewed, and no rule wakes itself by what it writes. */

const day = 86_400_000
const url = 'https://docketed.example/in/smith/clio'
const env = { TOKEN: 'a-token-of-our-own-0123456789' }

const note = {
  create: 'notes',
  with: {
    type: 'Matter',
    matter: '{{ fields.id }}',
    subject: 'Opened',
    detail: 'Welcome letter',
    date: "{{ date('today') }}",
  },
}

function config(rules: JsonObject[], watch: JsonObject = { matter: '$MATTERS', task: '$TASKS' }): JsonObject {
  return {
    timezone: 'America/New_York',
    country: 'US',
    connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
    endpoints: { clio: { source: 'clio', secret: '$TOKEN', url, watch }, website: { source: 'form' } },
    rules,
  }
}

/** A firm with Clio's webhooks on: what Clio posts arrives, after `delay` ms. */
async function firm(rules: JsonObject[], { watch, delay = 300 }: { watch?: JsonObject; delay?: number } = {}) {
  const posted: { url: string; body: string }[] = []
  let world: BookingFirm | null = null
  const post: Post = async (to, { header, secret }, body) => {
    posted.push({ url: to, body })
    if (header === 'x-hook-secret') return { status: 200, headers: new Headers({ 'x-hook-secret': secret }) }
    const { searchParams } = new URL(to)
    world!.clock.in(delay, () => void world!.arrives('clio', body, {}, `?${searchParams}`))
    return { status: 202, headers: new Headers() }
  }
  world = new BookingFirm(config(rules, watch), { env, sandbox: { post } })
  await world.passes(30_000)
  return { world, posted }
}

const hooks = (world: BookingFirm) => world.stand('webhooks')
const runs = (world: BookingFirm) => world.runs().map(run => `${run.type} ${run.state}`)
const matterRow = (world: BookingFirm) => {
  const store = world.sandbox.account('smith')
  return { store, row: store.all('matters')[0]! }
}

describe('the webhooks', () => {
  it('are made when the endpoint is saved, one a model, at an address with our secret', async () => {
    const { world } = await firm([])
    expect(hooks(world).map(({ model, url, status }) => ({ model, url, status }))).toEqual([
      { model: 'matter', url: `${url}/${env.TOKEN}?watch=matter`, status: 'enabled' },
      { model: 'task', url: `${url}/${env.TOKEN}?watch=task`, status: 'enabled' },
    ])
    expect(Date.parse(String(hooks(world)[0]!.expires_at)) - world.clock.now).toBeGreaterThan(29 * day)
  })

  it('are renewed before they expire', async () => {
    const { world } = await firm([])
    await world.passes(40 * day)
    expect(hooks(world)).toHaveLength(2)
    for (const hook of hooks(world)) expect(Date.parse(String(hook.expires_at))).toBeGreaterThan(world.clock.now)
  })

  it('are made once, though the answer is lost', async () => {
    const post: Post = async (_url, { secret }) => ({ status: 200, headers: new Headers({ 'x-hook-secret': secret }) })
    const world = new BookingFirm(config([], { matter: '$MATTERS' }), { env, sandbox: { post } })
    world.sandbox.trouble.add({ method: 'POST', path: 'webhooks', times: 1, action: { do: 'lose' } })
    await world.passes(10 * 60_000)
    expect(hooks(world)).toHaveLength(1)
  })

  it('are made in the account that the firm moves to, at once', async () => {
    const { world } = await firm([])
    world.move('other')
    await world.passes(5 * 60_000)
    const there = world.sandbox.account('other').all('webhooks')
    expect(there.map(({ data }) => [data.model, data.status])).toEqual([
      ['matter', 'enabled'],
      ['task', 'enabled'],
    ])
    const before = hooks(world).map(({ id }) => id)
    world.move('smith')
    await world.passes(5 * 60_000)
    // Their secrets were taken by the others.
    expect(hooks(world)).toHaveLength(2)
    expect(hooks(world).filter(({ id }) => before.includes(id!))).toEqual([])
  })

  it('leave no secret in the ledger or in the log', async () => {
    const { world } = await firm([])
    expect(hooks(world)).toHaveLength(2)
    const calls = world.disk
      .access(() => {})
      .sql.exec('select * from attempts')
      .toArray()
    expect(calls.length).toBeGreaterThan(0)
    expect(JSON.stringify(calls)).not.toContain(env.TOKEN)
    expect(world.log.join()).not.toContain(env.TOKEN)
  })

  it('keep within the pace, like every call on Clio', async () => {
    const { world } = await firm([])
    expect(world.sandbox.ledger.entries.filter(entry => entry.status === 429)).toEqual([])
    expect(world.sandbox.ledger.view().unknown).toEqual({ keys: 0, fields: 0, query: 0 })
  })
})

describe('a rule on what happens in Clio', () => {
  const opened = { name: 'opened', on: { endpoint: 'clio', type: 'matter.opened' }, steps: { note } }

  it('is woken by a matter that somebody opens, once', async () => {
    const { world } = await firm([opened])
    const { store, row } = matterRow(world)
    store.replace(row, { ...row.data, status: 'closed' })
    store.replace(store.get('matters', row.id)!, { ...row.data, status: 'open' })
    await world.passes(60_000)
    expect(world.stand('notes')).toMatchObject([{ subject: 'Opened', matter: { id: row.id } }])
    expect(runs(world)).toContain('matter.opened done')
  })

  it('is woken by a task that is completed, once, whatever changes about it later', async () => {
    const rule = {
      name: 'completed',
      on: { endpoint: 'clio', type: 'task.completed' },
      steps: { next: { create: 'tasks', with: { name: 'After {{ fields.name }}', assignee: 'sam@smith.example' } } },
    }
    const { world } = await firm([rule])
    const store = world.sandbox.account('smith')
    const task = store.all('tasks')[0]!
    const completed = { ...task.data, status: 'complete', completed_at: '2026-11-24T15:00:00Z' }
    store.replace(task, completed)
    await world.passes(60_000)
    store.replace(store.get('tasks', task.id)!, { ...completed, name: 'Renamed' })
    await world.passes(60_000)
    expect(world.stand('tasks').map(one => one.name)).toEqual(['After Ask for bank statements'])
  })

  it.each([0, 50, 300, 5_000])('does not wake itself by what it writes (webhook %i ms behind)', async delay => {
    const rule = {
      name: 'touch',
      on: { endpoint: 'clio', type: ['matter.updated', 'matter.opened'] },
      steps: {
        touch: { update: 'matters', id: '{{ fields.id }}', with: { client_reference: 'Seen {{ event.id }}' } },
        note,
      },
    }
    const { world } = await firm([rule], { delay })
    const { store, row } = matterRow(world)
    store.replace(row, { ...row.data, description: 'Changed by a person' })
    await world.passes(30 * 60_000)
    const done = world.runs().filter(run => run.state === 'done')
    expect(done.map(run => run.type)).toEqual(['matter.updated'])
    const ours = world.runs().filter(run => run.state === 'ignored')
    expect(ours.length).toBeGreaterThan(0)
    for (const run of ours) expect(run.reason).toContain(`Our own write: run ${done[0]!.id}`)
  })

  it('does not answer a matter that another rule made', async () => {
    const intake = {
      name: 'intake',
      on: { endpoint: 'website', type: 'form.submitted' },
      steps: {
        matter: {
          create: 'matters',
          with: { client: '{{ fields.client }}', description: 'From the website', status: 'open' },
        },
      },
    }
    const { world } = await firm([opened, intake], { delay: 0 })
    const client = world.sandbox.account('smith').all('contacts')[0]!.id
    world.deliver('website', { fields: { client } }, 'one')
    await world.passes(60_000)
    expect(world.stand('matters')).toHaveLength(1)
    expect(world.stand('notes')).toEqual([])
    expect(runs(world).sort()).toEqual(['form.submitted done', 'matter.created ignored', 'matter.opened ignored'])
  })

  it('is woken when a person changes what Docketed wrote', async () => {
    const rule = {
      name: 'seen',
      on: { endpoint: 'clio', type: 'contact.updated' },
      steps: {
        task: { create: 'tasks', with: { name: 'Look at {{ fields.name }}', assignee: 'sam@smith.example' } },
      },
    }
    const intake = {
      name: 'intake',
      on: { endpoint: 'website', type: 'form.submitted' },
      steps: { client: { create: 'contacts', with: { type: 'Person', first_name: 'Pat', last_name: 'Doe' } } },
    }
    const { world } = await firm([rule, intake], { watch: { contact: '$CONTACTS' } })
    world.deliver('website', { fields: { a: 1 } }, 'one')
    await world.passes(60_000)
    const store = world.sandbox.account('smith')
    const pat = store.all('contacts').find(one => one.data.last_name === 'Doe')!
    store.replace(pat, { ...pat.data, last_name: 'Dough' })
    await world.passes(60_000)
    expect(world.stand('tasks').map(one => one.name)).toEqual(['Look at Pat Dough'])
  })
})
