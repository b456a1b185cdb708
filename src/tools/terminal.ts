import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import type { Io } from './command.ts'

const { stdin, stdout, stderr, env } = process
const clear = () => void (stderr.isTTY && stderr.write('\r\u001b[K'))

/** This machine, with whoever sits at it. */
export const terminal: Io = {
  fetch,
  env,
  terminal: stdout.isTTY === true,
  say: line => {
    clear()
    stdout.write(`${line}\n`)
  },
  note: line => {
    clear()
    stderr.write(`${line}\n`)
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
