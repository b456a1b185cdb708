import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Asked, type Command, exit, Failed, result } from '../command.ts'
import { firmNamed, verdictOn } from '../documents.ts'

/** The five questions: of each, its option, and what an empty answer means. */
const questions = {
  firm: { ask: 'Name of the firm, as it stands in addresses (small letters, digits, -)', usual: 'smith' },
  timezone: { ask: 'Its time zone', usual: Intl.DateTimeFormat().resolvedOptions().timeZone },
  country: { ask: 'Its country, whose phone numbers are read as own (two letters)', usual: 'US' },
  website: { ask: 'Its website, from which forms come', usual: 'https://smith.example' },
  assignee: { ask: 'E-mail address of the user of Clio who calls new clients', usual: 'intake@smith.example' },
} as const

type Answers = Record<keyof typeof questions, string>

export const init: Command = {
  name: 'init',
  usage: '[folder]',
  summary: "asks five questions and writes a firm's first document, with comments",
  words: [0, 1],
  options: Object.fromEntries(
    Object.entries(questions).map(([name, { ask }]) => [name, { type: 'string', help: `answers: ${ask}` }]),
  ),
  run: async asked => {
    const answers = {} as Answers
    for (const name of Object.keys(questions) as (keyof Answers)[]) answers[name] = await answerTo(asked, name)
    const text = firstDocument(answers)
    const [fault] = verdictOn(text).errors
    if (fault) throw new Failed(`Nothing was written. ${fault.path}: ${fault.message}`, exit.usage)
    const folder = asked.words[0] ?? '.'
    const file = join(folder, `${firmNamed(answers.firm)}.jsonc`)
    if (existsSync(file)) throw new Failed(`${file} is there already. Nothing was written.`, exit.usage)
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, text)
    result(asked, { file }, () => {
      asked.say(`${file} is written. What comes next:`)
      asked.say(`  npx docketed check ${file}`)
      asked.say(`  npx docketed connect ${answers.firm} ${file}`)
      asked.say(`  npx docketed push ${file}`)
    })
    return exit.good
  },
}

async function answerTo(asked: Asked, name: keyof Answers): Promise<string> {
  const { ask, usual } = questions[name]
  const given = asked.option(name) ?? (await asked.ask(`${ask} [${usual}]: `))
  if (given === null) throw new Failed(`Nobody is there to ask. Give --${name}.`, exit.usage)
  return given.trim() || usual
}

function firstDocument({ firm, timezone, country, website, assignee }: Answers): string {
  const quoted = (text: string) => JSON.stringify(text)
  return `{
  // The document of ${firm}: where events come in, and what becomes of them in Clio.
  "timezone": ${quoted(timezone)}, // dates are reckoned in it
  "country": ${quoted(country)}, // phone numbers are read as its own
  // Which Clio: "connection", written at the end by: docketed connect ${firm} ${firm}.jsonc

  // Where events come in: POST /in/${firm}/website
  "endpoints": {
    // Browsers send from these pages only. It is a hint, no proof: scripts may say what they like.
    "website": { "source": "form", "origins": [${quoted(website.replace(/\/+$/, ''))}] }
  },

  // What becomes of them: the steps of each rule that an event fits, one after the other.
  "rules": [
    {
      "name": "new-client",
      "on": { "endpoint": "website", "type": "form.submitted" },
      "steps": {
        // Looked for by e-mail address; made when nobody has it.
        "client": {
          "upsert": "contacts",
          "match": ["email_addresses"],
          "with": {
            "type": "Person",
            "first_name": "{{ person.first_name }}",
            "last_name": "{{ person.last_name }}",
            "email_addresses": [{ "name": "Work", "address": "{{ person.email }}" }]
          }
        },
        "matter": {
          "create": "matters",
          "with": { "client": "{{ steps.client }}", "status": "pending", "description": "Inquiry of {{ person.last_name }}" }
        },
        "call": {
          "create": "tasks",
          "with": {
            "name": "Call {{ person.first_name }} {{ person.last_name }}",
            "description": "{{ message }}",
            "assignee": ${quoted(assignee)}, // a user of the firm's Clio
            "matter": "{{ steps.matter }}",
            "due_at": "{{ date('+1 business day') }}"
          }
        }
      }
    }
  ]
}
`
}
