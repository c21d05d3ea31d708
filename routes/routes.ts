import type { Operation } from '../openapi/operation.ts'
import { accountRoutes } from './account.ts'
import { auditRoutes } from './audit.ts'
import { backfillRoutes } from './backfills.ts'
import { backtestPartRoutes } from './backtestParts.ts'
import { backtestPictureRoutes } from './backtestPictures.ts'
import { backtestRoutes } from './backtests.ts'
import { barRoutes } from './bars.ts'
import { candleRoutes } from './candles.ts'
import { coverageRoutes } from './coverage.ts'
import { decisionRoutes } from './decisions.ts'
import { deliveryRoutes } from './deliveries.ts'
import type { AppDeps } from './deps.ts'
import { documentationRoutes } from './documentation.ts'
import { eventRoutes } from './events.ts'
import { executionRoutes } from './executions.ts'
import { gatewayRoutes } from './gateway.ts'
import { healthRoutes } from './health.ts'
import { importRoutes } from './imports.ts'
import { instrumentRoutes } from './instruments.ts'
import { jobRoutes } from './jobs.ts'
import { metricsRoutes } from './metrics.ts'
import { orderRoutes } from './orders.ts'
import { parityRoutes } from './parity.ts'
import { positionRoutes } from './positions.ts'
import { quarantineRoutes } from './quarantine.ts'
import { revisionRoutes } from './revisions.ts'
import type { Route } from './route.ts'
import { storageRoutes } from './storage.ts'
import { tokenRoutes } from './tokens.ts'
import { traderRoutes } from './trader.ts'
import { tradeRoutes } from './trades.ts'
import { webhookRoutes } from './webhooks.ts'

/** Every route. The document is made from these, so none can be missing in it. */
export function routesOf(deps: AppDeps): Route[] {
  const routes = [
    ...instrumentRoutes(deps),
    ...barRoutes(deps),
    ...importRoutes(deps),
    ...candleRoutes(deps),
    ...coverageRoutes(deps),
    ...quarantineRoutes(deps),
    ...revisionRoutes(deps),
    ...backfillRoutes(deps),
    ...backtestRoutes(deps),
    ...backtestPartRoutes(deps),
    ...backtestPictureRoutes(deps),
    ...eventRoutes(deps),
    ...webhookRoutes(deps),
    ...deliveryRoutes(deps),
    ...positionRoutes(deps),
    ...orderRoutes(deps),
    ...executionRoutes(deps),
    ...tradeRoutes(deps),
    ...accountRoutes(deps),
    ...traderRoutes(deps),
    ...decisionRoutes(deps),
    ...parityRoutes(deps),
    ...gatewayRoutes(deps),
    ...jobRoutes(deps),
    ...storageRoutes(deps),
    ...healthRoutes(deps),
    ...metricsRoutes(deps),
    ...tokenRoutes(deps),
    ...auditRoutes(deps),
  ]
  return [...routes, ...documentationRoutes(deps.version, operationsOf(routes))]
}

export const operationsOf = (routes: readonly Route[]): Operation[] =>
  routes.map(({ operation }) => operation)
