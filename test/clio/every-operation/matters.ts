import type { JsonObject } from '../../../src/lib/json.ts'
import type { Firm } from '../clio.ts'
import { everything, idIn, listing, type Operation, search } from './operation.ts'
import { carryOut } from './step.ts'

/** Matters, and what a firm sets up for them. */

const fields = 'id,display_number,description,status,open_date'

const matter = everything({
  resource: 'matters',
  fields,
  create: {
    zapier: 'Create Matter',
    with: {
      client: 'Maria Alvarez',
      description: 'Custody',
      status: 'pending',
      client_reference: 'Web 12',
      practice_area: 'Family Law',
      matter_stage: 'Consultation',
      responsible_attorney: 'sam@smith.example',
      originating_attorney: 'Ina Take',
      group: 'Litigation',
      custom_fields: { 'Referral source': 'Google', 'Opposing party': 'Carlos Alvarez', Urgent: true },
    },
    calls: [
      'GET contacts',
      'GET practice_areas',
      'GET users',
      'GET groups',
      'GET matter_stages',
      'GET custom_fields',
      'POST matters',
    ],
    stands: firm => ({
      client: idIn(firm, 'contacts', 'Maria Alvarez'),
      description: 'Custody',
      status: 'pending',
      display_number: '00003-Alvarez',
      practice_area: idIn(firm, 'practice_areas', 'Family Law'),
      matter_stage: idIn(firm, 'matter_stages', 'Consultation'),
      responsible_attorney: idIn(firm, 'users', 'sam@smith.example'),
      originating_attorney: idIn(firm, 'users', 'intake@smith.example'),
      group: idIn(firm, 'groups', 'Litigation'),
      custom_field_values: [
        { custom_field: idIn(firm, 'custom_fields', 'Referral source') },
        { custom_field: idIn(firm, 'custom_fields', 'Opposing party'), value: 'Carlos Alvarez' },
        { custom_field: idIn(firm, 'custom_fields', 'Urgent') },
      ],
    }),
  },
  update: {
    zapier: 'Update Matter',
    with: { status: 'open', matter_stage: 'Engaged', custom_fields: { 'Opposing party': 'C. Alvarez' } },
    calls: ['GET matter_stages', 'GET matters/#', 'GET custom_fields', 'PATCH matters/#'],
    stands: firm => ({
      status: 'open',
      matter_stage: idIn(firm, 'matter_stages', 'Engaged'),
      custom_field_values: [{}, { value: 'C. Alvarez' }, {}],
    }),
  },
})

const assigned = (list: string): JsonObject => ({
  task_template_list_instances: [{ task_template_list: list, assignee_id: 'Ina Take', due_at: '2026-11-02' }],
})

const assignedIn = (firm: Firm, list: string): JsonObject => ({
  task_template_list_instances: [
    {
      task_template_list: idIn(firm, 'task_template_lists', list),
      assignee_id: firm.idOf('users', 'intake@smith.example'),
      due_at: '2026-11-02',
    },
  ],
})

const templates: readonly Operation[] = [
  {
    resource: 'matters',
    does: 'create one with a task template list',
    zapier: 'Assign Task Template List',
    run: async firm => {
      const client = { client: 'Maria Alvarez', description: 'Custody' }
      const step = { create: 'matters', with: { ...client, ...assigned('New family matter') } }
      return (await carryOut(firm, step)).id ?? null
    },
    calls: ['GET contacts', 'GET task_template_lists', 'GET users', 'POST matters'],
    effect: (firm, id) => ({ seen: firm.record('matters', id), is: assignedIn(firm, 'New family matter') }),
  },
  {
    resource: 'matters',
    does: 'assign a task template list',
    zapier: 'Assign Task Template List',
    run: async firm => {
      const id = firm.idOf('matters', '00001-Alvarez')
      await carryOut(firm, { update: 'matters', id, with: assigned('New injury claim') })
      return id
    },
    calls: ['GET task_template_lists', 'GET users', 'GET matters/#', 'PATCH matters/#'],
    effect: (firm, id) => ({ seen: firm.record('matters', id), is: assignedIn(firm, 'New injury claim') }),
  },
]

const practiceArea = everything({
  resource: 'practice_areas',
  fields: 'id,name,code,category',
  create: {
    with: { name: 'Tax', category: 'tax' },
    calls: ['POST practice_areas'],
    stands: () => ({ name: 'Tax', category: 'tax' }),
  },
  update: {
    with: { name: 'Tax Law' },
    calls: ['GET practice_areas/#', 'PATCH practice_areas/#'],
    stands: () => ({ name: 'Tax Law', category: 'tax' }),
  },
})

const customField = everything({
  resource: 'custom_fields',
  fields: 'id,name,parent_type,field_type,picklist_options{id,option}',
  create: {
    with: {
      name: 'Office',
      parent_type: 'Matter',
      field_type: 'picklist',
      picklist_options: [{ option: 'Downtown' }, { option: 'Harbor' }],
    },
    calls: ['POST custom_fields'],
    stands: () => ({ name: 'Office', picklist_options: [{ option: 'Downtown' }, { option: 'Harbor' }] }),
  },
  update: {
    with: { name: 'Which office', displayed: true },
    calls: ['GET custom_fields/#', 'PATCH custom_fields/#'],
    stands: () => ({ name: 'Which office', displayed: true }),
  },
})

const none = async () => ({})

export const matters: readonly Operation[] = [
  ...matter,
  search(
    'matters',
    'find by what it is about',
    { query: 'Divorce' },
    ['GET matters'],
    firm => ({
      ...idIn(firm, 'matters', '00001-Alvarez'),
      status: 'Open',
    }),
    { zapier: 'Find Matter' },
  ),
  search(
    'matters',
    'find by client and status',
    { client_id: 'Maria Alvarez', status: 'open' },
    ['GET contacts', 'GET matters'],
    firm => idIn(firm, 'matters', '00001-Alvarez'),
    { zapier: 'Find Matter' },
  ),
  ...templates,
  listing({ resource: 'matter_stages', fields: 'id,name,practice_area_id' }, none),
  ...practiceArea,
  ...customField,
]
