import { listed, type Rule } from '../rules/rule.ts'

/**
 * What becomes of a command: rules as a firm writes them, ready made. They stand behind the firm's own in every plan of a Slack
 * event, and no firm's rule can have their names (a colon). All ids are found before: `fields.matter`, `fields.user`.
 */
export const slackRules: readonly Rule[] = [
  {
    name: 'slack: time',
    on: { type: 'slack.time' },
    steps: {
      entry: {
        create: 'activities',
        with: {
          type: 'TimeEntry',
          date: '{{ fields.date }}',
          quantity: '{{ fields.seconds }}',
          note: '{{ fields.note }}',
          matter: '{{ fields.matter }}',
          user: '{{ fields.user }}',
        },
      },
    },
  },
  {
    name: 'slack: expense',
    on: { type: 'slack.expense' },
    steps: {
      entry: {
        create: 'activities',
        with: {
          type: 'ExpenseEntry',
          date: '{{ fields.date }}',
          price: '{{ fields.amount }}',
          note: '{{ fields.note }}',
          matter: '{{ fields.matter }}',
          user: '{{ fields.user }}',
        },
      },
    },
  },
  {
    name: 'slack: task',
    on: { type: 'slack.task' },
    steps: {
      task: {
        create: 'tasks',
        with: {
          name: '{{ fields.name }}',
          description: '{{ fields.description }}',
          due_at: '{{ fields.due }}',
          priority: '{{ fields.priority }}',
          assignee: '{{ fields.assignee }}',
          matter: '{{ fields.matter }}',
        },
      },
    },
  },
  {
    name: 'slack: note',
    on: { type: 'slack.note' },
    steps: {
      note: {
        create: 'notes',
        with: {
          type: 'Matter',
          subject: '{{ fields.subject }}',
          detail: '{{ fields.detail }}',
          date: '{{ fields.date }}',
          matter: '{{ fields.matter }}',
        },
      },
    },
  },
]

/** The event types that these rules carry out. */
export const slackTypes: readonly string[] = [...new Set(slackRules.flatMap(({ on }) => listed(on.type)))]
