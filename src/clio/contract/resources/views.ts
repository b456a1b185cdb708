import type { Resources } from '../shapes/contract.ts'
import { booleans, integers, since, sorts, stamps, text, times } from '../shapes/keys.ts'
import { billingSetting } from '../shapes/money-shapes.ts'
import {
  anyRecord,
  contact,
  documentVersion,
  externalProperty,
  fileCreator,
  folder,
  group,
  matter,
  named,
  user,
} from '../shapes/shapes.ts'
import { account } from './account.ts'
import { bills } from './bills.ts'

/** Other ways to look at records that have a resource of their own. */
export const views = {
  'billable_matters/ids': bills.billable_matters,
  'court_rules/matter_dockets/preview': {
    read: {},
    one: true,
    list: {
      ...integers('jurisdiction[id]! service_type[id]! trigger[id]!'),
      ...times('start_date! start_time!'),
      event_prefix: 'text',
    },
  },
  'folders/list': {
    read: {
      ...stamps,
      deleted_at: 'time',
      locked: 'boolean',
      name: 'text',
      type: 'Document|Folder',
      contact,
      creator: fileCreator,
      document_category: named,
      external_properties: [externalProperty],
      group,
      latest_document_version: documentVersion,
      matter,
      parent: folder,
    },
    list: {
      ...since,
      ...text('external_property_name external_property_value query'),
      ...integers('contact_id document_category_id matter_id parent_id'),
      ...booleans('include_deleted show_uncompleted'),
      scope: 'descendants|children',
    },
    order: sorts('id document_number name updated_at created_at received_at'),
  },
  'internal_notifications/event_metrics': {
    read: {
      ...integers('unread_client_portal_messages unread_mobile_events unread_secure_messages'),
      ...integers('unread_text_messages unread_web_events'),
    },
    one: true,
    list: {},
  },
  'internal_notifications/my_events': {
    read: {
      event: {
        ...text('description description_url etag icon message mobile_icon primary_detail'),
        ...text('primary_detail_url secondary_detail secondary_detail_url subject_type title title_url'),
        ...integers('id subject_id'),
        occurred_at: 'time',
      },
    },
    list: {},
    update: { marked_as_read: 'boolean' },
    delete: true,
  },
  log_entries: {
    read: { ...stamps, accessed_at: 'time', type: 'MatterLogEntry|ContactLogEntry', item: anyRecord, user },
    list: since,
    order: sorts('id accessed_at'),
  },
  'settings/billing': {
    read: billingSetting,
    one: true,
    list: { duration: 'text' },
  },
  'users/who_am_i': {
    read: account.users.read,
    one: true,
    list: {},
  },
} satisfies Resources
