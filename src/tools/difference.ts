import { diff } from 'node:util'
import { type Io, paint } from './command.ts'

/** Node's `diff` marks with 1 what only its first text has, with -1 what only its second has. */

/** Lines around a change that are shown with it. */
const around = 2

/** The lines that differ, with `-`, `+` and a few around them; empty when none does. */
export function difference(io: Pick<Io, 'terminal' | 'env'>, before: string, after: string): string[] {
  const lines = diff(before.split('\n'), after.split('\n'))
  const near = new Set<number>()
  for (const [at, [kind]] of lines.entries())
    if (kind !== 0) for (let each = at - around; each <= at + around; each++) near.add(each)
  return lines.flatMap(([kind, line], at) => {
    if (!near.has(at)) return near.has(at - 1) ? [paint(io, 'dim', '  …')] : []
    if (kind === 0) return [paint(io, 'dim', `    ${line}`)]
    return [kind < 0 ? paint(io, 'green', `  + ${line}`) : paint(io, 'red', `  - ${line}`)]
  })
}

/** How many lines come and go: `+3 −1`. */
export function extent(before: string, after: string): string {
  const kinds = diff(before.split('\n'), after.split('\n')).map(([kind]) => kind)
  return `+${kinds.filter(kind => kind < 0).length} −${kinds.filter(kind => kind > 0).length}`
}
