/** What one part of the bench finds out, as rows of the table. */

export interface Row {
  readonly what: string
  readonly figure: string
  /** Against something of the same run: what is slow on this machine is slow for both. */
  readonly ratio?: string
  readonly aim?: Aim
}

/** What it is meant to be, and whether it is. */
export interface Aim {
  readonly text: string
  readonly met: boolean
}

export interface Options {
  /** Fewer rounds and smaller ledgers: a look while working, no figure to be shown. */
  readonly short: boolean
  /** Says more than belongs into the table. */
  readonly say: (line: string) => void
}

export interface Part {
  readonly name: string
  readonly about: string
  run(options: Options): Promise<Row[]>
}

export const atLeast = (value: number, least: number, text: string): Aim => ({
  text: `≥ ${text}`,
  met: value >= least,
})

export const atMost = (value: number, most: number, text: string): Aim => ({
  text: `≤ ${text}`,
  met: value <= most,
})
