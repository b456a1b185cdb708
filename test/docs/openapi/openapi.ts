import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { routes } from '../../../src/api/routes.ts'
import { openapi } from './document.ts'
import { openapiPage } from './page.ts'

const assets = join(import.meta.dirname, '../../../src/assets')

/** What is made of the table of routes, by the name of the asset. */
export function assetsMade(): Readonly<Record<string, string>> {
  const document = openapi(routes)
  return { 'openapi.json': `${JSON.stringify(document, null, 1)}\n`, 'openapi.html': openapiPage(document) }
}

export const assetOf = (name: string): string => readFileSync(join(assets, name), 'utf8')

/** `npm run docs`: writes the description of the API anew. */
if (import.meta.main) {
  for (const [name, text] of Object.entries(assetsMade())) writeFileSync(join(assets, name), text)
}
