import { type Place, pathOf, type Remark } from '../../lib/path.ts'

/** What a check found: errors refuse the document, warnings come along with its acceptance. */
export class Findings {
  readonly errors: Remark[] = []
  readonly warnings: Remark[] = []

  refuse(place: Place, message: string): void {
    this.errors.push({ path: pathOf(place), message })
  }

  warn(place: Place, message: string): void {
    this.warnings.push({ path: pathOf(place), message })
  }
}
