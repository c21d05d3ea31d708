import type { Fill } from './fill.ts'

/** What is held, as the fills say: nothing else changes it. Long or flat, never short. */
export class Position {
  /** Whole shares. */
  quantity = 0
  /** What the shares cost on average; NaN while flat. */
  averagePrice = Number.NaN

  /** Throws a RangeError on a sale of more than is held. */
  apply({ side, quantity, price }: Fill): void {
    const before = this.quantity
    if (side === 'sell' && quantity > before) throw new RangeError(`sold ${quantity} shares of ${before}`)
    this.quantity += side === 'buy' ? quantity : -quantity
    if (this.quantity === 0) this.averagePrice = Number.NaN
    else if (before === 0) this.averagePrice = price
    else if (side === 'buy') this.averagePrice += ((price - this.averagePrice) * quantity) / this.quantity
  }
}
