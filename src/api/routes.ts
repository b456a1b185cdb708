import { auditRoutes } from './access/audit.ts'
import { tokenRoutes } from './access/tokens.ts'
import { clioRoutes } from './clio/read.ts'
import { recordRoutes } from './clio/records.ts'
import { configRoutes } from './config.ts'
import { connectionRoutes } from './connections.ts'
import { channelRoutes } from './endpoints/channels.ts'
import { endpointRoutes } from './endpoints/endpoints.ts'
import { trialRoutes } from './endpoints/trial.ts'
import { firmRoutes } from './firms.ts'
import { keepingRoutes } from './keeping.ts'
import { metricsRoutes } from './metrics/metrics.ts'
import { runRoutes } from './runs.ts'
import { slackRoutes } from './slack.ts'
import type { Route } from './table.ts'

/** Every call of the API, with who may make it. The app is built from this table, and so are its test and its description. */
export const routes: readonly Route[] = [
  ...configRoutes,
  ...runRoutes,
  ...keepingRoutes,
  ...endpointRoutes,
  ...channelRoutes,
  ...trialRoutes,
  ...clioRoutes,
  ...recordRoutes,
  ...tokenRoutes,
  ...auditRoutes,
  ...firmRoutes,
  ...connectionRoutes,
  ...metricsRoutes,
  ...slackRoutes,
]
