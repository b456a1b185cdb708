import { listed, type Rule } from '../model/rule.ts'

const person = {
  type: "{{ fields.person ? 'Person' : 'Company' }}",
  first_name: '{{ fields.person ? fields.first : null }}',
  last_name: '{{ fields.person ? fields.last : null }}',
  name: '{{ fields.person ? null : fields.last }}',
  company: '{{ fields.person ? steps.company : null }}',
  email_addresses: [{ name: 'Work', address: '{{ fields.email }}' }],
  phone_numbers: [{ name: 'Work', number: '{{ fields.phone }}' }],
}

/** By e-mail address or phone a person may be known already; who has neither is new. */
const contact: Rule['steps'] = {
  company: {
    if: 'fields.person && fields.company != null',
    upsert: 'contacts',
    existing: 'extend',
    match: ['name'],
    with: { type: 'Company', name: '{{ fields.company }}' },
  },
  known: {
    if: 'fields.known',
    upsert: 'contacts',
    existing: 'extend',
    match: ['email_addresses', 'phone_numbers'],
    with: person,
  },
  fresh: { if: '!fields.known', create: 'contacts', with: person },
}

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
  {
    name: 'slack: communication',
    on: { type: 'slack.communication' },
    steps: {
      communication: {
        create: 'communications',
        with: {
          // Of the two kinds that Clio has, what was written is the e-mail.
          type: 'EmailCommunication',
          subject: '{{ fields.subject }}',
          body: '{{ fields.detail }}',
          date: '{{ fields.date }}',
          matter: '{{ fields.matter }}',
        },
      },
    },
  },
  { name: 'slack: contact', on: { type: 'slack.contact' }, steps: contact },
  {
    name: 'slack: intake',
    on: { type: 'slack.intake' },
    steps: {
      ...contact,
      matter: {
        create: 'matters',
        with: {
          client: '{{ fields.known ? steps.known : steps.fresh }}',
          description: '{{ fields.description }}',
          status: 'pending',
          responsible_attorney: '{{ fields.user }}',
        },
      },
    },
  },
  {
    name: 'slack: matter',
    on: { type: 'slack.matter' },
    steps: {
      matter: {
        create: 'matters',
        with: {
          client: '{{ fields.client }}',
          description: '{{ fields.description }}',
          status: 'open',
          responsible_attorney: '{{ fields.user }}',
        },
      },
    },
  },
  {
    name: 'slack: event',
    on: { type: 'slack.event' },
    steps: {
      event: {
        create: 'calendar_entries',
        with: {
          summary: '{{ fields.summary }}',
          start_at: '{{ fields.start }}',
          end_at: '{{ fields.end }}',
          calendar_owner: '{{ fields.calendar }}',
          matter: '{{ fields.matter }}',
        },
      },
    },
  },
  {
    name: 'slack: link',
    on: { type: 'slack.link' },
    steps: {
      code: {
        create: 'tasks',
        with: {
          name: 'Slack asks whether this is you: {{ fields.code }}',
          description:
            '{{ fields.asker }} says in Slack to be you. If that is so, write in Slack behind the command: link {{ fields.code }}. If not, delete this task and tell the firm.',
          assignee: '{{ fields.user }}',
          permission: 'private',
        },
      },
    },
  },
  {
    name: 'slack: linked',
    on: { type: 'slack.linked' },
    steps: {
      code: { if: 'fields.task != null', update: 'tasks', id: '{{ fields.task }}', with: { status: 'complete' } },
    },
  },
]

/** The event types that these rules carry out. */
export const slackTypes: readonly string[] = [...new Set(slackRules.flatMap(({ on }) => listed(on.type)))]
