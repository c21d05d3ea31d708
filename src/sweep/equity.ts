import { amount } from '../market/money.ts'
import type { EquityCurve } from '../ports/backtests.ts'
import { unpackedOutcome } from './packedOutcome.ts'

/** A part of a stored equity curve. */
export interface EquityPart {
  readonly columns: Uint8Array
  readonly first: number
  readonly count: number
}

/** The points `first` and after it, `count` of them. */
export async function equityPart({ columns, first, count }: EquityPart): Promise<EquityCurve> {
  const { candles, lines } = await unpackedOutcome(columns)
  const cut = (column: Float64Array) => column.slice(first, Math.min(candles.length, first + count))
  return {
    time: cut(candles.time),
    equity: cut(lines.equity).map(amount),
    drawdown: cut(drawdownOf(lines.equity)),
  }
}

function drawdownOf(equity: Float64Array): Float64Array {
  let highest = Number.NEGATIVE_INFINITY
  return equity.map((value) => {
    highest = Math.max(highest, value)
    return value / highest - 1
  })
}
