import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { agreed, type Command, exit, Failed, result, yes } from '../command.ts'
import { difference } from '../difference.ts'
import { firmNamed } from '../documents.ts'
import { several } from '../several.ts'
import { stored, workerOf } from '../worker.ts'
import { allFirms } from './tenancy/firms.ts'

export const pull: Command = {
  name: 'pull',
  usage: '<folder> [firm …]',
  summary: 'writes the stored documents into a folder; without names, those of all firms',
  words: [1, Number.POSITIVE_INFINITY],
  options: { yes },
  run: async asked => {
    const reach = workerOf(asked)
    const [folder, ...named] = asked.words
    const firms = named.length > 0 ? named.map(firmNamed) : (await allFirms(reach)).map(({ id }) => id)
    const told = (done: number) => asked.progress(`read ${done} of ${firms.length}`)
    const read = await several(firms, async firm => ({ firm, config: await stored(reach, firm) }), told)
    asked.progress('')
    const missing = read.filter(({ config }) => config === null).map(({ firm }) => firm)
    if (named.length > 0 && missing.length > 0)
      throw new Failed(`No configuration is stored for ${missing.join(', ')}. Nothing was written.`)
    const found = read.flatMap(({ firm, config }) => (config ? [{ firm, text: config.text }] : []))
    const files = found.map(({ firm, text }) => {
      const file = join(folder!, `${firm}.jsonc`)
      return { firm, file, text, before: existsSync(file) ? readFileSync(file, 'utf8') : null }
    })
    const written = files.filter(({ text, before }) => text !== before)
    const replaced = written.filter(({ before }) => before !== null)
    if (replaced.length > 0 && !asked.flag('yes')) {
      for (const { file, text, before } of replaced) {
        asked.note(file)
        for (const line of difference(asked, before!, text)) asked.note(line)
      }
      const question = `Replace ${replaced.length} file${replaced.length === 1 ? '' : 's'}?`
      if (!(await agreed(asked, question, 'Nothing was written.'))) return exit.bad
    }
    mkdirSync(folder!, { recursive: true })
    for (const { file, text } of written) writeFileSync(file, text)
    result(asked, { written: written.map(({ file }) => file) }, () =>
      asked.say(`${written.length} written, ${files.length - written.length} as they were.`),
    )
    return exit.good
  },
}
