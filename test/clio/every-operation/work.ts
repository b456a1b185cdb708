import type { JsonObject } from '../../../src/lib/json.ts'
import { everything, idIn, listing, type Operation } from './operation.ts'

/** What is to be done, and when: tasks, calendar entries, reminders. */

const task = everything({
  resource: 'tasks',
  fields: 'id,name,description,status,due_at,priority',
  create: {
    zapier: 'Create Task',
    with: {
      name: 'Call Maria',
      due_at: '2026-11-03',
      priority: 'High',
      assignee: 'Ina Take',
      matter: '00001-Alvarez',
      task_type: 'Call',
      time_estimated: '30m',
      notify_assignee: true,
    },
    calls: ['GET users', 'GET matters', 'GET task_types', 'POST tasks'],
    stands: firm => ({
      name: 'Call Maria',
      description: 'Call Maria',
      due_at: '2026-11-03',
      priority: 'High',
      status: 'pending',
      assignee: { ...idIn(firm, 'users', 'intake@smith.example'), type: 'User' },
      matter: idIn(firm, 'matters', '00001-Alvarez'),
      task_type: idIn(firm, 'task_types', 'Call'),
      time_estimated: 1800,
    }),
  },
  update: {
    zapier: 'Update Task',
    with: { status: 'complete', assignee: { name: 'Maria Alvarez', type: 'Contact' } },
    calls: ['GET contacts', 'GET tasks/#', 'PATCH tasks/#'],
    stands: firm => ({
      status: 'complete',
      assignee: { ...idIn(firm, 'contacts', 'Maria Alvarez'), type: 'Contact' },
    }),
  },
})

/** Fifty pages and a bit: an offset ends at 10,000 records, Clio's cursor does not. */
const many = 10_001

const thousands: Operation = {
  ...listing({ resource: 'tasks', fields: 'id' }, async firm => {
    const store = firm.sandbox.account('smith')
    for (let n = 0; n < many; n++) store.insert('tasks', { name: `Task ${n}` })
    return {}
  }),
  does: 'list more than 10,000',
  calls: Array.from({ length: Math.ceil(many / 200) }, () => 'GET tasks'),
}

const meeting: JsonObject = {
  summary: 'Consultation',
  start_at: '2026-11-02T10:00',
  end_at: '2026-11-02T11:00',
  calendar_owner: 'sam@smith.example',
}

const entry = everything({
  resource: 'calendar_entries',
  fields: 'id,summary,description,start_at,end_at',
  list: { from: '2026-11-02T00:00:00Z', to: '2026-11-03T00:00:00Z' },
  create: {
    zapier: 'Create Calendar Entry',
    with: {
      ...meeting,
      location: '1 Pier',
      matter: '00001-Alvarez',
      calendar_entry_event_type: 'Consultation',
      attendees: [
        { name: 'Maria Alvarez', type: 'Contact' },
        { name: 'Ina Take', type: 'Calendar' },
      ],
    },
    calls: ['GET users', 'GET matters', 'GET calendar_entry_event_types', 'GET contacts', 'POST calendar_entries'],
    // Ten o'clock of the firm, which is in New York.
    stands: firm => ({
      summary: 'Consultation',
      start_at: '2026-11-02T15:00:00Z',
      end_at: '2026-11-02T16:00:00Z',
      calendar_owner: idIn(firm, 'calendars', 'Sam Smith'),
      matter: idIn(firm, 'matters', '00001-Alvarez'),
      attendees: [
        { ...idIn(firm, 'contacts', 'Maria Alvarez'), type: 'Contact' },
        { ...idIn(firm, 'calendars', 'Ina Take'), type: 'Calendar' },
      ],
    }),
  },
  update: {
    with: { start_at: '2026-11-02T12:00', end_at: '2026-11-02T13:00' },
    calls: ['GET calendar_entries/#', 'PATCH calendar_entries/#'],
    stands: () => ({ summary: 'Consultation', start_at: '2026-11-02T17:00:00Z' }),
  },
})

const reminder = everything({
  resource: 'reminders',
  before: async firm => ({ task: firm.idOf('tasks', 'Ask for bank statements') }),
  fields: 'id,duration,next_delivery_at,state,subject{id,type}',
  create: {
    // How a user is reminded has no name: it is one of the user's notification methods.
    with: ({ task = null }) => ({
      subject: { id: task, type: 'Task' },
      notification_method: { id: 1 },
      duration_value: 2,
      duration_unit: 'days',
    }),
    calls: ['POST reminders'],
    stands: (_firm, { task }) => ({ subject: { id: task ?? null, type: 'Task' }, duration_value: 2 }),
  },
  update: {
    with: { duration_value: 3 },
    calls: ['GET reminders/#', 'PATCH reminders/#'],
    stands: () => ({ duration_value: 3, duration_unit: 'days' }),
  },
})

const templateList = everything({
  resource: 'task_template_lists',
  fields: 'id,name,description,practice_area{id,name}',
  create: {
    with: { name: 'New estate', description: 'First steps', practice_area: 'Estate Planning' },
    calls: ['GET practice_areas', 'POST task_template_lists'],
    stands: firm => ({ name: 'New estate', practice_area: idIn(firm, 'practice_areas', 'Estate Planning') }),
  },
  update: {
    with: { description: 'The first week' },
    calls: ['GET task_template_lists/#', 'PATCH task_template_lists/#'],
    stands: () => ({ name: 'New estate', description: 'The first week' }),
  },
})

export const work: readonly Operation[] = [...task, thousands, ...entry, ...reminder, ...templateList]
