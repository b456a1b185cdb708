import type { Shape } from './contract.ts'
import { booleans, dates, integers, numbers, stamps, text, times } from './keys.ts'
import {
  addressName,
  colour,
  fieldType,
  lightColour,
  phoneName,
  practice,
  reminderState,
  taskStatus,
  webSiteName,
} from './words.ts'

/** What a record looks like inside another one: the nested level that `fields=` may ask for. */

export const contact: Shape = {
  ...stamps,
  ...text('clio_connect_email first_name initials last_name ledes_client_id middle_name name prefix'),
  ...text('primary_email_address primary_phone_number sales_tax_number secondary_email_address'),
  ...text('secondary_phone_number title'),
  ...booleans('has_clio_for_clients_permission is_bill_recipient is_client is_clio_for_client_user'),
  ...booleans('is_co_counsel locked_clio_connect_email'),
  client_connect_user_id: 'integer',
  currency: 'json',
  date_of_birth: 'date',
  type: 'Company|Person',
}

export const matter: Shape = {
  ...stamps,
  ...text('client_reference custom_number description display_number location maildrop_address'),
  ...integers('client_id number'),
  ...booleans('billable has_tasks shared'),
  ...dates('close_date last_activity_date open_date pending_date'),
  billing_method: 'flat|contingency|hourly',
  currency: 'json',
  matter_stage_updated_at: 'time',
  status: 'Pending|Open|Closed',
}

export const user: Shape = {
  ...stamps,
  ...text('email first_name initials last_name name phone_number time_zone'),
  ...booleans('account_owner clio_connect court_rules_default_attendee enabled'),
  default_calendar_id: 'integer',
  rate: 'number',
  subscription_type: 'Attorney|NonAttorney',
  roles: ['text'],
}

export const practiceArea: Shape = { ...stamps, ...text('code name'), category: practice }

export const address: Shape = {
  ...stamps,
  ...text('city country postal_code province street'),
  name: addressName,
  primary: 'boolean',
}

export const webSite: Shape = { ...stamps, address: 'text', default_web_site: 'boolean', name: webSiteName }

export const documentVersion: Shape = {
  ...stamps,
  ...text('content_type filename put_url uuid'),
  ...integers('document_id size version_number'),
  fully_uploaded: 'boolean',
  received_at: 'time',
}

export const group: Shape = {
  ...text('etag name'),
  client_connect_user: 'boolean',
  id: 'integer',
  type: 'UserGroup|AdhocGroup|AccountGroup|TeamGroup',
  updated_at: 'time',
}

export const calendar: Shape = {
  ...stamps,
  ...booleans('court_rules_default_calendar visible'),
  color: colour,
  light_color: lightColour,
  name: 'text',
  permission: 'owner|editor|viewer|limited_viewer|none',
  source: 'web|mobile',
  type: 'AccountCalendar|AdhocCalendar|UserCalendar',
}

export const folder: Shape = {
  ...stamps,
  ...booleans('locked root'),
  deleted_at: 'time',
  name: 'text',
  type: '|Folder',
}

export const document: Shape = {
  ...stamps,
  ...text('content_type filename name'),
  ...times('deleted_at received_at'),
  locked: 'boolean',
  size: 'integer',
  type: '|Document',
}

export const calendarEntry: Shape = {
  ...text('description etag id location permission recurrence_rule start_at_time_zone summary'),
  ...integers('calendar_owner_id parent_calendar_entry_id time_entries_count'),
  ...booleans('all_day court_rule'),
  ...times('created_at end_at start_at updated_at'),
}

export const participant: Shape = {
  ...stamps,
  ...text('identifier initials job_title_name name secondary_identifier'),
  avatar: 'json',
  enabled: 'boolean',
  type: 'Person|Company|User',
}

export const plainFieldValue: Shape = {
  ...text('etag field_name id value'),
  ...booleans('field_displayed field_required soft_deleted'),
  ...times('created_at updated_at'),
  field_display_order: 'integer',
  field_type: fieldType,
}

export const customFieldValue: Shape = {
  ...plainFieldValue,
  contact: 'json',
  custom_field: 'json',
  matter: 'json',
  picklist_option: 'json',
}

export const avatar: Shape = { ...stamps, _destroy: 'boolean', url: 'text' }

export const externalProperty: Shape = { ...stamps, ...text('name value') }

export const anyRecord: Shape = {
  ...text('identifier secondary_identifier tertiary_identifier'),
  id: 'integer',
  type: 'Task|CalendarEntry|MatterNote|ContactNote|Matter|Contact|User|CreditMemo|Payment',
}

export const notificationMethod: Shape = {
  ...stamps,
  email_address: 'text',
  is_default_email_address: 'boolean',
  type: 'Email|Popup|SMS',
}

export const latestVersion: Shape = { ...documentVersion, creator: 'json', multiparts: ['json'], put_headers: ['json'] }

export const fileCreator: Shape = { ...user, type: 'ManageUser|ClientUser' }

export const named: Shape = { ...stamps, name: 'text' }

export const phoneNumber: Shape = { ...stamps, name: phoneName, number: 'text', primary: 'boolean' }

export const emailAddress: Shape = { ...stamps, ...text('address name'), primary: 'boolean' }

export const reminder: Shape = { ...stamps, duration: 'integer', next_delivery_at: 'time', state: reminderState }

export const note: Shape = {
  ...stamps,
  ...text('detail subject'),
  date: 'date',
  detail_text_type: 'plain_text|rich_text',
  time_entries_count: 'integer',
  type: 'Matter|Contact',
}

export const message: Shape = { ...stamps, ...text('body date') }

export const relationship: Shape = { ...stamps, description: 'text' }

export const serviceType: Shape = { ...stamps, default: 'boolean', description: 'text', system_id: 'integer' }

export const taskType: Shape = { ...stamps, deleted_at: 'time', name: 'text' }

export const subscriber: Shape = { ...stamps, name: 'text', user_id: 'integer' }

export const firm: Shape = { ...stamps, ...text('name state') }

export const customFieldSetAssociation: Shape = { ...stamps, display_order: 'integer' }

export const jobTitle: Shape = { ...text('etag initials name'), id: 'integer' }

export const bare: Shape = { etag: 'text', id: 'integer' }

export const communication: Shape = {
  ...stamps,
  ...text('body subject'),
  date: 'date',
  received_at: 'time',
  time_entries_count: 'integer',
  type: 'EmailCommunication|PhoneCommunication',
}

export const calendarEntryEventType: Shape = { ...stamps, color: colour, name: 'text' }

export const matterDocket: Shape = {
  ...stamps,
  ...text('name status'),
  ...times('deleted_at start_time'),
  start_date: 'date',
}

export const conversation: Shape = {
  ...stamps,
  ...integers('message_count time_entries_count'),
  ...booleans('archived current_user_is_member read read_only'),
  subject: 'text',
}

export const jurisdiction: Shape = {
  ...stamps,
  ...text('description display_timezone'),
  ...booleans('default is_local_timezone valid_subscription'),
  system_id: 'integer',
}

export const trigger: Shape = {
  ...stamps,
  ...booleans('do_not_recalculate is_requirements_required is_served'),
  description: 'text',
  system_id: 'integer',
}

export const customField: Shape = {
  ...stamps,
  ...booleans('deleted displayed required'),
  display_order: 'integer',
  field_type: fieldType,
  name: 'text',
  parent_type: 'Contact|Matter',
}

export const documentTemplate: Shape = { ...stamps, ...text('content_type filename'), size: 'integer' }

export const matterStage: Shape = { ...stamps, ...text('name practice_area_id'), order: 'integer' }

export const task: Shape = {
  ...stamps,
  ...text('description name permission'),
  ...integers('time_entries_count time_estimated'),
  ...booleans('notify_completion statute_of_limitations'),
  completed_at: 'time',
  description_text_type: 'plain_text|rich_text',
  due_at: 'date',
  priority: 'High|Normal|Low',
  status: taskStatus,
}

export const medicalBill: Shape = {
  ...stamps,
  ...text('damage_type name'),
  ...numbers('adjustment amount'),
  ...dates('bill_date bill_received_date'),
  document_id: 'integer',
}

export const medicalRecord: Shape = { ...stamps, ...times('end_date start_date'), document_id: 'integer' }

export const reportSchedule: Shape = {
  ...stamps,
  ...integers('day_of_month every_no_of_months report_preset_id'),
  ...times('next_scheduled_date status_updated_at time_of_day'),
  effective_from: 'date',
  frequency: 'daily|weekly|monthly',
  status: 'initial|queued|processing|failed|completed',
  time_zone: 'text',
  days_of_week: ['integer'],
}

export const taskTemplateList: Shape = { ...stamps, ...text('description name'), templates_count: 'integer' }
