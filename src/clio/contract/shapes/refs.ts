import type { Resource, Resources, Shape } from './contract.ts'
import { bodyShape, fieldOf, isShape, itemOf, keyOf } from './shape.ts'

/** What a key of this name points at, in whatever body or query it stands; `x_id` and `x_ids[]` are written as `x`. */
const BY_NAME: Readonly<Record<string, string>> = {
  activity: 'activities',
  activity_description: 'activity_descriptions',
  assigner: 'users',
  bank_account: 'bank_accounts',
  bill: 'bills',
  bill_theme: 'bill_themes',
  calendar: 'calendars',
  calendar_entry: 'calendar_entries',
  calendar_entry_event_type: 'calendar_entry_event_types',
  calendar_owner: 'calendars',
  cascading_source: 'tasks',
  client: 'contacts',
  co_counsel_contact: 'contacts',
  communication: 'communications',
  company: 'contacts',
  contact: 'contacts',
  contact_note: 'notes',
  conversation: 'conversations',
  currency: 'currencies',
  custom_field: 'custom_fields',
  custom_field_set: 'custom_field_sets',
  destination_account: 'bank_accounts',
  destination_contact: 'contacts',
  document: 'documents',
  document_category: 'document_categories',
  document_template: 'document_templates',
  expense_category: 'expense_categories',
  grant: 'grants',
  group: 'groups',
  groups: 'groups',
  holder: 'contacts',
  jurisdiction: 'court_rules/jurisdictions',
  matter: 'matters',
  matter_note: 'notes',
  matter_stage: 'matter_stages',
  medical_provider: 'contacts',
  notification_event_subscriber_user: 'users',
  originating_attorney: 'users',
  practice_area: 'practice_areas',
  report_preset: 'report_presets',
  responsible_attorney: 'users',
  responsible_staff: 'users',
  service_type: 'court_rules/service_types',
  subscriber_user: 'users',
  task: 'tasks',
  task_template_list: 'task_template_lists',
  task_type: 'task_types',
  user: 'users',
  utbms_activity: 'utbms/codes',
  utbms_code: 'utbms/codes',
  utbms_expense: 'utbms/codes',
  utbms_set: 'utbms/sets',
  utbms_task: 'utbms/codes',
  vendor: 'contacts',
}

/** The same resources, with every reference of their bodies and filters. */
export function withRefs(resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources).map(([name, resource]) => [
      name,
      { ...resource, refs: { ...named(resource), ...resource.refs } },
    ]),
  )
}

/** `tasks`, and the word that must stand as `type` beside the id; null where Clio wants none. */
export interface Target {
  readonly resource: string
  readonly type: string | null
}

/**
 * What the id at `path` of a body or a filter is of; null when no id stands there.
 * `type` is what the rule wrote beside it: without one, the usual is meant; one that Clio does not know here gives null.
 */
export function refOf(resource: Resource, path: string, type?: string): Target | null {
  const ref = resource.refs?.[path]
  if (ref === undefined) return null
  if (typeof ref === 'string') return { resource: ref, type: null }
  const words = Object.keys(ref)
  const word = type === undefined ? words[0] : words.find(each => each.toLowerCase() === type.toLowerCase())
  return word === undefined ? null : { resource: ref[word]!, type: word }
}

function named(resource: Resource): Record<string, string> {
  const update = bodyShape(resource, 'update') ?? {}
  const paths = [...idPaths(resource.create ?? {}), ...idPaths(update), ...idPaths(resource.list ?? {})]
  return Object.fromEntries(paths.map(path => [path, BY_NAME[stem(path)]]).filter(isReference))
}

/** `task_template_list_instances.assignee_id` -> `assignee`, `rate_for[user_id]` -> `user`. */
function stem(path: string): string {
  const [, last = ''] = /(\w{1,60}?)(?:_ids?)?(?:\[\]|\])?$/.exec(path) ?? []
  return last
}

function isReference(entry: (string | undefined)[]): entry is [string, string] {
  return entry[1] !== undefined
}

/** Where ids stand: in `{id}`, and under `x_id`. A bank account's `currency` is a code and no reference, though its name is one. */
function idPaths(shape: Shape, above = ''): string[] {
  return Object.entries(shape).flatMap(([key, field]) => {
    const path = above + keyOf(key).name
    const inner = itemOf(field) ?? field
    if (!isShape(inner)) return /_ids?(\[\]|\])?$/.test(path) ? [path] : []
    return [...(fieldOf(inner, 'id') === null ? [] : [path]), ...idPaths(inner, `${path}.`)]
  })
}
