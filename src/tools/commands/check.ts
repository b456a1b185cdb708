import { type Asked, type Command, exit, paint, result } from '../command.ts'
import { type Document, documentsAt, type Verdict, verdictOn } from '../documents.ts'

export const check: Command = {
  name: 'check',
  usage: '<file or folder> …',
  summary: 'checks documents as saving does, without a network',
  words: [1, Number.POSITIVE_INFINITY],
  options: { strict: { type: 'boolean', help: 'a warning is a fault too' } },
  run: async asked => {
    const judged = judge(documentsAt(asked.words))
    const faulty = judged.filter(
      ({ errors, warnings }) => errors.length > 0 || (asked.flag('strict') && warnings.length > 0),
    )
    result(
      asked,
      judged.map(({ text: _, ...rest }) => rest),
      () => {
        for (const one of judged) tell(asked, one)
        const good = judged.length - faulty.length
        asked.say(`${good} of ${judged.length} document${judged.length === 1 ? '' : 's'} can be saved.`)
      },
    )
    return faulty.length > 0 ? exit.bad : exit.good
  },
}

export type Judged = Document & Verdict

export const judge = (documents: readonly Document[]): Judged[] =>
  documents.map(one => ({ ...one, ...verdictOn(one.text) }))

/** What is to be said of a document, a line each. */
export function tell(asked: Asked, { file, errors, warnings }: Judged): void {
  const line = (word: string, { path, message }: { path: string; message: string }) =>
    asked.say(`${file}: ${word}: ${path === '' ? '' : `${path}: `}${message}`)
  for (const one of errors) line(paint(asked, 'red', 'error'), one)
  for (const one of warnings) line(paint(asked, 'yellow', 'warning'), one)
}
