import { describe, expect, it } from 'vitest'
import {
  answerPath,
  bodyShape,
  contract,
  fieldAt,
  fieldOf,
  isShape,
  itemOf,
  keyOf,
  wordsOf,
} from '../../../../src/clio/contract/index.ts'
import type { Resource, Shape } from '../../../../src/clio/contract/shapes/contract.ts'

const shape: Shape = {
  'name!': 'text',
  private: 'boolean',
  'owner!': { 'id!': 'integer' },
  phones: [{ 'number!': 'text', name: 'Work|Home' }],
  events: ['created|updated'],
}

describe('keyOf', () => {
  it('tells a required key from an optional one', () => {
    expect(keyOf('name!')).toEqual({ name: 'name', required: true })
    expect(keyOf('name')).toEqual({ name: 'name', required: false })
  })
})

describe('wordsOf', () => {
  it('lists the words of an enum, the single one too', () => {
    expect(wordsOf('High|Normal|Low')).toEqual(['High', 'Normal', 'Low'])
    expect(wordsOf('|zoom')).toEqual(['zoom'])
  })

  it('knows words with blanks', () => {
    expect(wordsOf('Work|Instant Messenger')).toEqual(['Work', 'Instant Messenger'])
  })

  it.each(['text', 'integer', 'number', 'boolean', 'date', 'time', 'json'])('is null for %s', kind => {
    expect(wordsOf(kind)).toBeNull()
  })
})

describe('walking a shape', () => {
  it('finds a key written without its mark', () => {
    expect(fieldOf(shape, 'name')).toBe('text')
    expect(fieldOf(shape, 'private')).toBe('boolean')
  })

  it.each(['names', 'constructor', 'toString', '__proto__'])('knows no key %s', name => {
    expect(fieldOf(shape, name)).toBeNull()
  })

  it('goes down a path, through arrays', () => {
    expect(fieldAt(shape, 'owner.id')).toBe('integer')
    expect(fieldAt(shape, 'phones.number')).toBe('text')
    expect(fieldAt(shape, 'phones')).toEqual([{ 'number!': 'text', name: 'Work|Home' }])
  })

  it.each(['owner.name', 'name.first', 'phones.number.digits', 'events.created', ''])('ends at "%s"', path => {
    expect(fieldAt(shape, path)).toBeNull()
  })

  it('tells objects, arrays and values apart', () => {
    expect(itemOf(shape.events!)).toBe('created|updated')
    expect(itemOf(shape.private!)).toBeNull()
    expect(isShape(shape['owner!']!)).toBe(true)
    expect(isShape(shape.phones!)).toBe(false)
    expect(isShape('text')).toBe(false)
    expect(isShape(null)).toBe(false)
  })
})

describe('bodyShape', () => {
  const resource: Resource = {
    read: { id: 'integer', values: [{ id: 'text', value: 'text' }] },
    create: {
      'type!': 'A|B',
      'owner!': { 'id!': 'integer' },
      'values!': [{ 'value!': 'text', 'field!': { 'id!': 'integer' } }],
      people: [{ id: 'integer', type: 'User|Contact' }],
      'formats!': ['pdf|original'],
      extras: { 'rates!': [{ 'rate!': 'number' }] },
    },
    update: 'create',
    createOnly: ['type'],
    updateOnly: { restore: 'boolean' },
  }

  it('of a create is the create as it stands', () => {
    expect(bodyShape(resource, 'create')).toBe(resource.create)
  })

  it('of an update requires nothing, at any depth', () => {
    expect(JSON.stringify(bodyShape(resource, 'update'))).not.toContain('!')
    expect(bodyShape(resource, 'update')).toMatchObject({ owner: { id: 'integer' }, formats: ['pdf|original'] })
  })

  it('of an update lets the items of an array be changed and removed, by ids of the kind that Clio answers', () => {
    const update = bodyShape(resource, 'update')!
    expect(update.values).toEqual([{ id: 'text', value: 'text', field: { id: 'integer' }, _destroy: 'boolean' }])
    expect(update.extras).toEqual({ rates: [{ id: 'integer', rate: 'number', _destroy: 'boolean' }] })
  })

  it('of an update leaves items alone that are named by an id of their own', () => {
    expect(bodyShape(resource, 'update')!.people).toEqual([{ id: 'integer', type: 'User|Contact' }])
  })

  it('of an update drops what only a create takes, and adds what only an update does', () => {
    const update = bodyShape(resource, 'update')!
    expect(update).not.toHaveProperty('type')
    expect(update).toHaveProperty('restore', 'boolean')
  })

  it('is null where Clio has no such call', () => {
    expect(bodyShape({ read: {} }, 'create')).toBeNull()
    expect(bodyShape({ read: {} }, 'update')).toBeNull()
    expect(bodyShape(contract.users!, 'update')).toBeNull()
  })

  it('of an update that Clio describes by itself is that', () => {
    expect(bodyShape(contract['clio_payments/links']!, 'update')).toEqual({ expired: 'boolean' })
  })

  it('finishes an upload by an update', () => {
    const update = bodyShape(contract.documents!, 'update')!
    expect(update).toMatchObject({ uuid: 'text', fully_uploaded: 'boolean' })
    expect(update).not.toHaveProperty('filename')
  })
})

describe('answerPath', () => {
  it.each([
    ['tasks', 'name'],
    ['tasks', 'assignee.id'],
    ['contacts', 'email_addresses.address'],
    ['calendar_entries', 'external_properties.value'],
  ])('%s reads %s back', (name, path) => {
    expect(answerPath(contract[name]!, path)).toBe(path)
  })

  it.each([
    ['contacts', 'email_addresses.default_email'],
    ['contacts', 'phone_numbers.default_number'],
    ['tasks', 'notify_assignee'],
    ['calendar_entries', 'send_email_notification'],
    ['activities', 'start_timer'],
  ])('%s never tells %s', (name, path) => {
    expect(answerPath(contract[name]!, path)).toBeNull()
  })

  it.each([
    ['contacts', 'custom_field_values.custom_field.id'],
    ['matters', 'statute_of_limitations.reminders.duration_value'],
  ])('%s would tell %s only a level too deep', (name, path) => {
    expect(answerPath(contract[name]!, path)).toBeNull()
  })

  it('does not hold the parent of a document against it: a matter answers its folder', () => {
    expect(answerPath(contract.documents!, 'parent')).toBeNull()
    expect(answerPath(contract.documents!, 'parent.id')).toBeNull()
    expect(answerPath(contract.folders!, 'parent.type')).toBeNull()
  })
})
