import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { readJsonc } from '../../src/configuration/jsonc.ts'
import { isObject } from '../../src/lib/json.ts'
import { recipeFiles } from './recipes.ts'
import { recipesPage } from './recipes-page.ts'

/** docs/recipes.md is the page that `npm run docs` makes, and what it shows may be saved. */

const page = readFileSync(join(import.meta.dirname, '../../docs/recipes.md'), 'utf8')

it('shows every recipe, as it is', () => {
  expect(page).toBe(recipesPage(recipeFiles()))
})

describe('the recipes', () => {
  const read = recipeFiles().map(({ text }) => {
    const recipe = readJsonc(text)
    if (!recipe.ok || !isObject(recipe.value)) throw new Error('not JSONC')
    return recipe.value
  })

  it('may all stand in one configuration', () => {
    const configuration = {
      timezone: 'America/New_York',
      country: 'US',
      endpoints: Object.assign({}, ...read.map(({ endpoints }) => endpoints)),
      rules: read.flatMap(({ rules }) => rules),
    }
    const reading = readConfiguration(JSON.stringify(configuration))
    expect(reading.ok ? reading.warnings : reading.problem).toEqual([])
  })

  it('each say first what they do', () => {
    for (const { text } of recipeFiles()) expect(text).toMatch(/^\/\/ [A-Z].*\.\n/)
  })
})
