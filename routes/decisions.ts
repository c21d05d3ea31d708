import { listDecisions } from '../openapi/decisions.ts'
import { isoInstant, later, plus, type TimeRange } from '../src/market/time.ts'
import type { JournalledDecision } from '../src/ports/decisions.ts'
import type { Trading } from '../src/ports/trading.ts'
import { csvLine, csvText } from './csv.ts'
import type { AppDeps } from './deps.ts'
import { rangeOf } from './instants.ts'
import { instrumentOf } from './instruments.ts'
import { limitOf, pageOf, timeAfter } from './page.ts'
import { type Route, route } from './route.ts'

export const decisionRoutes = ({ trading, stores }: AppDeps): Route[] => [
  route(listDecisions).to(async ({ query, format }) => {
    const after = timeAfter('decisions', query)
    const { from, to } = rangeOf(query)
    const range = { from: after === null ? from : later(from, plus(after, 1)), to }
    const { symbol } = query
    if (symbol !== undefined) await instrumentOf(stores, symbol)
    const most = query.limit ?? Number.POSITIVE_INFINITY
    if (format === 'csv') return { status: 200, rows: linesOf(trading, symbol, range, most) }
    const found = await trading.decisions(symbol, range, limitOf(query) + 1)
    const { items, nextCursor } = pageOf('decisions', found, query, ({ time }) => String(time))
    return { status: 200, body: { items: items.map(shownDecision), nextCursor } }
  }),
]

export function shownDecision({ intent, trader: _, ...decision }: JournalledDecision) {
  const { time, decidedAt, madeAt, breakout, swingLow, candle, conditions } = decision
  return {
    ...decision,
    time: isoInstant(time),
    decidedAt: isoInstant(decidedAt),
    breakout: breakout && shownLevel(breakout),
    swingLow: swingLow && shownLevel(swingLow),
    conditions: [...conditions],
    candle: { ...candle, time: isoInstant(candle.time) },
    order: intent,
    madeAt: isoInstant(madeAt),
  }
}

type Level = NonNullable<JournalledDecision['breakout']>

export const shownLevel = ({ price, pivotTime, confirmedAt }: Level) => ({
  price,
  pivotTime: isoInstant(pivotTime),
  confirmedAt: isoInstant(confirmedAt),
})

const DECISIONS_PER_READ = 1_000

/** Read page by page so that a long range does not grow the memory. */
async function* linesOf(
  trading: Trading,
  symbol: string | undefined,
  { from: begin, to }: TimeRange,
  most: number,
): AsyncGenerator<string> {
  let from = begin
  for (let left = most; left > 0; ) {
    const limit = Math.min(left, DECISIONS_PER_READ)
    const page = await trading.decisions(symbol, { from, to }, limit)
    if (page.length > 0) yield page.map(decisionLine).join('')
    if (page.length < limit) return
    from = plus(page.at(-1)!.time, 1)
    left -= page.length
  }
}

/** In the order of the columns. */
function decisionLine(decision: JournalledDecision): string {
  const { candle, breakout, swingLow, movingAverage, stop, position, action, outcome } = decision
  return csvLine([
    ...[isoInstant(decision.time), isoInstant(decision.decidedAt)],
    ...[candle.open, candle.high, candle.low, candle.close, candle.volume, position],
    ...[breakout?.price ?? null, swingLow?.price ?? null, movingAverage, stop, action, outcome],
    ...[csvText(decision.hindrance), csvText(decision.reason), decision.intent, isoInstant(decision.madeAt)],
  ])
}
