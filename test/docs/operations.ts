import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operations } from '../clio/every-operation/table.ts'
import { operationsPage } from './operations-page.ts'

/** `npm run docs`: writes the page of operations anew. */
writeFileSync(join(import.meta.dirname, '../../docs/operations.md'), operationsPage(operations))
