import { parseArgs } from 'node:util'
import { nearest } from '../lib/text/nearest.ts'
import { version } from '../version.ts'
import { type Command, type Exit, exit, Failed, type Io, type Option, paint } from './command.ts'
import { commands } from './commands/index.ts'

/** The command line: which command is meant, with what, and how it ends. */

/** Options of every command. */
export const common: Readonly<Record<string, Option>> = {
  url: { type: 'string', help: 'the address of the Worker; else DOCKETED_URL' },
  token: {
    type: 'string',
    help: 'the admin token or one of the firm; better in DOCKETED_TOKEN: the line stands in the shell’s history',
  },
  json: { type: 'boolean', help: 'the result as JSON' },
  help: { type: 'boolean', short: 'h', help: 'this help' },
}

/** Carries out one command line, and answers its exit code. Never throws for what a person did wrong. */
export async function carryOut(args: readonly string[], io: Io): Promise<Exit> {
  const [name = 'help', ...rest] = args
  if (['help', '--help', '-h'].includes(name)) return help(rest, io)
  if (['version', '--version', '-v'].includes(name)) {
    io.say(version)
    return exit.good
  }
  try {
    const command = commandNamed(name)
    const { values, positionals } = read(command, rest)
    if (values.help) return help([name], io)
    const [least, most] = command.words
    if (positionals.length < least || positionals.length > most)
      throw new Failed(`Write: npx docketed ${command.name} ${command.usage}`, exit.usage)
    const value = (option: string) => values[option]
    return await command.run({
      ...io,
      words: positionals,
      option: option => {
        const given = value(option)
        return typeof given === 'string' ? given : undefined
      },
      flag: option => value(option) === true,
    })
  } catch (cause) {
    io.progress('')
    if (!(cause instanceof Failed) && !isOfDisk(cause)) throw cause
    io.note(`${paint(io, 'red', 'docketed')}: ${said(cause)}`)
    return cause instanceof Failed ? cause.exit : exit.failed
  }
}

/** A file that is not there or may not be read. */
function isOfDisk(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause
}

/** Node's own words name what else is wrong with a file. */
const said = (cause: NodeJS.ErrnoException): string =>
  cause.code === 'ENOENT' && cause.path !== undefined ? `There is no file ${cause.path}.` : cause.message

function commandNamed(name: string): Command {
  const found = commands.find(command => command.name === name)
  if (found) return found
  const near = nearest(
    name,
    commands.map(command => command.name),
  )
  const hint = near === null ? 'npx docketed help lists all.' : `Did you mean '${near}'?`
  throw new Failed(`There is no command '${name}'. ${hint}`, exit.usage)
}

function read(command: Command, args: readonly string[]) {
  const options = { ...common, ...command.options }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw new Failed(
      `${cause instanceof Error ? cause.message.split('. ')[0] : cause}. See: npx docketed help ${command.name}`,
      exit.usage,
    )
  }
}

function help([name]: readonly string[], io: Io): Exit {
  const command = commands.find(each => each.name === name)
  if (command) {
    io.say(`docketed ${command.name} ${command.usage}\n`)
    io.say(`  ${command.summary}\n`)
    for (const [option, { type, short, help: words }] of Object.entries({ ...command.options, ...common }))
      io.say(`  ${`--${option}${type === 'string' ? ' …' : ''}${short ? `, -${short}` : ''}`.padEnd(16)} ${words}`)
    return exit.good
  }
  io.say('docketed <command>\n')
  for (const each of commands) io.say(`  ${paint(io, 'bold', each.name.padEnd(15))} ${each.summary}`)
  io.say(
    '\n  npx docketed help <command> tells the rest. Exit codes: 0 good, 1 not as it should be, 2 not understood, 3 refused',
  )
  io.say('  or unreachable. The Worker: DOCKETED_URL and DOCKETED_TOKEN, or --url and --token.')
  return name === undefined ? exit.good : exit.usage
}
