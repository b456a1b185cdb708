import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withAttacks } from './page.ts'

/** `npm run docs`: writes the table of attacks anew. */
const page = join(import.meta.dirname, '../../../SECURITY.md')
writeFileSync(page, withAttacks(readFileSync(page, 'utf8')))
