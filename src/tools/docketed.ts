#!/usr/bin/env node
import { carryOut } from './line.ts'
import { terminal } from './terminal.ts'

/** The command line on this machine: `npx docketed help`. */

process.exitCode = await carryOut(process.argv.slice(2), terminal)
