import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import { type Rewrite, rewrites } from '../../../src/sandbox/clio/rewrite.ts'
import { carriedOut, made, minute, worldOf } from './house.ts'

/** A text that no rewriting leaves alone. */
const odd = `Smith  & Sons\u00A0– "Rene\u0301e" 👩‍⚖️ isn't\nhere.`
const text = `${odd} ${'and so on, at some length, '.repeat(12)}end.`

const bodies: Readonly<Record<string, JsonObject>> = {
  matters: { client: 'Maria Alvarez', description: text, status: 'pending' },
  tasks: { name: odd, description: text, assignee: 'sam@smith.example', matter: '00001-Alvarez' },
  contacts: {
    type: 'Person',
    first_name: 'Rene\u0301e',
    last_name: `O'Neil  & Sons 👩‍⚖️`,
    phone_numbers: [{ name: 'Mobile', number: '+12125550123' }],
    email_addresses: [{ name: 'Work', address: 'renee@x.example' }],
  },
  notes: { type: 'Matter', matter: '00001-Alvarez', subject: odd, detail: text },
  activities: { type: 'TimeEntry', date: '2026-11-24', quantity: 1000, note: text, matter: '00001-Alvarez' },
}

/** One intake whose POST is done and whose answer is lost. */
async function lost(
  resource: string,
  chosen: readonly Rewrite[],
  correct?: (data: JsonObject) => JsonObject,
  body = bodies[resource]!,
) {
  const world = worldOf({ it: { create: resource, with: body } })
  world.sandbox.behaviour.rewrites = chosen
  world.sandbox.trouble.add({ method: 'POST', path: `^${resource}$`, times: 1, action: { do: 'lose' } })
  if (correct)
    world.clock.in(minute, () => {
      const store = world.sandbox.account('smith')
      const row = made(world, resource).at(-1)!
      store.replace(row, correct(row.data))
    })
  const run = world.run(await carriedOut(world))
  return { world, run, count: made(world, resource).length }
}

describe.each(Object.keys(bodies))('the answer to a create of %s is lost, and Clio writes it otherwise', resource => {
  it.each(rewrites)('%s: one record, and the run is done', async rewrite => {
    const { world, run, count } = await lost(resource, [rewrite])
    expect([count, run.state, run.reason]).toEqual([1, 'done', null])
    world.close()
  })

  it('all of it at once', async () => {
    const { world, run, count } = await lost(resource, rewrites)
    expect([count, run.state, run.reason]).toEqual([1, 'done', null])
    world.close()
  })
})

describe('a person corrects what landed before it is looked for', () => {
  it.each<[string, string, (data: JsonObject) => JsonObject]>([
    ['matters', 'status', data => ({ ...data, status: 'open' })],
    ['matters', 'description', data => ({ ...data, description: `${data.description} (urgent)` })],
    ['tasks', 'name', data => ({ ...data, name: String(data.name).replace('Sons', 'Son') })],
    ['tasks', 'assignee', data => ({ ...data, assignee: { id: 1003, type: 'User' } })],
    ['tasks', 'name', data => ({ ...data, name: 'Urgent' })],
    ['contacts', 'last_name', data => ({ ...data, last_name: String(data.last_name).replace('Neil', 'Neal') })],
    ['contacts', 'first_name', data => ({ ...data, first_name: 'Ren', last_name: 'Smith' })],
    ['contacts', 'email_addresses', data => ({ ...data, email_addresses: [] })],
    ['notes', 'detail', data => ({ ...data, detail: `Called back. ${data.detail}` })],
    ['activities', 'quantity', data => ({ ...data, quantity: 7200 })],
    ['activities', 'date', data => ({ ...data, date: '2026-11-23' })],
  ])('%s, its %s: no second one, and a person is asked with both named', async (resource, key, correct) => {
    const { world, run, count } = await lost(resource, [], correct)
    expect([count, run.state]).toEqual([1, 'parked'])
    const id = made(world, resource)[0]!.id
    expect(run.reason).toContain(`POST ${resource} was lost`)
    expect(run.reason).toMatch(new RegExp(`Record ${id} in Clio looks like the one.*\\(${key}`))
    world.close()
  })

  it('a short text whose pictographs Clio dropped: neither', async () => {
    const note = { type: 'Matter', matter: '00001-Alvarez', subject: 'Note 1 👩‍⚖️ at once', detail: 'Said 👩‍⚖️' }
    const world = worldOf({ it: { create: 'notes', with: note } })
    world.sandbox.behaviour.rewrites = ['pictographs']
    world.sandbox.trouble.add({ method: 'POST', path: '^notes$', times: 1, action: { do: 'lose' } })
    world.clock.in(minute, () => {
      const row = made(world, 'notes').at(-1)!
      world.sandbox.account('smith').replace(row, { ...row.data, subject: `${row.data.subject}!` })
    })
    const run = world.run(await carriedOut(world))
    expect([made(world, 'notes').length, run.state]).toEqual([1, 'parked'])
    world.close()
  })
})

describe('what is left of a text in a storage that knows less', () => {
  it.each<[string, string, string]>([
    ['the dot of an initial', 'J.', 'J'],
    ['signs of four bytes', '𠮷田', '田'],
    ['question marks for what it cannot say', 'Said 👩‍⚖️', 'Said ????'],
    ['question marks alone', 'Иван', '????'],
    ['accents as question marks', '¿Qué?', '?Qu??'],
    ['the sign for no sign', 'Said 👋', 'Said \uFFFD'],
    ['the start, up to the first sign of four bytes', 'Hello 👋 please call me about the house', 'Hello '],
    ['whatever stood in angle brackets gone', 'From Pat <pat@doe.example>', 'From Pat '],
    ['a picture gone', 'See <img src="http://x.example/a.png"> it', 'See  it'],
    ['a link of its own kind added', 'See www.x.example now', 'See <link>www.x.example</link> now'],
    ['entities of entities', 'A & B', 'A &amp;amp;amp; B'],
    ['slashes before quotes', `It's "so"`, `It\\'s \\"so\\"`],
  ])('%s: no second record', async (_, sent, read) => {
    const body = { name: sent, description: sent, assignee: 'sam@smith.example', matter: '00001-Alvarez' }
    const { world, count } = await lost('tasks', [], data => ({ ...data, name: read, description: read }), body)
    expect(count).toBe(1)
    world.close()
  })

  it.each<[string, string, string]>([
    ['cut at 255 bytes', '漢字'.repeat(60), '漢字'.repeat(60).slice(0, 85)],
    ['cut in the middle of a sign', `${'x'.repeat(254)}👋 and more`, `${'x'.repeat(254)}\uD83D`],
  ])('%s: it is the same', async (_, sent, read) => {
    const body = { name: sent, description: sent, assignee: 'sam@smith.example', matter: '00001-Alvarez' }
    const { world, run, count } = await lost('tasks', [], data => ({ ...data, name: read, description: read }), body)
    expect([count, run.state]).toEqual([1, 'done'])
    world.close()
  })

  it('a moment without its seconds: it is the same', async () => {
    const entry = { summary: 'Meeting', start_at: '2026-12-01T15:00:30Z', end_at: '2026-12-01T16:00:00Z' }
    const later = { start_at: '2026-12-01T10:00:00-05:00', end_at: '2026-12-01T11:00:00-05:00' }
    const body = { ...entry, calendar_owner: 'sam@smith.example' }
    const { world, run, count } = await lost('calendar_entries', [], data => ({ ...data, ...later }), body)
    expect([count, run.state]).toEqual([1, 'done'])
    world.close()
  })
})

it('a record that does not say in which timezone it was made is not taken for an older one', async () => {
  const world = worldOf({ it: { create: 'tasks', with: { name: 'Call', assignee: 'sam@smith.example' } } })
  world.sandbox.trouble.add({ method: 'POST', times: 1, action: { do: 'lose' } })
  const { handle } = world.sandbox
  world.sandbox.handle = request => {
    const handled = handle(request)
    if (handled.reply.kind !== 'answer') return handled
    const { answer } = handled.reply
    const body = String(answer.body).replace(/"created_at":"([^"]{11})\d\d(:\d\d:\d\d)Z"/g, '"created_at":"$108$2"')
    return { ...handled, reply: { ...handled.reply, answer: { ...answer, body } } }
  }
  const run = world.run(await carriedOut(world))
  expect([run.state, made(world, 'tasks').length]).toEqual(['done', 1])
  world.close()
})
