import { describe, expect, it } from 'vitest'
import { strayNames } from '../../../src/sandbox/maton/strays.ts'
import { carriedOut, made, worldOf } from './house.ts'

const person = {
  type: 'Person',
  first_name: 'Pat',
  last_name: 'Doe',
  email_addresses: [{ name: 'Work', address: 'pat@x.example' }],
}

const answer = (body: string) => ({ kind: 'answer', after: 0, answer: { status: 200, headers: {}, body } }) as const

describe('an answer that could be Clio’s, but is not about the record', () => {
  it.each(['{"data":[]}', '{"data":{}}', '{"data":{"status":"ok"}}', '{"data":null}', '[]', '{"data":{"id":424242}}'])(
    'a change answered by %s is made',
    async body => {
      const world = worldOf({ it: { update: 'contacts', id: '{{ fields.id }}', with: { title: 'Dr' } } })
      const store = world.sandbox.account('smith')
      const { id } = store.insert('contacts', person)
      const { handle } = world.sandbox
      let first = true
      world.sandbox.handle = request => {
        if (request.method !== 'PATCH' || !first) return handle(request)
        first = false
        return { reply: answer(body), done: () => {} }
      }
      const run = world.run(await carriedOut(world, { id }))
      expect([run.state, store.get('contacts', id)!.data.title]).toEqual(['done', 'Dr'])
      world.close()
    },
  )

  it.each(['{"data":[]}', '{"data":{}}', '{"data":null}'])(
    'a record read as %s gets no address that it has',
    async body => {
      const { email_addresses } = person
      const world = worldOf({ it: { update: 'contacts', id: '{{ fields.id }}', with: { email_addresses } } })
      const store = world.sandbox.account('smith')
      const { id } = store.insert('contacts', person)
      const { handle } = world.sandbox
      let first = true
      world.sandbox.handle = request => {
        if (!/contacts\/\d+$/.test(request.path) || !first) return handle(request)
        first = false
        return { reply: answer(body), done: () => {} }
      }
      const run = world.run(await carriedOut(world, { id }))
      expect([run.state, store.get('contacts', id)!.data.email_addresses]).toEqual(['done', email_addresses])
      world.close()
    },
  )

  it('a list that says a record twice: it is one', async () => {
    const world = worldOf({ it: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'lose' } })
    const { handle } = world.sandbox
    world.sandbox.handle = request => {
      const handled = handle(request)
      if (!/tasks$/.test(request.path) || request.method !== 'GET' || handled.reply.kind !== 'answer') return handled
      const { data } = JSON.parse(String(handled.reply.answer.body)) as { data: object[] }
      return { ...handled, reply: answer(JSON.stringify({ data: [...data, ...data] })) }
    }
    const run = world.run(await carriedOut(world))
    expect([run.state, made(world, 'tasks').length]).toEqual(['done', 1])
    world.close()
  })
})

describe.each(strayNames)('somebody on the way answers in Clio’s place: %s', shape => {
  it('a deletion is done when the record is gone, not before', async () => {
    const world = worldOf({ it: { delete: 'tasks', id: '{{ fields.id }}' } })
    const task = world.sandbox.account('smith').insert('tasks', { name: 'Call' })
    world.sandbox.trouble.add({ method: 'DELETE', times: 1, action: { do: 'stray', shape } })
    const run = world.run(await carriedOut(world, { id: task.id }))
    expect(run.state).toBe('done')
    expect(world.sandbox.account('smith').get('tasks', task.id)).toBeUndefined()
    world.close()
  })

  it('an upsert changes the contact that stands, and makes no second one', async () => {
    const world = worldOf({
      it: { upsert: 'contacts', match: ['email_addresses'], existing: 'fill', with: { ...person, title: 'Dr' } },
    })
    world.sandbox.account('smith').insert('contacts', person)
    world.sandbox.trouble.add({ method: 'PATCH', times: 2, action: { do: 'stray', shape } })
    world.sandbox.trouble.add({ method: 'GET', path: '^contacts', times: 2, action: { do: 'stray', shape } })
    const run = world.run(await carriedOut(world))
    expect([run.state, run.reason]).toEqual(['done', null])
    const does = world.sandbox
      .account('smith')
      .all('contacts')
      .filter(row => row.data.last_name === 'Doe')
    expect(does.map(row => row.data.title)).toEqual(['Dr'])
    world.close()
  })

  it('an upsert of a contact that the index knows makes no second one', async () => {
    const step = { upsert: 'contacts', match: ['email_addresses'], existing: 'fill', with: { ...person, title: 'Dr' } }
    const world = worldOf({ it: step }, { index: true })
    const store = world.sandbox.account('smith')
    const contact = store.insert('contacts', person)
    await carriedOut(world, { n: 1 })
    store.replace(store.get('contacts', contact.id)!, person)
    world.sandbox.trouble.add({ method: 'PATCH', times: 2, action: { do: 'stray', shape } })
    const run = world.run(await carriedOut(world, { n: 2 }))
    const does = store.all('contacts').filter(row => row.data.last_name === 'Doe')
    expect([run.state, does.map(row => row.data.title)]).toEqual(['done', ['Dr']])
    world.close()
  })

  it('a create makes one record', async () => {
    const world = worldOf({ it: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
    world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'stray', shape } })
    const run = world.run(await carriedOut(world))
    expect([run.state, made(world, 'tasks').length]).toEqual(['done', 1])
    world.close()
  })
})
