import type { MarketOrder } from '../execution/order.ts'
import { candleClose } from '../market/candleClose.ts'
import type { CandleGrid } from '../market/resample.ts'
import { isoInstant } from '../market/time.ts'
import { candlesNeeded } from '../strategy/pivotBreakout.ts'
import type { BacktestRequest } from './request.ts'

/** What a reader of the results must know, one sentence each. */
export function warningsOf(request: BacktestRequest, candles: number, pending: MarketOrder | null): string[] {
  const { strategy, execution } = request
  const warnings = ['Prices only: dividends are in neither the strategy nor buy and hold.']
  if (execution.fill === 'close') {
    warnings.unshift('Optimistic: fills are at the very close that the decision is taken on.')
  }
  if (candles < candlesNeeded(strategy)) {
    warnings.push(
      `No decision is possible: ${candles} candles, of ${candlesNeeded(strategy)} that are needed.`,
    )
  }
  if (pending !== null) warnings.push(pendingWarning(request, pending))
  return warnings
}

const pendingWarning = (grid: CandleGrid, { side, candleTime }: MarketOrder): string =>
  `The decision of ${isoInstant(candleClose(grid, candleTime))} to ${side} is pending: nothing follows to fill it on.`
