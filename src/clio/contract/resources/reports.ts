import type { Resources } from '../shapes/contract.ts'
import { dates, id, integers, since, sorts, stamps, text } from '../shapes/keys.ts'
import { reportSchedule } from '../shapes/shapes.ts'
import { report, reportCategory } from '../shapes/words.ts'

/** Reports and their schedules. */
export const reports = {
  report_presets: {
    read: {
      ...stamps,
      ...text('name options'),
      category: reportCategory,
      format: 'csv|html|json|pdf|xlsx|zip',
      kind: report,
      last_generated_at: 'time',
      report_schedule: reportSchedule,
    },
    list: {
      ...since,
      ...text('output_format query'),
      category: reportCategory,
      has_schedule: 'boolean',
      schedule_frequency: 'daily|weekly|monthly',
    },
    order: sorts('created_at last_generated_at last_modified_at name next_scheduled_date'),
    create: { ...text('name! options!'), 'format!': 'csv|html|json|pdf|xlsx|zip', 'kind!': report },
    update: 'create',
    get: true,
    delete: true,
    lookup: { query: { created_since: '@since' }, identity: ['name', 'kind', 'format'] },
    names: { by: ['name'] },
  },
  report_schedules: {
    read: reportSchedule,
    list: since,
    create: {
      ...integers('day_of_month every_no_of_months report_preset_id!'),
      effective_from: 'date',
      'frequency!': 'daily|weekly|monthly',
      'time_of_day!': 'time',
      'time_zone!': 'text',
      days_of_week: ['integer'],
    },
    update: 'create',
    get: true,
    delete: true,
    lookup: { query: { created_since: '@since' }, identity: ['report_preset_id', 'frequency', 'time_of_day'] },
  },
  reports: {
    read: {
      ...stamps,
      category: reportCategory,
      format: 'csv|html|json|pdf|xlsx|zip',
      kind: report,
      name: 'text',
      progress: 'integer',
      source: 'reports|presets|scheduled',
      state: 'not_started|queued|in_progress|failed|completed|empty',
    },
    list: { ...since, ...text('category output_format query source state'), created_before: 'time', kind: report },
    create: {
      ...dates('end_date start_date'),
      'format!': 'csv|html|json|pdf|xlsx|zip',
      'kind!': report,
      year: 'text',
      client: id,
      matter: id,
      originating_attorney: id,
      practice_area: id,
      responsible_attorney: id,
      user: id,
    },
    get: true,
    lookup: { query: { created_since: '@since' }, identity: ['kind', 'format'] },
  },
} satisfies Resources
