import type { Position, Trade } from '../account.ts'

export interface Settlement {
  readonly position: Position
  /** In US dollars, after commissions; null when the trade closes nothing. */
  readonly realizedPnl: number | null
}

/** Shares as a signed number: bought ones above 0. */
export const signedQuantity = ({ side, quantity }: Pick<Trade, 'side' | 'quantity'>): number =>
  side === 'BOT' ? quantity : -quantity

/**
 * A position after a trade. What the trade closes is realised at the average cost; what it opens joins the average.
 * The commission is shared out over both by shares, as IB does.
 */
export function settle({ symbol, quantity, averageCost }: Position, trade: Trade): Settlement {
  const direction = trade.side === 'BOT' ? 1 : -1
  const closing = quantity * direction < 0 ? Math.min(Math.abs(quantity), trade.quantity) : 0
  const [kept, opening] = [Math.abs(quantity) - closing, trade.quantity - closing]
  /** What a share costs, or brings, with its part of the commission. */
  const price = trade.price + (direction * trade.commission) / trade.quantity
  const held = kept + opening
  return {
    position: {
      symbol,
      quantity: quantity + direction * trade.quantity,
      averageCost: held === 0 ? 0 : (kept * averageCost + opening * price) / held,
    },
    realizedPnl: closing === 0 ? null : closing * direction * (averageCost - price),
  }
}
