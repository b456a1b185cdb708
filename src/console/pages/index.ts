import type { Page } from '../visit.ts'
import { caughtPages } from './caught.ts'
import { endpointsPages } from './endpoints.ts'
import { firmPages } from './firm.ts'
import { firmsPages } from './firms.ts'
import { rulesPages } from './rules.ts'
import { runPages } from './run.ts'
import { runsPages } from './runs.ts'
import { settingsPages } from './settings.ts'
import { undoPages } from './undo.ts'

/** Every page of the console, in the order in which a firm's stand in the bar. */
export const pages: readonly Page[] = [
  ...firmsPages,
  ...firmPages,
  ...runsPages,
  ...runPages,
  ...undoPages,
  ...endpointsPages,
  ...caughtPages,
  ...rulesPages,
  ...settingsPages,
]
