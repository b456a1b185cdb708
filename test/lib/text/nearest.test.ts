import { describe, expect, it } from 'vitest'
import { nearest } from '../../../src/lib/text/nearest.ts'

const resources = ['contacts', 'matters', 'matter_stages', 'tasks', 'task_types', 'calendar_entries', 'notes']
const keys = ['first_name', 'last_name', 'email_addresses', 'phone_numbers', 'type', 'title']

describe('nearest', () => {
  it.each([
    ['contact', 'contacts'],
    ['cotnacts', 'contacts'],
    ['Contacts', 'contacts'],
    ['matter', 'matters'],
    ['metters', 'matters'],
    ['task', 'tasks'],
    ['calendar_entry', 'calendar_entries'],
    ['calendar-entries', 'calendar_entries'],
    ['calender entries', 'calendar_entries'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, resources)).toBe(meant)
  })

  it.each([
    ['firstname', 'first_name'],
    ['First Name', 'first_name'],
    ['email', 'email_addresses'],
    ['phone', 'phone_numbers'],
    ['titel', 'title'],
    ['tpye', 'type'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, keys)).toBe(meant)
  })

  it.each(['invoice', 'x', '', 'completely different'])('guesses nothing for "%s"', word => {
    expect(nearest(word, resources)).toBeNull()
  })

  it('takes the closest of several that are near', () => {
    expect(nearest('matter_stage', resources)).toBe('matter_stages')
    expect(nearest('tasks', ['task_types', 'tasks'])).toBe('tasks')
  })

  it('takes the first of several that are equally near', () => {
    expect(nearest('cat', ['bat', 'hat'])).toBe('bat')
  })

  it('prefers a slip of the pen to a longer word that holds the word', () => {
    expect(nearest('task', ['task_template_lists', 'tasks'])).toBe('tasks')
  })

  it('takes no message for a word, and no time for it', () => {
    const began = Date.now()
    expect(nearest('contact', [`contacts ${'x'.repeat(900_000)}`, 'contacts'])).toBe('contacts')
    expect(nearest('x'.repeat(20_000), Array(20).fill('y'.repeat(20_000)))).toBeNull()
    expect(nearest('x'.repeat(20_000), Array(1000).fill('contacts'))).toBeNull()
    expect(Date.now() - began).toBeLessThan(20_000)
  })

  it('has nothing to guess from an empty list', () => {
    expect(nearest('contacts', [])).toBeNull()
  })

  it('takes any collection of words', () => {
    expect(nearest('typ', new Set(keys))).toBe('type')
    expect(nearest('typ', new Map([['type', 1]]).keys())).toBe('type')
  })
})
