import { describe, expect, it } from 'vitest'
import { strayNames } from '../../../src/sandbox/maton/strays.ts'
import { carriedOut, made, worldOf } from './house.ts'

const person = {
  type: 'Person',
  first_name: 'Pat',
  last_name: 'Doe',
  email_addresses: [{ name: 'Work', address: 'pat@x.example' }],
}

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
