import type { Reporter, TestModule } from 'vitest/node'

/** Where the time of the tests went: each project's, and the files that took longest. */

export interface Spent {
  readonly project: string
  readonly file: string
  /** ms: starting the runtime and loading the files, then the tests themselves. */
  readonly loading: number
  readonly tests: number
}

const longest = 10

export class WhereTimeGoes implements Reporter {
  readonly #began = performance.now()

  onTestRunEnd(modules: readonly TestModule[]): void {
    // One file that somebody tries needs no table.
    if (modules.length < longest) return
    console.log(told(modules.map(spentBy), performance.now() - this.#began))
  }
}

function spentBy(module: TestModule): Spent {
  const { environmentSetupDuration, prepareDuration, setupDuration, collectDuration, duration } = module.diagnostic()
  return {
    project: module.project.name,
    file: module.relativeModuleId,
    loading: environmentSetupDuration + prepareDuration + setupDuration + collectDuration,
    tests: duration,
  }
}

/** @param wall ms from the first file to the last: files run side by side */
export function told(files: readonly Spent[], wall: number): string {
  const s = (ms: number) => `${(ms / 1000).toFixed(1)} s`.padStart(9)
  const sum = (of: readonly Spent[], key: 'loading' | 'tests') => of.reduce((total, each) => total + each[key], 0)
  const projects = [...new Set(files.map(({ project }) => project))].map(name => {
    const own = files.filter(({ project }) => project === name)
    return `  ${name.padEnd(10)}${String(own.length).padStart(4)} files  loading${s(sum(own, 'loading'))}  tests${s(sum(own, 'tests'))}`
  })
  const slow = files
    .toSorted((a, b) => b.loading + b.tests - a.loading - a.tests)
    .slice(0, longest)
    .map(({ file, loading, tests }) => `  ${s(loading + tests)}  ${file}`)
  return [
    '',
    `Where the time of the tests went, of${s(wall)} (files run side by side):`,
    ...projects,
    'The slowest files:',
    ...slow,
    '',
  ].join('\n')
}
