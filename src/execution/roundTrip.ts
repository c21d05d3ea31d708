import type { EpochMs } from '../market/time.ts'
import type { Fill } from './fill.ts'
import type { Range } from './tape.ts'
import type { OpenTrade, Trade } from './trade.ts'

/** Fills of one side: their shares and what these cost on average. */
interface Lot {
  readonly quantity: number
  readonly price: number
}

const NOTHING: Lot = { quantity: 0, price: 0 }

/** From the first share bought to the last one sold. Candles are told by their indexes. */
export class RoundTrip<Reason> {
  #bought = NOTHING
  #sold = NOTHING
  #commission = 0
  /** The lowest and the highest price while it was held. */
  #low = Number.POSITIVE_INFINITY
  #high = Number.NEGATIVE_INFINITY
  readonly #entryTime: EpochMs
  readonly #entryReason: Reason
  readonly #entryIndex: number

  constructor(entryTime: EpochMs, entryReason: Reason, entryIndex: number) {
    this.#entryTime = entryTime
    this.#entryReason = entryReason
    this.#entryIndex = entryIndex
  }

  apply(fill: Fill): void {
    if (fill.side === 'buy') this.#bought = enlarged(this.#bought, fill)
    else this.#sold = enlarged(this.#sold, fill)
    this.#commission += fill.commission
    this.watch({ low: fill.price, high: fill.price })
  }

  /** Prices in this range were seen while it was held. */
  watch({ low, high }: Range): void {
    if (low < this.#low) this.#low = low
    if (high > this.#high) this.#high = high
  }

  /** The trade that the last sale closes. */
  closed(exitTime: EpochMs, exitReason: Reason, exitIndex: number): Trade<Reason> {
    const [{ price: entryPrice, quantity }, { price: exitPrice }] = [this.#bought, this.#sold]
    const grossPnl = (exitPrice - entryPrice) * quantity
    const netPnl = grossPnl - this.#commission
    return {
      entryTime: this.#entryTime,
      entryPrice,
      entryReason: this.#entryReason,
      exitTime,
      exitPrice,
      exitReason,
      quantity,
      grossPnl,
      commission: this.#commission,
      netPnl,
      returnPct: netPnl / (entryPrice * quantity),
      bars: exitIndex - this.#entryIndex + 1,
      mae: this.#low / entryPrice - 1,
      mfe: this.#high / entryPrice - 1,
    }
  }

  /** What is still held of it, marked to a price (strategy, F5). */
  open(markTime: EpochMs, markPrice: number, markIndex: number): OpenTrade<Reason> {
    const { price: entryPrice } = this.#bought
    const quantity = this.#bought.quantity - this.#sold.quantity
    return {
      entryTime: this.#entryTime,
      entryPrice,
      entryReason: this.#entryReason,
      quantity,
      markTime,
      markPrice,
      unrealizedPnl: (markPrice - entryPrice) * quantity - this.#commission,
      bars: markIndex - this.#entryIndex + 1,
    }
  }
}

/** A first fill keeps its price to the last bit. */
function enlarged(lot: Lot, { quantity, price }: Fill): Lot {
  if (lot.quantity === 0) return { quantity, price }
  const sum = lot.quantity + quantity
  return { quantity: sum, price: (lot.price * lot.quantity + price * quantity) / sum }
}
