import { type Command, exit, Failed } from '../command.ts'
import { ask, checked, firmPath, workerOf } from '../worker.ts'

export const secret: Command = {
  name: 'secret',
  usage: '<firm> <NAME>',
  summary: 'stores a secret of the firm, read from the standard input; --forget removes it',
  words: [2, 2],
  options: { forget: { type: 'boolean', help: 'removes it' } },
  run: async asked => {
    const [firm, name] = asked.words
    const reach = workerOf(asked)
    const path = firmPath(firm!, `/secrets/${encodeURIComponent(name!)}`)
    if (asked.flag('forget')) {
      await checked(await ask(reach, 'DELETE', path))
      asked.say(`${name} is forgotten.`)
      return exit.good
    }
    // Never an argument: those stand in the shell's history, and every user of the machine sees them.
    const value = (await asked.input()).replace(/\r?\n$/, '')
    if (value === '') throw new Failed(`Nothing came in. Write: npx docketed secret ${firm} ${name} < file`, exit.usage)
    await checked(await ask(reach, 'PUT', path, value))
    asked.say(`${name} is stored. Nobody can read it back.`)
    return exit.good
  },
}
