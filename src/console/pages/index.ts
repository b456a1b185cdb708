import { caughtPages } from '../set-up/caught.ts'
import { endpointsPages } from '../set-up/endpoints.ts'
import { rulesPages } from '../set-up/rules.ts'
import { settingsPages } from '../set-up/settings.ts'
import type { Page } from '../visit.ts'
import { firmPages } from './firm.ts'
import { firmsPages } from './firms.ts'
import { runPages } from './run.ts'
import { runsPages } from './runs.ts'
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
