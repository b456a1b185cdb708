import { rmSync, writeFileSync } from 'node:fs'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A file that only its owner may read, as long as `work` runs: it is gone also when somebody stops it with Ctrl-C. */
export async function lend<T>(file: string, text: string, work: (file: string) => Promise<T>): Promise<T> {
  const remove = () => rmSync(file, { force: true })
  const stop = () => process.exit(1)
  process.once('exit', remove)
  for (const signal of signals) process.once(signal, stop)
  // What an earlier one left may be open to others.
  remove()
  writeFileSync(file, text, { mode: 0o600 })
  try {
    return await work(file)
  } finally {
    remove()
    process.off('exit', remove)
    for (const signal of signals) process.off(signal, stop)
  }
}
