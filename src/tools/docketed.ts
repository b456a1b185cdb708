#!/usr/bin/env node
import { carryOut } from './line.ts'
import { terminal } from './terminal.ts'

/** The command line on this machine: `npx docketed help`. */

// `docketed firms | head` has read enough.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause
  process.exit()
})

process.exitCode = await carryOut(process.argv.slice(2), terminal)
