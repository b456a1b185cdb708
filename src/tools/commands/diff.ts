import { type Command, exit, result } from '../command.ts'
import { difference } from '../difference.ts'
import { documentsAt } from '../documents.ts'
import { several } from '../several.ts'
import { stored, workerOf } from '../worker.ts'

export const diff: Command = {
  name: 'diff',
  usage: '<file or folder> …',
  summary: 'what differs from the stored documents; exit code 1 when something does',
  words: [1, Number.POSITIVE_INFINITY],
  options: { firm: { type: 'string', help: "the firm, where the file's name is not the firm's" } },
  run: async asked => {
    const documents = documentsAt(asked.words, asked.option('firm'))
    const reach = workerOf(asked)
    const compared = await several(documents, async one => ({ ...one, before: await stored(reach, one.firm) }))
    const differing = compared.filter(({ text, before }) => before?.text !== text)
    result(
      asked,
      differing.map(({ firm, file, before }) => ({ firm, file, stored: before !== null })),
      () => {
        for (const { firm, text, before } of differing) {
          asked.say(before === null ? `${firm}: nothing is stored` : `${firm}:`)
          if (before !== null) for (const line of difference(asked, before.text, text)) asked.say(line)
        }
        asked.say(`${differing.length} of ${documents.length} differ.`)
      },
    )
    return differing.length > 0 ? exit.bad : exit.good
  },
}
