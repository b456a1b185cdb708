import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take half a minute and more, slowest first: whoever starts one of them last lets the other cores wait for it. All others come
 * behind them as they do anyway, the larger first. A fresh clone remembers no times.
 */
const slow: readonly string[] = [
  'test/cases/cases.test.ts',
  'test/e2e/kill.test.ts',
  'test/e2e/sealed.test.ts',
  'test/browser/looks.test.ts',
  'test/upgrade/ledgers.test.ts',
  'test/e2e/adversity.test.ts',
  'test/simulation/lives.test.ts',
  'test/simulation/wild/lives.test.ts',
  'test/browser/console.test.ts',
  'test/e2e/start.test.ts',
  'test/e2e/rotation.test.ts',
]

/** Projects of one group stay together where they share a runtime, and go by what is slow where they do not. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files)
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder
    const shares = ({ project }: TestSpecification) => (project.config.isolate ? 0 : 1)
    const place = ({ moduleId }: TestSpecification) => {
      const at = slow.findIndex(name => moduleId.endsWith(name))
      return at < 0 ? slow.length : at
    }
    return usual.toSorted((a, b) => group(a) - group(b) || shares(a) - shares(b) || place(a) - place(b))
  }
}
