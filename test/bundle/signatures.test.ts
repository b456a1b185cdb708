import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../src/rules/language/functions.ts'
import * as ours from '../../src/rules/language/signatures.ts'

/** What the bundle has instead of two modules of cel-js: their own words, as far as rules can come to them. */

interface Registry {
  getDefinitions(): { functions: { name: string; signature: string }[] }
  operatorCandidates(sign: string): Iterable<{ signature: string }>
}

type Registering = (registry: never) => void

const library = async (module: string): Promise<Record<string, unknown>> =>
  import(`../../node_modules/@marcbachmann/cel-js/lib/${module}.js`)

async function known(modules: Record<string, unknown>): Promise<{ functions: string[]; operators: string[] }> {
  const { createRegistry } = (await library('registry')) as { createRegistry(options: object): Registry }
  const registry = createRegistry({})
  for (const name of ['registerFunctions', 'registerOverloads']) (modules[name] as Registering)(registry as never)
  const signs = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', 'in', '!_', '-_']
  return {
    functions: registry
      .getDefinitions()
      .functions.filter(({ name }) => Object.hasOwn(FUNCTIONS, name))
      .map(({ signature }) => signature),
    operators: signs.flatMap(sign => [...registry.operatorCandidates(sign)].map(({ signature }) => signature)),
  }
}

/** Literals of these are refused before types are checked, and nothing else makes a value of theirs. */
const reachable = (signature: string) => signature === 'bytes.string(): string' || !/uint|bytes|google/.test(signature)

describe('what is told of CEL in the bundle', () => {
  it('is what cel-js says of the functions and operators that rules have', async () => {
    // In the order in which its modules need each other.
    await library('index')
    const theirs = await known({ ...(await library('functions')), ...(await library('overloads')) })
    const told = await known(ours)
    expect(told.functions.sort()).toEqual(theirs.functions.filter(reachable).sort())
    expect(told.operators.sort()).toEqual(theirs.operators.filter(reachable).sort())
    expect(told.functions.length + told.operators.length).toBeGreaterThan(80)
  })
})
