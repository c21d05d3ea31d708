import { candleClose, tradableFrom } from '../market/candleClose.ts'
import type { CandleGrid } from '../market/resample.ts'
import { type EpochMs, plus } from '../market/time.ts'
import { Commissions } from './costs.ts'
import type { Fill, Side } from './fill.ts'
import type { MarketOrder, StopOrder } from './order.ts'
import type { ExecutionParameters } from './parameters.ts'
import { slippedPrice } from './slippage.ts'
import {
  firstSecond,
  type Market,
  type Print,
  type Range,
  rangeOf,
  rangeSince,
  stopPrint,
  tapeOf,
} from './tape.ts'

/** A fill, and the order that it is of. */
export interface Match {
  readonly fill: Fill
  readonly order: MarketOrder | StopOrder
}

/** One account's market order and resting stop, matched candle by candle (strategy, F1-F3 and P7). */
export class Matching {
  #order: MarketOrder | null = null
  #stop: StopOrder | null = null
  /** Prices before this instant can no longer trigger the stop. */
  #passed = Number.NEGATIVE_INFINITY
  readonly #market: Market
  readonly #grid: CandleGrid
  readonly #rules: ExecutionParameters
  readonly #commissions: Commissions

  /** Throws a RangeError when fills are to lie on seconds and there are none. */
  constructor(market: Market, grid: CandleGrid, rules: ExecutionParameters) {
    if (rules.fill === 'second' && market.seconds === null) throw new RangeError('no seconds to fill on')
    this.#market = market
    this.#grid = grid
    this.#rules = rules
    this.#commissions = new Commissions(rules.commission)
  }

  /** Whether there is nothing to match. */
  get isIdle(): boolean {
    return this.#order === null && this.#stop === null
  }

  /** Takes an order at the market's price; there is one at a time. */
  trade(order: MarketOrder): void {
    this.#order = order
  }

  /** Rests a stop in the place of an earlier one; null takes it back. */
  rest(order: StopOrder | null): void {
    this.#stop = order
  }

  /** The next fill before the close of candle `i`: to be asked, and each fill heeded, until there is none. */
  within(i: number): Match | null {
    if (this.isIdle) return null
    const due = this.#order && this.#dueIn(i, this.#order)
    return this.#stopped(i, due?.time ?? Number.POSITIVE_INFINITY) ?? (due && this.#filled(due))
  }

  /** The fill at the close of candle `i`, where the deciding candle's close is the price. */
  atClose(i: number): Match | null {
    if (this.#rules.fill !== 'close' || this.#order === null) return null
    const { time, close } = this.#market.candles
    return this.#filled({ time: time[i] as EpochMs, price: close[i]! })
  }

  /** The prices of candles `from` <= i < `to`, which closed without a fill: of the first those since the last fill. */
  seenIn(from: number, to: number): Range {
    const { candles } = this.#market
    if (this.#passed <= candles.time[from]!) return rangeOf(candles, from, to)
    const first = rangeSince(tapeOf(this.#market, this.#grid, from), this.#passed)
    const others = rangeOf(candles, from + 1, to)
    return { low: Math.min(first.low, others.low), high: Math.max(first.high, others.high) }
  }

  /** The market's price for an order that comes due before the close of candle `i`. */
  #dueIn(i: number, { candleTime }: MarketOrder): Print | null {
    const { candles, seconds } = this.#market
    const time = candles.time[i] as EpochMs
    switch (this.#rules.fill) {
      case 'open':
        return { time, price: candles.open[i]! }
      case 'close':
        return null
      case 'second': {
        const dueAt = plus(tradableFrom(this.#grid, candleTime), this.#rules.latencyMs)
        const print = firstSecond(seconds!, this.#grid.session, dueAt)
        return print && print.time < candleClose(this.#grid, time) ? print : null
      }
    }
  }

  #filled(print: Print): Match {
    const order = this.#order!
    this.#order = null
    this.#passed = print.time
    return { fill: this.#execution(order.side, order.quantity, print), order }
  }

  /** A sale by the stop before `dueAt`. Whatever else was to sell the position has nothing left to sell. */
  #stopped(i: number, dueAt: number): Match | null {
    const { candles } = this.#market
    const order = this.#stop
    if (order === null || candles.low[i]! > order.stop) return null
    const print = stopPrint(tapeOf(this.#market, this.#grid, i), order.stop, this.#passed, dueAt)
    if (print === null) return null
    this.#order = this.#stop = null
    const time = this.#rules.fill === 'second' ? print.time : (candles.time[i] as EpochMs)
    return { fill: this.#execution('sell', order.quantity, { ...print, time }), order }
  }

  #execution(side: Side, quantity: number, { time, price: market }: Print): Fill {
    const price = slippedPrice(side, market, this.#rules, this.#market.minTick)
    const commission = this.#commissions.charge({ time, side, quantity, price })
    return { time, side, quantity, price, commission, slippage: Math.abs(price - market) * quantity }
  }
}
