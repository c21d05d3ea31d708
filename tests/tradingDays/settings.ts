import type { TraderSettings } from '../../src/ports/traders.ts'
import { DEFAULT_SETTINGS } from '../../src/trading/settings.ts'

export const SHARES = 10

/** Many trades a day, with a stop so near that it is often reached, and limits that a calm day does not meet. */
export const DAY_SETTINGS: TraderSettings = {
  ...DEFAULT_SETTINGS,
  size: '1m',
  sizing: { kind: 'shares', shares: SHARES },
  strategy: {
    ...DEFAULT_SETTINGS.strategy,
    ...{ ties: 'any', left: 1, right: 1, length: 3, protectiveStopPct: 0.25 },
  },
  limits: {
    ...DEFAULT_SETTINGS.limits,
    ...{ maxPosition: SHARES, ordersPerDay: 400, entriesPerDay: 200 },
    roundTripsBeforeReducing: 60,
  },
}
