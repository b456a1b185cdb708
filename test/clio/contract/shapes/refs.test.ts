import { describe, expect, it } from 'vitest'
import { everything } from '../../../../src/clio/contract/all.ts'
import { contract, refOf } from '../../../../src/clio/contract/index.ts'
import { withRefs } from '../../../../src/clio/contract/shapes/refs.ts'

const to = (name: string, path: string, type?: string) => refOf(contract[name]!, path, type)

describe('a reference in a body', () => {
  it.each([
    ['matters', 'client', 'contacts'],
    ['matters', 'practice_area', 'practice_areas'],
    ['matters', 'matter_stage', 'matter_stages'],
    ['matters', 'responsible_attorney', 'users'],
    ['matters', 'originating_attorney', 'users'],
    ['matters', 'group', 'groups'],
    ['matters', 'relationships.contact', 'contacts'],
    ['matters', 'task_template_list_instances.task_template_list', 'task_template_lists'],
    ['matters', 'task_template_list_instances.assignee_id', 'users'],
    ['matters', 'custom_rate.rates.user', 'users'],
    ['matters', 'custom_field_values.custom_field', 'custom_fields'],
    ['contacts', 'company', 'contacts'],
    ['activities', 'activity_description', 'activity_descriptions'],
    ['activities', 'vendor', 'contacts'],
    ['activities', 'matter_note', 'notes'],
    ['calendar_entries', 'calendar_owner', 'calendars'],
    ['calendar_entries', 'calendar_entry_event_type', 'calendar_entry_event_types'],
    ['notes', 'notification_event_subscribers.user_id', 'users'],
    ['documents', 'document_category', 'document_categories'],
    ['trust_requests', 'client_id', 'contacts'],
    ['trust_requests', 'matter', 'matters'],
    ['expense_categories', 'groups', 'groups'],
    ['task_templates', 'cascading_source', 'task_templates'],
  ])('%s.%s is of %s', (name, path, resource) => {
    expect(to(name, path)).toEqual({ resource, type: null })
  })

  it.each([
    ['tasks', 'assignee', undefined, 'users', 'User'],
    ['tasks', 'assignee', 'Contact', 'contacts', 'Contact'],
    ['tasks', 'assignee', 'contact', 'contacts', 'Contact'],
    ['documents', 'parent', undefined, 'matters', 'Matter'],
    ['documents', 'parent', 'Folder', 'folders', 'Folder'],
    ['folders', 'parent', 'Contact', 'contacts', 'Contact'],
    ['calendar_entries', 'attendees', undefined, 'contacts', 'Contact'],
    ['calendar_entries', 'attendees', 'Calendar', 'calendars', 'Calendar'],
    ['communications', 'senders', undefined, 'contacts', 'Contact'],
    ['communications', 'receivers', undefined, 'users', 'User'],
    ['reminders', 'subject', 'CalendarEntry', 'calendar_entries', 'CalendarEntry'],
  ])('%s.%s with type %s is of %s, and says %s', (name, path, type, resource, word) => {
    expect(to(name, path, type)).toEqual({ resource, type: word })
  })

  it('is none where its type is not one that Clio takes there', () => {
    expect(to('tasks', 'assignee', 'Matter')).toBeNull()
    expect(to('folders', 'parent', 'Document')).toBeNull()
  })

  it.each([
    ['bank_accounts', 'currency'],
    ['clio_payments/links', 'currency'],
    ['contacts', 'ledes_client_id'],
    ['contacts', 'email_addresses'],
    ['contacts', 'custom_field_values'],
    ['custom_fields', 'picklist_options'],
    ['tasks', 'name'],
    ['tasks', 'no_such_key'],
    ['tasks', 'constructor'],
  ])('is none at %s.%s', (name, path) => {
    expect(to(name, path)).toBeNull()
  })
})

describe('a reference in a filter', () => {
  it.each([
    ['matters', 'client_id', 'contacts', null],
    ['matters', 'responsible_attorney_id', 'users', null],
    ['calendar_entries', 'calendar_id', 'calendars', null],
    ['activity_descriptions', 'rate_for[matter_id]', 'matters', null],
    ['contacts', 'custom_field_ids[]', 'custom_fields', null],
    ['tasks', 'assignee_id', 'users', 'user'],
    ['reminders', 'subject_id', 'tasks', 'task'],
  ])('%s?%s is of %s', (name, path, resource, type) => {
    expect(to(name, path)).toEqual({ resource, type })
  })

  it('is none for ids of the list itself', () => {
    expect(to('matters', 'ids[]')).toBeNull()
  })
})

describe('withRefs', () => {
  it('lets what a resource says of itself overrule the name', () => {
    const { meetings } = withRefs({
      meetings: {
        read: {},
        create: { user: { id: 'integer' }, matter: { id: 'integer' } },
        refs: { user: 'contacts' },
      },
    })
    expect(meetings!.refs).toEqual({ user: 'contacts', matter: 'matters' })
  })

  it('finds none in what cannot be written or filtered', () => {
    expect(withRefs({ views: { read: { matter: { id: 'integer' } } } }).views!.refs).toEqual({})
  })

  it('is done for a stand-in too', () => {
    expect(everything['folders/list']!.refs).toMatchObject({ matter_id: 'matters' })
  })
})
