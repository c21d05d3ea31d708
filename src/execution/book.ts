import type { EpochMs } from '../market/time.ts'
import type { Fill } from './fill.ts'
import { RoundTrip } from './roundTrip.ts'
import type { Range } from './tape.ts'
import type { OpenTrade, Trade } from './trade.ts'

/** What there was from the close of candle `from` on, until the next one. */
export interface Balance {
  readonly from: number
  readonly cash: number
  readonly shares: number
}

/**
 * The account: cash, shares, closed trades and what they cost. Made of fills alone. Reasons are kept as they are given:
 * texts, or what tells them later.
 */
export class Book<Reason = string> {
  readonly trades: Trade<Reason>[] = []
  /** The first one, and one after each fill. */
  readonly balances: Balance[]
  /** Shares. */
  held = 0
  commissions = 0
  slippageCost = 0
  /** Σ price × quantity of every fill. */
  traded = 0
  /** The least that cash ever was: below 0 the account was in debt. */
  leastCash: number
  #cash: number
  #trip: RoundTrip<Reason> | null = null

  constructor(initialCash: number) {
    this.#cash = this.leastCash = initialCash
    this.balances = [{ from: 0, cash: initialCash, shares: 0 }]
  }

  /** Cash, and the shares at `price`. */
  equityAt(price: number): number {
    return this.#cash + this.held * price
  }

  /** Takes in a fill in candle `i`, with the reason of its order. */
  apply(fill: Fill, reason: Reason, i: number): void {
    const isBuy = fill.side === 'buy'
    const value = fill.price * fill.quantity
    this.#cash += (isBuy ? -value : value) - fill.commission
    if (this.#cash < this.leastCash) this.leastCash = this.#cash
    this.held += isBuy ? fill.quantity : -fill.quantity
    this.balances.push({ from: i, cash: this.#cash, shares: this.held })
    this.commissions += fill.commission
    this.slippageCost += fill.slippage
    this.traded += value
    this.#trip ??= new RoundTrip(fill.time, reason, i)
    this.#trip.apply(fill)
    if (this.held === 0) this.#close(fill.time, reason, i)
  }

  /** Prices in this range were seen since the last fill. */
  watch(range: Range): void {
    this.#trip?.watch(range)
  }

  /** What is still held, marked to `price` at candle `i`. */
  openTrade(time: EpochMs, price: number, i: number): OpenTrade<Reason> | null {
    return this.#trip?.open(time, price, i) ?? null
  }

  #close(time: EpochMs, reason: Reason, i: number): void {
    this.trades.push(this.#trip!.closed(time, reason, i))
    this.#trip = null
  }
}
