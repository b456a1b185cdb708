import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Part, Row } from './part.ts'
import { acks, warming } from './parts/acks.ts'
import { reads } from './parts/reads.ts'
import { sealing } from './parts/sealing.ts'
import { size } from './parts/size.ts'
import { behind, flood, large, slowClio, usualClio } from './parts/stalls.ts'
import { growth, statements } from './parts/statements.ts'
import { uploads } from './parts/uploads.ts'
import { burst, whole } from './parts/whole.ts'
import { heading, table, write } from './table.ts'

/**
 * `npm run bench`: what an event costs here, beside floors of the same run. `-- --only acks,flood` runs some parts, `-- --short` looks only
 * briefly, `-- --write` puts the table into the README. Every load is bounded in time and number.
 */

/** In the order of the table. */
const parts: readonly Part[] = [
  acks,
  whole,
  burst,
  statements,
  sealing,
  growth,
  behind,
  flood,
  large,
  usualClio,
  slowClio,
  reads,
  uploads,
  size,
  warming,
]

// Leaving by `exit` ends the Workers that were started; a signal alone would leave them behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const only = values.only.split(',').filter(Boolean)
const unknown = only.filter(name => !parts.some(part => part.name === name))
if (unknown.length > 0) {
  const known = parts.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join('\n')
  console.error(`There is no part ${unknown.join(', ')}. There are:\n${known}`)
  process.exit(2)
}
if (values.write && (only.length > 0 || values.short)) {
  console.error('Only a whole run is written into the README: leave --only and --short out.')
  process.exit(2)
}

const rows: Row[] = []
for (const part of parts) {
  if (only.length > 0 && !only.includes(part.name)) continue
  console.error(`\n${part.name}: ${part.about}`)
  const began = performance.now()
  rows.push(...(await part.run({ short: values.short, say: line => console.error(`  ${line}`) })))
  console.error(`  (${((performance.now() - began) / 1000).toFixed(0)} s)`)
}

const text = `${heading(new Date())}\n\n${table(rows)}`
console.log(`\n${text}\n`)
if (values.write) await write(join(import.meta.dirname, '../../README.md'), text)
console.log(`Not measured: Cloudflare itself (network, other isolates, replicated storage), TLS, Maton, Clio.`)
process.exit(0)
