import type { Side } from '../execution/fill.ts'
import type { MarketOrder } from '../execution/order.ts'
import type { BarSeries } from '../market/series.ts'
import type { EpochMs } from '../market/time.ts'
import type { Strategy } from '../strategy/strategy.ts'
import type { DecisionLog } from './decisionLog.ts'

/** Candle `i` of `bars`, what decided on it, and where the decision stands. */
interface Decided {
  readonly strategy: Strategy
  readonly decisions: DecisionLog
  readonly bars: BarSeries
  readonly i: number
}

/** What a decision orders. The reason is told when somebody reads it, from the log: most of a backtest's never are. */
export class DecidedOrder implements MarketOrder {
  readonly side: Side
  readonly quantity: number
  readonly candleTime: EpochMs
  readonly #decided: Decided

  constructor(side: Side, quantity: number, decided: Decided) {
    this.side = side
    this.quantity = quantity
    this.candleTime = decided.bars.time[decided.i] as EpochMs
    this.#decided = decided
  }

  get reason(): string {
    const { strategy, decisions, bars, i } = this.#decided
    const { isLong, stance } = decisions.at(i)
    return strategy.explain(bars, i, isLong, stance).reason
  }
}
