import type { Resources } from '../shapes/contract.ts'
import { booleans, id, integers, since, sorts, stamps, text, times } from '../shapes/keys.ts'
import {
  address,
  avatar,
  contact,
  documentVersion,
  emailAddress,
  fileCreator,
  phoneNumber,
  plainFieldValue,
  relationship,
  trigger,
  webSite,
} from '../shapes/shapes.ts'
import { documents } from './documents.ts'
import { reports } from './reports.ts'
import { tasks } from './tasks.ts'

/** Paths below one record. */
export const nested = {
  'bills/{id}/preview': {
    read: {},
    one: true,
    list: {},
  },
  'contacts/{contact_id}/email_addresses': {
    read: emailAddress,
    list: since,
  },
  'contacts/{contact_id}/phone_numbers': {
    read: phoneNumber,
    list: since,
  },
  'court_rules/jurisdictions/{jurisdiction_id}/triggers': {
    read: trigger,
    list: { ...since, ...booleans('is_requirements_required is_served'), query: 'text' },
    order: sorts('description id'),
    get: true,
  },
  'document_archives/{id}/download': {
    read: {},
    one: true,
    list: {},
  },
  'document_templates/{id}/download': {
    read: {},
    one: true,
    list: {},
  },
  'documents/{id}/copy': {
    read: documents.documents.read,
    create: {
      ...text('filename name'),
      communication_id: 'integer',
      received_at: 'time',
      document_category: id,
      external_properties: [{ ...text('name value'), _destroy: 'boolean', id: 'integer' }],
      'parent!': { 'id!': 'integer', 'type!': 'Document|Folder|Contact|Matter' },
    },
  },
  'documents/{id}/download': {
    read: {},
    one: true,
    list: { document_version_id: 'integer' },
  },
  'documents/{id}/versions': {
    read: {
      ...documentVersion,
      creator: fileCreator,
      multiparts: [{ part_number: 'integer', put_url: 'text', put_headers: ['json'] }],
      put_headers: [text('name value')],
    },
    list: { fully_uploaded: 'boolean' },
  },
  'matters/{matter_id}/client': {
    read: {
      ...text('first_name initials last_name middle_name name prefix primary_email_address'),
      ...text('primary_phone_number title'),
      ...integers('client_connect_user_id id'),
      ...times('created_at updated_at'),
      date_of_birth: 'date',
      is_matter_client: 'boolean',
      type: 'Company|Person',
      addresses: [address],
      avatar,
      company: contact,
      email_addresses: [emailAddress],
      phone_numbers: [phoneNumber],
      web_sites: [webSite],
    },
    one: true,
    list: {},
  },
  'matters/{matter_id}/contacts': {
    read: {
      ...stamps,
      ...text('description first_name initials last_name matter_number middle_name name prefix'),
      ...text('primary_email_address primary_phone_number relationship_name secondary_email_address'),
      ...text('secondary_phone_number title'),
      ...integers('client_connect_user_id matter_id'),
      ...times('contact_created_at contact_updated_at'),
      is_client: 'boolean',
      type: 'Company|Person',
      addresses: [address],
      avatar,
      company: contact,
      custom_field_values: [plainFieldValue],
      email_addresses: [emailAddress],
      phone_numbers: [phoneNumber],
      primary_address: address,
      primary_web_site: webSite,
      relationship,
      secondary_address: address,
      secondary_web_site: webSite,
      web_sites: [webSite],
    },
    list: { 'custom_field_ids[]': 'integer' },
    order: sorts('is_client id'),
  },
  'matters/{matter_id}/related_contacts': {
    read: {
      ...text('first_name initials last_name middle_name name prefix primary_email_address'),
      ...text('primary_phone_number title'),
      ...integers('client_connect_user_id contact_id id'),
      ...times('created_at updated_at'),
      is_matter_client: 'boolean',
      type: 'Company|Person',
      addresses: [address],
      avatar,
      company: contact,
      custom_field_values: [plainFieldValue],
      email_addresses: [emailAddress],
      phone_numbers: [phoneNumber],
      primary_address: address,
      primary_web_site: webSite,
      relationship,
      secondary_address: address,
      secondary_web_site: webSite,
      web_sites: [webSite],
    },
    list: {},
    order: sorts('id'),
  },
  'report_presets/{id}/generate_report': {
    read: reports.reports.read,
    create: {},
  },
  'reports/{id}/download': {
    read: {},
    one: true,
    list: {},
  },
  'task_template_lists/{id}/copy': {
    read: tasks.task_template_lists.read,
    create: { ...text('description name'), practice_area: id },
  },
} satisfies Resources
