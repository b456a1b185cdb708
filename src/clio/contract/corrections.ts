/**
 * Where the contract says otherwise than Clio's OpenAPI description (4.0.9), and why. Each stands in the resource's own data; this is the
 * list to go through when a newer description is taken in.
 */
export interface Correction {
  readonly resource: string
  readonly path: string
  readonly says: string
  readonly source: string
}

const guide = "Clio's developer guide, Matters"
const seen = 'seen on live accounts: unknown keys are dropped with a 200'
const reference =
  'published integrations of Clio: `calendar_owner.id` is the id of a calendar, `default_calendar_id` of its user'

export const corrections: readonly Correction[] = [
  { resource: 'matters', path: 'responsible_staff', says: 'can be written', source: guide },
  { resource: 'matters', path: 'task_template_list_instances', says: 'members are only added', source: seen },
  { resource: 'documents', path: 'multiparts', says: 'members are only added', source: seen },
  { resource: 'medical_records_details', path: 'medical_bills', says: 'members are only added', source: seen },
  { resource: 'medical_records_details', path: 'medical_bills.payers', says: 'members are only added', source: seen },
  { resource: 'medical_records_details', path: 'medical_records', says: 'members are only added', source: seen },
  {
    resource: 'calendar_entries',
    path: 'calendar_owner',
    says: 'is a calendar: a user, by name or as {id, type: "User"}, stands for their own',
    source: reference,
  },
  {
    resource: 'tasks',
    path: 'cascading_offset_type',
    says: 'takes the words of cascading_offset_polarity too, and the other way round: the description has them swapped',
    source: "Clio's own description of task templates",
  },
]
