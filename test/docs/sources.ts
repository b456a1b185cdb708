import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sources } from '../../src/sources/index.ts'
import { readme } from './readme.ts'

/** `npm run docs`: writes the table of sources anew. */
writeFileSync(join(import.meta.dirname, '../../docs/sources/README.md'), readme(sources))
