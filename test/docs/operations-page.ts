import type { Operation } from '../clio/every-operation/operation.ts'

/** How somebody has an operation done: an agent, a script, a person at the command line. */
export interface Ways {
  readonly tool: string
  readonly call: string
  readonly command: string
}

const reading: Ways = { tool: '`clio_read`', call: '`GET …/clio/{path}`', command: '`docketed clio`' }
const writing: Ways = { tool: '`clio_write`', call: '`POST …/records`', command: '`docketed write`' }

/** By the first word of what an operation does. */
const ways: Readonly<Record<string, Ways>> = {
  list: reading,
  get: reading,
  find: reading,
  who: reading,
  create: writing,
  update: writing,
  upsert: writing,
  delete: writing,
  assign: writing,
  upload: {
    tool: 'none: files come in with events',
    call: '`POST /in/{firm}/{endpoint}`, by a rule',
    command: '`docketed send`',
  },
  download: {
    tool: 'none: documents are not handed to agents',
    call: '`GET …/clio/documents/{id}/download`',
    command: '`docketed clio --out`',
  },
}

/** undefined: nobody has said how. */
export const waysOf = ({ does }: Pick<Operation, 'does'>): Ways | undefined => ways[does.split(' ')[0]!]

/** docs/operations.md, from the rows that test/clio/every-operation/every-operation.test.ts runs. */

/** `GET tasks × 51`, where a list has pages. */
function counted(calls: readonly string[]): string {
  const runs: { call: string; times: number }[] = []
  for (const call of calls) {
    const last = runs.at(-1)
    if (last?.call === call) last.times++
    else runs.push({ call, times: 1 })
  }
  return runs.map(({ call, times }) => `\`${call}\`${times > 1 ? ` × ${times}` : ''}`).join(', ')
}

function section(resource: string, operations: readonly Operation[]): string {
  const rows = operations
    .filter(operation => operation.resource === resource)
    .map(operation => {
      const { does, calls, zapier = '' } = operation
      const { tool, call, command } = waysOf(operation)!
      return `| ${does} | ${counted(calls)} | ${tool} | ${call} | ${command} | ${zapier} |`
    })
  return `## ${resource}

| operation | calls | agents | API | command | in Zapier's Clio app |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}

export function operationsPage(operations: readonly Operation[]): string {
  const resources = [...new Set(operations.map(({ resource }) => resource))]
  return `# What can be done in Clio, and what it costs

Every row is run by test/clio/every-operation/every-operation.test.ts: through the code that the Worker runs (what a rule can do, as a step of a rule), on
the sandbox, with these calls and no other. This page is made by \`npm run docs\`. Ids are written \`#\`; \`storage\` is Clio's own, which is no part of its API and of its limit.

- Rules write names. Lists of users, practice areas, fields and the like are asked for once an hour and kept for all runs; here they
  are counted as if for the first time. What there may be many of (contacts, matters, folders, bills) is searched by name every time,
  unless the rule has the id, from a step before or a link.
- An update reads what stands first: what is there already is not written again, and an e-mail address is not added twice.
- Contacts are searched in Clio as long as the firm's own index of them is not filled; afterwards an
  upsert asks the index ([contacts](contacts.md)).
- A list is read to its end, 200 records a call, beyond Clio's 10,000 too.
- Beside a rule's step, each is done directly: by an agent's tool ([agents](agents.md)), a call of the API below \`/api/firms/{firm}\`
  ([operating](operating.md)), or the [command line](cli.md). Written directly, it is a run like any other: once for its key, undone, in the audit.

${resources.map(resource => section(resource, operations)).join('\n')}`
}
