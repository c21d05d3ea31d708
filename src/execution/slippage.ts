import type { Side } from './fill.ts'
import type { ExecutionParameters } from './parameters.ts'

/** What the price of a market order is worse than the market's. */
type Slippage = Pick<ExecutionParameters, 'slippageTicks' | 'slippageBps'>

const BPS = 10_000

/** Sums of decimal fractions carry noise far behind the point: 167.41 + 0.01 is 167.42. */
const DECIMALS = 1e8

/** `price` moved against the trade by ticks and by basis points (strategy, F3), never below zero. */
export function slippedPrice(side: Side, price: number, slippage: Slippage, minTick: number): number {
  const worse = slippage.slippageTicks * minTick + (slippage.slippageBps / BPS) * price
  if (worse === 0) return price
  const moved = side === 'buy' ? price + worse : Math.max(0, price - worse)
  return Math.round(moved * DECIMALS) / DECIMALS
}
