import { describe, expect, it } from 'vitest'
import { everything } from '../../../src/clio/contract/all.ts'
import {
  answerPath,
  bodyShape,
  contract,
  fieldAt,
  fieldOf,
  isShape,
  itemOf,
  keyOf,
  resourceNamed,
  wordsOf,
} from '../../../src/clio/contract/index.ts'
import type { Field, Resource, Shape } from '../../../src/clio/contract/shapes/contract.ts'

/** Every key of a shape with its dotted path, at any depth. */
function* keysOf(shape: Shape, above = ''): Generator<{ path: string; key: string; field: Field }> {
  for (const [key, field] of Object.entries(shape)) {
    const path = above + keyOf(key).name
    yield { path, key, field }
    const inner = itemOf(field) ?? field
    if (isShape(inner)) yield* keysOf(inner, `${path}.`)
  }
}

function shapesOf(resource: Resource): Shape[] {
  const bodies = [bodyShape(resource, 'create'), bodyShape(resource, 'update'), resource.updateOnly, resource.list]
  return [resource.read, ...bodies.filter(shape => shape !== null && shape !== undefined)]
}

const each = Object.entries(everything)
const writable = each.filter(([name, resource]) => resource.create && !name.includes('{'))

describe('the data', () => {
  it.each(each)('%s writes every kind and key the one way', (_name, resource) => {
    for (const shape of shapesOf(resource)) {
      for (const { path, key, field } of keysOf(shape)) {
        const kind = itemOf(field) ?? field
        if (typeof kind === 'string') {
          const words = wordsOf(kind)
          expect(words === null || new Set(words).size === words.length, path).toBe(true)
          expect(words?.every(word => word !== '' && word === word.trim()) ?? true, `${path}: ${kind}`).toBe(true)
          expect(words === null || words.length > 1 || kind.startsWith('|'), `${path}: ${kind}`).toBe(true)
        }
        expect(key, path).toMatch(/^[\w[\]]+!?$/)
      }
      const names = Object.keys(shape).map(key => keyOf(key).name)
      expect(new Set(names).size, 'a key with and without its !').toBe(names.length)
    }
  })

  it.each(each)('%s answers no deeper than fields= can ask', (_name, resource) => {
    for (const { path, field } of keysOf(resource.read)) {
      expect(path.split('.').length, path).toBeLessThanOrEqual(isShape(itemOf(field) ?? field) ? 1 : 2)
    }
  })

  it.each(each)('%s points only at resources that there are', (_name, resource) => {
    for (const [path, ref] of Object.entries(resource.refs ?? {})) {
      for (const target of typeof ref === 'string' ? [ref] : Object.values(ref)) {
        expect(Object.keys(everything), path).toContain(target)
      }
    }
  })

  it.each(each)('%s has every reference at a place of its bodies or filters', (_name, resource) => {
    for (const path of Object.keys(resource.refs ?? {})) {
      const places = shapesOf(resource).slice(1)
      expect(
        places.some(shape => fieldOf(shape, path) !== null || fieldAt(shape, path) !== null),
        path,
      ).toBe(true)
    }
  })

  it.each(each)('%s takes the types that its references know', (_name, resource) => {
    for (const [path, ref] of Object.entries(resource.refs ?? {})) {
      if (typeof ref === 'string') continue
      const words = [resource.create, resource.list]
        .map(shape => shape && (fieldAt(shape, `${path}.type`) ?? fieldAt(shape, path.replace(/_id$/, '_type'))))
        .find(kind => typeof kind === 'string')
      if (words === 'text') continue
      expect(Object.keys(ref).sort(), path).toEqual([...(wordsOf(String(words)) ?? [])].sort())
    }
  })

  it.each(each)('%s asks conditions that can hold', (_name, resource) => {
    const create = resource.create ?? {}
    for (const { when, oneOf } of resource.require ?? []) {
      const [key = '', word = ''] = when?.split('=') ?? []
      if (when) expect(wordsOf(String(fieldOf(create, key)))).toContain(word)
      for (const one of oneOf) expect(fieldOf(create, one), one).not.toBeNull()
    }
  })

  it.each(each)('%s leaves out of an update only what a create has', (_name, resource) => {
    for (const key of resource.createOnly ?? []) expect(fieldOf(resource.create ?? {}, key), key).not.toBeNull()
    if (resource.createOnly ?? resource.updateOnly) expect(resource.update).toBe('create')
  })
})

describe('finding a record whose answer was lost', () => {
  const looked = writable.flatMap(([name, resource]) =>
    resource.lookup ? [[name, resource, resource.lookup] as const] : [],
  )

  it.each(looked)('%s asks a list with filters it has', (_name, resource, { query }) => {
    expect(resource.list).toBeDefined()
    for (const [key, value] of Object.entries(query)) {
      expect(fieldOf(resource.list ?? {}, key), key).not.toBeNull()
      if (value.startsWith('=')) expect(fieldAt(resource.create ?? {}, value.slice(1)), value).not.toBeNull()
      else if (value.startsWith('@')) expect(['@since', '@mark.name', '@mark.value']).toContain(value)
    }
    for (const key of Object.keys(resource.list ?? {}).filter(key => keyOf(key).required)) {
      expect(Object.keys(query)).toContain(keyOf(key).name)
    }
  })

  it.each(looked)('%s is told from others by what is written and answered', (_name, resource, { identity }) => {
    expect(identity.length).toBeGreaterThan(0)
    for (const path of identity) {
      expect(fieldAt(resource.create ?? {}, path), path).not.toBeNull()
      expect(answerPath(resource, path), path).toBe(path)
    }
  })

  it.each(looked)('%s excepts from comparison only what could seem comparable', (_name, resource, { unread = [] }) => {
    for (const path of unread) {
      expect(fieldAt(resource.create ?? {}, path), path).not.toBeNull()
      expect(fieldAt(resource.read, path), path).not.toBeNull()
    }
  })

  it.each(looked)('%s carries the mark where it is looked for by it', (_name, resource, { query, identity }) => {
    const marked = 'external_property_value' in query
    expect(identity.includes('external_properties')).toBe(marked)
    expect(fieldAt(resource.create ?? {}, 'external_properties.value') !== null).toBe(marked)
  })

  it('is left to a person where Clio has no list, or none that tells records apart', () => {
    const blind = writable.filter(([, resource]) => !resource.lookup).map(([name]) => name)
    expect(blind.sort()).toEqual(['damages', 'document_archives', 'medical_records_details', 'timer', 'trust_requests'])
  })
})

describe('names of records', () => {
  const named = each.flatMap(([name, resource]) => (resource.names ? [[name, resource, resource.names] as const] : []))

  it.each(named)('%s answers the keys that hold its names', (_name, resource, { by }) => {
    expect(by.length).toBeGreaterThan(0)
    for (const key of by) expect(resource.read[key], key).toBe('text')
  })

  it.each(named)('%s has a list with the filters of a name lookup', (_name, resource, { query = {} }) => {
    expect(resource.list).toBeDefined()
    for (const key of Object.keys(query)) expect(fieldOf(resource.list ?? {}, key), key).not.toBeNull()
  })

  it('are there for everything that rules usually name', () => {
    const usual = [
      'users',
      'matters',
      'contacts',
      'practice_areas',
      'matter_stages',
      'groups',
      'calendars',
      'task_types',
    ]
    const rest = [
      'task_template_lists',
      'document_categories',
      'activity_descriptions',
      'expense_categories',
      'custom_fields',
    ]
    for (const name of [...usual, ...rest]) expect(resourceNamed(name)?.names, name).toBeDefined()
  })

  it('lead from a user to the calendar of that user', () => {
    const { via } = contract.calendars!.names!
    expect(via).toEqual({ resource: 'users', key: 'default_calendar_id' })
    expect(contract.users!.read.default_calendar_id).toBe('integer')
  })

  it('of a stage are asked within the practice area that the matter has', () => {
    expect(contract.matter_stages!.names!.query).toEqual({ practice_area_id: '=practice_area.id' })
  })
})

describe('what Clio was seen to want', () => {
  const kind = (name: string, verb: 'create' | 'update', path: string) =>
    fieldAt(bodyShape(contract[name]!, verb)!, path)

  it('a person needs one of two names, a company its own', () => {
    expect(contract.contacts!.require).toEqual([
      { when: 'type=Person', oneOf: ['first_name', 'last_name'] },
      { when: 'type=Company', oneOf: ['name'] },
    ])
    expect(contract.contacts!.create).not.toHaveProperty('name!')
  })

  it('a note needs the matter or the contact that its type says', () => {
    const needs = contract.notes!.require!.map(({ when, oneOf }) => `${when}: ${oneOf.join()}`)
    expect(needs).toEqual(['type=Matter: matter', 'type=Contact: contact'])
  })

  it('a task has a description, and is due on a day', () => {
    expect(contract.tasks!.create).toHaveProperty('description!')
    expect(kind('tasks', 'create', 'due_at')).toBe('date')
  })

  it('telephones and e-mail addresses have names of their own', () => {
    expect(kind('contacts', 'create', 'phone_numbers.name')).toBe('Work|Home|Mobile|Fax|Pager|Skype|Other')
    expect(kind('contacts', 'create', 'email_addresses.name')).toBe('Work|Home|Other')
  })

  it('an address has a province, wherever it lies', () => {
    expect(kind('contacts', 'create', 'addresses.province')).toBe('text')
    expect(kind('contacts', 'create', 'addresses.state')).toBeNull()
  })

  it('words are written one way, filtered and answered another', () => {
    expect(kind('matters', 'create', 'status')).toBe('open|closed|pending')
    expect(contract.matters!.read.status).toBe('Pending|Open|Closed')
    expect(kind('tasks', 'create', 'priority')).toBe('High|Normal|Low')
    expect(contract.tasks!.list!.priority).toBe('high|normal|low')
  })

  it('ids of calendar entries and of custom field values are text', () => {
    expect(contract.calendar_entries!.read.id).toBe('text')
    expect(kind('contacts', 'update', 'custom_field_values.id')).toBe('text')
    expect(kind('matters', 'update', 'custom_field_values.id')).toBe('text')
  })

  it('a bill cannot be created, only changed and voided', () => {
    expect(bodyShape(contract.bills!, 'create')).toBeNull()
    expect(kind('bills', 'update', 'state')).toContain('void')
    expect(contract.bills!.delete).toBe(true)
  })
})

describe('looking a resource up', () => {
  it('finds it by its path', () => {
    expect(resourceNamed('contacts')).toBe(contract.contacts)
    expect(resourceNamed('clio_payments/links')).not.toBeNull()
  })

  it.each(['contact', 'Contacts', 'constructor', '__proto__', ''])('has none called "%s"', name => {
    expect(resourceNamed(name)).toBeNull()
  })

  it('leaves to a stand-in what no rule can use', () => {
    expect(resourceNamed('documents/{id}/versions')).toBeNull()
    expect(everything).toHaveProperty(['documents/{id}/versions'])
    expect(everything['users/who_am_i']!.one).toBe(true)
    expect(Object.keys(everything).length).toBe(95)
  })
})
