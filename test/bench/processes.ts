import { readdirSync, readFileSync } from 'node:fs'

/** What Linux tells of processes in /proc; elsewhere nothing is known, and nothing is measured. */

export interface Process {
  readonly pid: number
  readonly name: string
}

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const ticks = 100

interface Stat extends Process {
  readonly parent: number
  readonly ticks: number
}

/** @source man 5 proc_pid_stat: pid (comm) state ppid … utime (14) stime (15) */
function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? []
    const fields = rest.split(' ')
    return { pid, name, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return null
  }
}

/** Every process below this one. */
export function descendants(): Process[] {
  const all = pids()
    .map(statOf)
    .filter(stat => stat !== null)
  const below = (pid: number): Stat[] =>
    all.filter(({ parent }) => parent === pid).flatMap(stat => [stat, ...below(stat.pid)])
  return below(process.pid)
}

function pids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Bytes of memory that they have at the moment. @source man 5 proc_pid_status: VmRSS in KiB */
export function memory(of: readonly number[]): number {
  const resident = (pid: number): number => {
    try {
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    } catch {
      return 0
    }
  }
  return of.reduce((sum, pid) => sum + resident(pid), 0) * 1024
}

/** Seconds of processor time, of all threads. */
export function cpuSeconds(of: readonly number[]): number {
  return of.reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0), 0) / ticks
}
