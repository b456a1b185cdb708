import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RecipeFile, recipesPage } from './recipes-page.ts'

const folder = join(import.meta.dirname, '../../src/rules/recipes')

export const recipeFiles = (): RecipeFile[] =>
  readdirSync(folder)
    .sort()
    .map(file => ({ name: file.replace('.jsonc', ''), text: readFileSync(join(folder, file), 'utf8') }))

/** `npm run docs`: writes the page of the recipes anew. */
if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '../../docs/recipes.md'), recipesPage(recipeFiles()))
}
