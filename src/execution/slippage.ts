import { amount } from '../market/money.ts'
import type { Side } from './fill.ts'
import type { ExecutionParameters } from './parameters.ts'

/** What the price of a market order is worse than the market's. */
type Slippage = Pick<ExecutionParameters, 'slippageTicks' | 'slippageBps'>

const BPS = 10_000

/** `price` moved against the trade by ticks and by basis points (strategy, F3), never below zero. */
export function slippedPrice(side: Side, price: number, slippage: Slippage, minTick: number): number {
  const worse = slippage.slippageTicks * minTick + (slippage.slippageBps / BPS) * price
  if (worse === 0) return price
  return amount(side === 'buy' ? price + worse : Math.max(0, price - worse))
}
