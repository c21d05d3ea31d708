import { type Clock, type EpochMs, SECOND_MS } from './market/time.ts'
import type { Reading } from './ports/metrics.ts'
import type { Stores } from './ports/stores.ts'
import { uncovered } from './trading/protection.ts'

export interface TradingReadingDeps {
  readonly stores: Stores
  readonly market: Clock
  readonly running: { readonly standing: { readonly reconciledAt: EpochMs | null } | null }
}

/** What should worry whoever trades, as figures: all of them are 0, or small, when all is well. */
export const tradingReadings = (deps: TradingReadingDeps): Reading[] => [
  {
    name: 'reconcile_age_seconds',
    help: "Market time since the broker's books were last equal to ours; only where the trader runs.",
    async read() {
      const at = deps.running.standing?.reconciledAt ?? null
      return at === null ? null : (deps.market.now() - at) / SECOND_MS
    },
  },
  {
    name: 'unresolved_intents',
    help: 'Orders whose fate nobody can tell.',
    read: async () => (await deps.stores.intents.open()).filter(({ state }) => state === 'unresolved').length,
  },
  {
    name: 'naked_seconds',
    help: 'For how long a position has been without a stop at the broker that covers it; 0 when it has one.',
    read: () => nakedSeconds(deps),
  },
  {
    name: 'outbox_age_seconds',
    help: 'Market time since the oldest event that a webhook is still to be told; 0 when all are told.',
    async read() {
      const oldest = await deps.stores.webhooks.oldestUntold()
      return oldest === null ? 0 : (deps.market.now() - oldest) / SECOND_MS
    },
  },
  {
    name: 'webhook_deliveries_pending',
    help: 'Events that are still to be delivered.',
    async read() {
      const endpoints = await deps.stores.webhooks.list({ limit: MOST_ENDPOINTS })
      return endpoints.reduce((sum, { pending }) => sum + pending, 0)
    },
  },
]

const MOST_ENDPOINTS = 1_000

async function nakedSeconds({ stores, market }: TradingReadingDeps): Promise<number> {
  const trader = await stores.traders.find()
  if (trader === null) return 0
  const held = await stores.executions.position(trader.settings.symbol)
  if (uncovered(held, await stores.intents.open()) === 0) return 0
  const [newest] = await stores.executions.list({ limit: 1 })
  return newest === undefined ? 0 : (market.now() - newest.bookedAt) / SECOND_MS
}
