import type { Command } from '../command.ts'
import { discard, resume, undo } from './acts.ts'
import { check } from './check.ts'
import { clio, write } from './clio.ts'
import { connect } from './connect.ts'
import { diff } from './diff.ts'
import { doctor } from './doctor.ts'
import { init } from './init.ts'
import { preview } from './preview.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { runs } from './runs.ts'
import { secret } from './secret.ts'
import { send } from './send.ts'
import { slackManifest } from './slack-manifest.ts'
import { tail } from './tail.ts'
import { firms } from './tenancy/firms.ts'
import { eraseFirm, exportFirm, holdFirm, importFirm, moveFirm } from './tenancy/whole.ts'

/** Every command, in the order in which they are met. */
export const commands: readonly Command[] = [
  init,
  check,
  diff,
  push,
  pull,
  connect,
  secret,
  send,
  preview,
  runs,
  tail,
  resume,
  discard,
  undo,
  clio,
  write,
  slackManifest,
  doctor,
  firms,
  holdFirm,
  exportFirm,
  importFirm,
  moveFirm,
  eraseFirm,
]
