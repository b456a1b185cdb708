import { styleText } from 'node:util'
import { isObject, type JsonObject } from '../lib/json.ts'

/** What every command of `docketed` has in common: what it is given, what it may reach, and how it ends. */

/** How a command ends; CI reads it. */
export const exit = {
  good: 0,
  /** What was asked about is not as it should be: a faulty document, a difference, an assumption that does not hold. */
  bad: 1,
  /** The command was not understood. */
  usage: 2,
  /** The Worker, the gateway or the disk refused, or could not be reached. */
  failed: 3,
} as const

export type Exit = (typeof exit)[keyof typeof exit]

/** What a command reaches of the world. */
export interface Io {
  readonly fetch: typeof fetch
  /** The environment: DOCKETED_URL, DOCKETED_TOKEN and their kind. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a person looks on: colours, and progress on long work. */
  readonly terminal: boolean
  /** A line of the result. */
  say(line: string): void
  /** A line beside the result: remarks, questions, progress that stays. */
  note(line: string): void
  /** Replaces itself, and only where a person looks on; '' takes it away. */
  progress(line: string): void
  /** null: nobody is there to answer. */
  ask(question: string): Promise<string | null>
  /** All of the standard input. */
  input(): Promise<string>
  sleep(ms: number): Promise<void>
  /** ms since the epoch. */
  now(): number
}

export interface Asked extends Io {
  readonly words: readonly string[]
  /** The option of that name; undefined when it was not given. */
  option(name: string): string | undefined
  flag(name: string): boolean
}

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** One line for people. */
  readonly help: string
}

export interface Command {
  readonly name: string
  /** What follows the name: `<firm> [file]`. */
  readonly usage: string
  /** One line for people. */
  readonly summary: string
  /** How many words it wants: at least, at most. */
  readonly words: readonly [number, number]
  readonly options: Readonly<Record<string, Option>>
  /** @throws Failed */
  run(asked: Asked): Promise<Exit>
}

/** What went wrong, in words for the person who typed the command. */
export class Failed extends Error {
  readonly exit: Exit
  constructor(message: string, code: Exit = exit.failed) {
    super(message)
    this.exit = code
  }
}

export type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold'

/** Coloured where a person looks on; NO_COLOR (https://no-color.org) is heeded. */
export function paint({ terminal, env }: Pick<Io, 'terminal' | 'env'>, colour: Colour, text: string): string {
  return terminal && !env.NO_COLOR ? styleText(colour, text, { validateStream: false }) : text
}

/** The result as JSON with `--json`, else in words. */
export function result(asked: Asked, value: object, words: () => void): void {
  if (asked.flag('json')) asked.say(JSON.stringify(value, null, 2))
  else words()
}

/** What editors on Windows put before a text. */
export const bom = /^\uFEFF/

/** An object of JSON that a person wrote. @param wanted what to say when it is none @throws Failed */
export function objectIn(text: string, wanted: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text.replace(bom, ''))
    if (isObject(value)) return value
  } catch {
    // Said below.
  }
  throw new Failed(wanted, exit.usage)
}

/**
 * Yes, when `--yes` was given or a person says so; a no is told with what was left alone.
 * @throws Failed when nobody is there to ask
 */
export async function agreed(asked: Asked, question: string, left = 'Nothing was changed.'): Promise<boolean> {
  if (asked.flag('yes')) return true
  const answer = await asked.ask(`${question} [y/N] `)
  if (answer === null)
    throw new Failed('Nobody is there to ask. Give --yes to go ahead without a question.', exit.usage)
  const agrees = /^y(es)?$/i.test(answer.trim())
  if (!agrees) asked.note(left)
  return agrees
}

export const yes: Option = { type: 'boolean', short: 'y', help: 'go ahead without a question' }
