import { compile } from '../../src/rules/language/expression.ts'
import { Fault } from '../../src/rules/language/fault.ts'
import { scope } from '../rules/scope.ts'

/** All that is known of an expression: why it is refused, or what it reads and comes to. */
export function told(text: string): unknown {
  const compiled = compile(text)
  if (!compiled.ok) return compiled.refusal
  const { sense, steps, links, reads, paths, value } = compiled.expression
  try {
    return [sense(), steps, links, reads, paths, value(scope())]
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}
