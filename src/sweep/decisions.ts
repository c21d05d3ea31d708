import { decisionRecord } from '../engine/decisionRecord.ts'
import { PivotBreakout } from '../strategy/pivotBreakout.ts'
import { requestOf, type ShownRequest, shownDecision } from './answer.ts'
import { unpackedOutcome } from './packedOutcome.ts'

/** A part of the decisions of a stored backtest. */
export interface DecisionsPart {
  /** JSON. */
  readonly request: string
  readonly columns: Uint8Array
  readonly first: number
  readonly count: number
}

/** The decisions `first` and after it, `count` of them, told again as texts of JSON. */
export async function decisionsPart({ request, columns, first, count }: DecisionsPart): Promise<string[]> {
  const { candles, decisions } = await unpackedOutcome(columns)
  const grid = requestOf(JSON.parse(request) as ShownRequest)
  const strategy = new PivotBreakout(grid.strategy)
  const end = Math.min(candles.length, first + count)
  return Array.from({ length: Math.max(0, end - first) }, (_, k) => {
    const record = decisionRecord(strategy, grid, candles, first + k, decisions.at(first + k))
    return JSON.stringify(shownDecision(record))
  })
}
