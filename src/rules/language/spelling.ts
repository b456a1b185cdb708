/**
 * CEL's names have ASCII letters only, people's questions do not: `fields.teléfono` is read as `fields["teléfono"]`. Lengths change by
 * that, so places of the one text are told in the other.
 */
export interface Spelled {
  readonly text: string
  /** The place in what the author wrote. */
  place(at: number): number
}

/** Text in quotes, or a name behind a dot. Quotes come first, so that a dot inside of them is none. */
const pieces = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\.([\p{L}_][\p{L}\p{M}\p{N}_]*)/gu

export function spelled(written: string): Spelled {
  const added: { readonly at: number; readonly length: number }[] = []
  let grown = 0
  const text = written.normalize('NFC').replace(pieces, (whole, name: string | undefined, at: number) => {
    if (name === undefined || /^\w+$/.test(name)) return whole
    const made = `["${name}"]`
    grown += made.length - whole.length
    added.push({ at: at + grown, length: made.length - whole.length })
    return made
  })
  const place = (at: number) => added.reduce((sum, one) => (at >= one.at ? sum - one.length : sum), at)
  return { text, place: at => Math.max(0, place(at)) }
}
