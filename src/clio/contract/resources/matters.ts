import type { Resources } from '../shapes/contract.ts'
import { booleans, dates, id, integers, numbers, since, someId, sorts, stamps, text } from '../shapes/keys.ts'
import { accountBalance } from '../shapes/money-shapes.ts'
import {
  contact,
  customFieldSetAssociation,
  customFieldValue,
  folder,
  group,
  matter,
  matterStage,
  practiceArea,
  relationship,
  task,
  user,
} from '../shapes/shapes.ts'
import { practice, taskStatus } from '../shapes/words.ts'
import { legalAidUkMatter } from './legal-aid.ts'

/** Matters, and what describes them. */
export const matters = {
  matters: {
    read: {
      ...matter,
      account_balances: [accountBalance],
      client: contact,
      contingency_fee: { ...stamps, show_contingency_award: 'boolean' },
      custom_field_set_associations: [customFieldSetAssociation],
      custom_field_values: [customFieldValue],
      custom_rate: { on_invoice: 'boolean', type: 'FlatRate|HourlyRate|ContingencyFee', rates: ['json'] },
      evergreen_retainer: { ...stamps, minimum_threshold: 'number' },
      folder,
      group,
      legal_aid_uk_matter: legalAidUkMatter,
      matter_bill_recipients: [{ ...stamps, recipient: 'json' }],
      matter_budget: {
        ...stamps,
        ...booleans('include_expenses notify_users'),
        budget: 'number',
        notification_threshold: 'integer',
      },
      matter_stage: matterStage,
      originating_attorney: user,
      practice_area: practiceArea,
      relationships: [relationship],
      responsible_attorney: user,
      split_invoice_payers: [
        { ...stamps, ...integers('contact_id matter_id'), send_to_bill_recipients: 'boolean', split_portion: 'number' },
      ],
      statute_of_limitations: task,
      task_template_list_instances: [stamps],
      user,
    },
    list: {
      ...since,
      ...text('close_date[] custom_field_values open_date[] pending_date[] query'),
      ...integers('client_id custom_field_ids[] grant_id group_id notification_event_subscriber_user_id'),
      ...integers('originating_attorney_id practice_area_id responsible_attorney_id responsible_staff_id'),
      ...integers('subscriber_user_id'),
      billable: 'boolean',
      status: 'open|closed|pending',
    },
    order: [
      ...sorts('display_number custom_number id client.name open_date practice_area.name matter_stage.name'),
      ...sorts('responsible_attorney.name close_date pending_date updated_at created_at'),
      ...sorts('statute_of_limitations.due_at originating_attorney.name grants matter_stage_updated_at'),
    ],
    create: {
      ...text('client_reference description! display_number location'),
      ...booleans('billable reset_matter_number'),
      ...dates('close_date open_date pending_date'),
      currency: 'json',
      status: 'open|closed|pending',
      'client!': someId,
      custom_field_set_associations: [{ display_order: 'integer', 'custom_field_set!': someId }],
      custom_field_values: [{ 'value!': 'text', 'custom_field!': someId }],
      custom_rate: {
        'type!': 'FlatRate|HourlyRate|ContingencyFee',
        rates: [
          {
            ...numbers('award rate!'),
            date: 'date',
            note: 'text',
            activity_description: id,
            group: id,
            'user!': someId,
          },
        ],
      },
      evergreen_retainer: {
        minimum_threshold: 'number',
        _destroy: 'boolean',
        recipients: [{ _destroy: 'boolean', id: 'integer' }],
      },
      group: id,
      matter_budget: {
        ...booleans('_destroy include_expenses notify_users'),
        budget: 'number',
        notification_threshold: 'integer',
      },
      matter_stage: id,
      originating_attorney: id,
      practice_area: id,
      relationships: [{ 'description!': 'text', 'contact!': someId }],
      responsible_attorney: id,
      // Corrected: see corrections.ts.
      responsible_staff: id,
      split_invoice_payers: [
        { 'contact_id!': 'integer', send_to_bill_recipients: 'boolean', 'split_portion!': 'number' },
      ],
      statute_of_limitations: {
        due_at: 'date',
        status: taskStatus,
        reminders: [{ 'duration_unit!': 'text', 'duration_value!': 'integer', 'notification_method!': someId }],
      },
      task_template_list_instances: [
        { assignee_id: 'integer', due_at: 'date', notify_assignees: 'boolean', 'task_template_list!': someId },
      ],
    },
    update: 'create',
    addedOnly: ['task_template_list_instances'],
    get: true,
    delete: true,
    refs: { 'task_template_list_instances.assignee_id': 'users' },
    lookup: { query: { client_id: '=client.id', created_since: '@since' }, identity: ['client.id', 'description'] },
    names: { by: ['display_number'], query: { query: '@name' } },
  },
  practice_areas: {
    read: practiceArea,
    list: { ...since, ...text('code name'), matter_id: 'integer' },
    order: sorts('id name category code'),
    create: { ...text('code name!'), category: practice },
    update: 'create',
    get: true,
    delete: true,
    lookup: { query: { created_since: '@since' }, identity: ['name'] },
    names: { by: ['name'] },
  },
  matter_stages: {
    read: matterStage,
    list: { ...since, practice_area_id: 'integer' },
    names: { by: ['name'], query: { practice_area_id: '=practice_area.id' } },
  },
} satisfies Resources
