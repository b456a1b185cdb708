import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import type { Io } from './command.ts'

const { stdin, stdout, stderr, env } = process
const clear = () => void (stderr.isTTY && stderr.write('\r\u001b[K'))

/** Signs that would steer a terminal, or turn its words around. A sender may write them into what is shown. */
const steering = /[^\P{Cc}\t\n]|\p{Bidi_Control}/gu
const esc = String.fromCharCode(27)
/** Behind an escape: a colour, as ours are. */
const colour = /^\[[\d;]{0,9}m/

/** A line as a person may see it. */
export const steady = (line: string): string =>
  line.replace(steering, (sign, at: number) => (sign === esc && colour.test(line.slice(at + 1, at + 12)) ? sign : ''))

const seen = (line: string, { isTTY }: { isTTY: boolean }) => (isTTY ? steady(line) : line)

/** This machine, with whoever sits at it. */
export const terminal: Io = {
  fetch,
  env,
  terminal: stdout.isTTY === true,
  say: line => {
    clear()
    stdout.write(`${seen(line, stdout)}\n`)
  },
  note: line => {
    clear()
    stderr.write(`${seen(line, stderr)}\n`)
  },
  progress: line => {
    clear()
    if (stderr.isTTY) stderr.write(line)
  },
  ask: async question => {
    if (!stdin.isTTY) return null
    const lines = createInterface({ input: stdin, output: stderr })
    try {
      return await lines.question(question)
    } finally {
      lines.close()
    }
  },
  input: () => text(stdin),
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  now: Date.now,
}
