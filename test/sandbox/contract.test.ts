import { describe, expect, test } from 'vitest'
import { everything } from '../../src/clio/contract/all.ts'
import {
  bodyShape,
  type Field,
  isShape,
  itemOf,
  keyOf,
  type Resource,
  refOf,
  type Shape,
  wordsOf,
} from '../../src/clio/contract/index.ts'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import { type Clio, startClio } from './helpers.ts'

/** Every resource of the contract is served, from the data alone: made from a minimal valid body, read, listed, changed, deleted. */

const samples: Readonly<Record<string, Json>> = {
  text: 'x',
  integer: 1,
  number: 1.5,
  boolean: true,
  date: '2026-10-15',
  time: '2026-10-15T10:00:00Z',
  json: {},
}

/** Values that a kind alone does not tell. */
const special: Readonly<Record<string, Json>> = { url: 'https://hooks.example/clio' }

/** A body with what is required, and the records that it refers to. */
async function minimal(clio: Clio, resource: Resource, shape: Shape, path = ''): Promise<JsonObject> {
  const data: JsonObject = {}
  for (const [key, field] of Object.entries(shape)) {
    const { name, required } = keyOf(key)
    if (required) data[name] = await sample(clio, resource, field, path + name, shape)
  }
  return data
}

async function sample(clio: Clio, resource: Resource, field: Field, path: string, beside: Shape): Promise<Json> {
  const item = itemOf(field)
  if (item !== null) return [await sample(clio, resource, item, path, beside)]
  if (isShape(field)) {
    const target = refOf(resource, path)
    const data = await minimal(clio, resource, field, `${path}.`)
    if (target) Object.assign(data, { id: await anyId(clio, target.resource) }, target.type && { type: target.type })
    return data
  }
  const kind = field as string
  if (path.endsWith('_id')) {
    const target = refOf(resource, path)
    if (target) return anyId(clio, target.resource)
  }
  return special[path] ?? wordsOf(kind)?.[0] ?? samples[kind] ?? null
}

/** A record that is there, or is made. */
async function anyId(clio: Clio, name: string): Promise<number> {
  const store = clio.sandbox.account('smith')
  const row = store.all(name)[0]
  if (row) return Number(row.id)
  return Number((everything[name]?.create ? (await make(clio, name)).id : store.insert(name, { name: 'x' }).id) ?? 0)
}

async function bodyOf(clio: Clio, resource: Resource): Promise<JsonObject> {
  const body = await minimal(clio, resource, resource.create ?? {})
  for (const { when, oneOf } of resource.require ?? []) {
    const [key, value] = when?.split('=') ?? []
    const [first] = oneOf
    if (first === undefined || (key !== undefined && body[key] !== value)) continue
    const field = bodyShape(resource, 'create')?.[first] ?? 'text'
    body[first] ??= await sample(clio, resource, field, first, {})
  }
  return body
}

async function make(clio: Clio, name: string): Promise<JsonObject> {
  const resource = everything[name]
  if (!resource) throw new Error(`${name} is not in the contract`)
  const told = await clio.post(name, await bodyOf(clio, resource))
  expect(told.status, `${name}: ${told.text}`).toBe(201)
  return told.data
}

/** Every readable field, with everything inside. */
function allFields(resource: Resource): string {
  return Object.entries(resource.read)
    .map(([name, field]) => {
      const inner = itemOf(field) ?? field
      return isShape(inner) ? `${name}{${Object.keys(inner).join(',')}}` : name
    })
    .join(',')
}

const flat = Object.entries(everything).filter(([name]) => !name.includes('{'))

describe.each(flat.filter(([, { create }]) => create !== undefined))('%s', (name, resource) => {
  test('is made, read, listed, changed and deleted', async () => {
    const clio = startClio()
    const { id, etag } = await make(clio, name)
    const fields = encodeURIComponent(allFields(resource))
    if (resource.get) {
      const got = await clio.get(`${name}/${id}?fields=${fields}`)
      expect(got.status, got.text).toBe(200)
      expect(String(got.data.id)).toBe(String(id))
    }
    if (resource.list && !resource.one) {
      const type = keyOfRequired(resource.list)
      const listed = await clio.get(`${name}?fields=${fields}&show_uncompleted=true${type}`)
      expect(listed.status, listed.text).toBe(200)
      // A list that must be asked below another record (`conversation_id`) shows only what stands there.
      const whole = !type.includes('_id=')
      if (whole) expect(listed.list.map(each => String(each.id))).toContain(String(id))
    }
    if (resource.update && !resource.one) {
      const taken = bodyShape(resource, 'update') ?? {}
      const body = Object.entries(await bodyOf(clio, resource)).filter(([key]) => key in taken)
      const changed = await clio.patch(`${name}/${id}`, Object.fromEntries(body))
      expect(changed.status, changed.text).toBe(200)
      expect(changed.data.etag === undefined || changed.data.etag !== etag).toBe(true)
    }
    if (resource.delete) {
      const gone = await clio.delete(resource.one ? name : `${name}/${id}`)
      expect(gone.status, gone.text).toBe(204)
    }
    expect(clio.sandbox.ledger.view().unknown).toMatchObject({ keys: 0, fields: 0 })
  })

  test('is refused without what it requires', async () => {
    const clio = startClio()
    const body = await bodyOf(clio, resource)
    for (const key of Object.keys(resource.create ?? {}).filter(each => each.endsWith('!'))) {
      const { [key.slice(0, -1)]: _left, ...rest } = body
      expect((await clio.post(name, rest)).status, `${name} without ${key}`).toBe(422)
    }
  })
})

function keyOfRequired(list: Shape): string {
  return Object.entries(list)
    .filter(([key]) => key.endsWith('!'))
    .map(([key, kind]) => `&${key.slice(0, -1)}=${wordsOf(kind as string)?.[0] ?? samples[kind as string]}`)
    .join('')
}

test.each(flat.filter(([, { create, list, one }]) => !create && list && !one))(
  '%s is listed',
  async (name, resource) => {
    const told = await startClio().get(`${name}?fields=${allFields(resource)}${keyOfRequired(resource.list ?? {})}`)
    expect(told.status, told.text).toBe(200)
    expect(told.list).toHaveLength(told.meta.records)
  },
)
