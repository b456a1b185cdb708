import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configurationSchema } from '../../../src/configuration/editors/schema.ts'

const path = join(import.meta.dirname, '../../../src/assets/schema/config.json')

export const schemaAsset = (): string => readFileSync(path, 'utf8')

/** As text with a line a resource, so that a change shows. */
export function schemaMade(): string {
  const { $defs, ...rest } = configurationSchema()
  const lines = Object.entries($defs as object).map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`)
  return `${JSON.stringify(rest).slice(0, -1)},"$defs":{\n${lines.join(',\n')}\n}}\n`
}

/** `npm run docs`: writes the schema of a configuration anew. */
if (import.meta.main) writeFileSync(path, schemaMade())
