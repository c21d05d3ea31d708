import type { Engine } from '../engine/engine.ts'
import type { Book } from '../execution/book.ts'
import type { MarketOrder } from '../execution/order.ts'
import { candleClose } from '../market/candleClose.ts'
import type { CandleGrid } from '../market/resample.ts'
import { isoInstant } from '../market/time.ts'
import { candlesNeeded } from '../strategy/pivotBreakout.ts'
import type { BacktestRequest } from './request.ts'

/** What a reader of the results must know, one sentence each. */
export function warningsOf(
  request: BacktestRequest,
  candles: number,
  { decisions, pending }: Pick<Engine, 'decisions' | 'pending'>,
  { leastCash }: Pick<Book<unknown>, 'leastCash'>,
): string[] {
  const { strategy, execution, sizing } = request
  const warnings = ['Prices only: dividends are in neither the strategy nor buy and hold.']
  if (execution.fill === 'close') {
    warnings.unshift('Optimistic: fills are at the very close that the decision is taken on.')
  }
  if (candles < candlesNeeded(strategy)) {
    warnings.push(
      `No decision is possible: ${candles} candles, of ${candlesNeeded(strategy)} that are needed.`,
    )
  }
  const tooSmall = decisions.countOf('size')
  if (tooSmall > 0) warnings.push(`Entries that the equity could not buy a share for: ${tooSmall}.`)
  // A part of the equity is short by what a price moves to its fill at most, as F4 says.
  if (sizing.kind === 'shares' && leastCash < 0) warnings.push(debtWarning(-leastCash))
  if (pending !== null) warnings.push(pendingWarning(request, pending))
  return warnings
}

const debtWarning = (most: number): string =>
  `The shares cost more than there was: the account owed up to ${most.toFixed(2)}, at no interest here.`

const pendingWarning = (grid: CandleGrid, { side, candleTime }: MarketOrder): string =>
  `The decision of ${isoInstant(candleClose(grid, candleTime))} to ${side} is pending: nothing follows to fill it on.`
