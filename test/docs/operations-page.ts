import type { Operation } from '../clio/every-operation/operation.ts'

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
    .map(({ does, calls, zapier = '' }) => `| ${does} | ${counted(calls)} | ${zapier} |`)
  return `## ${resource}

| operation | calls | in Zapier's Clio app |
|---|---|---|
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

${resources.map(resource => section(resource, operations)).join('\n')}`
}
