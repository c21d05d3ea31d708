import { listBacktestDecisions, listBacktestEquity, listBacktestTrades } from '../openapi/backtestParts.ts'
import { type Clock, type EpochMs, isoInstant } from '../src/market/time.ts'
import type { EquityCurve } from '../src/ports/backtests.ts'
import { jsonPage } from './backtests.ts'
import { csvLine, csvText } from './csv.ts'
import type { AppDeps } from './deps.ts'
import { FOR_EVER } from './headers.ts'
import { indexAfter, limitOf, type PageQuery, pageFrom } from './page.ts'
import { type Route, route } from './route.ts'

export const backtestPartRoutes = ({ backtests, machine }: AppDeps): Route[] => [
  route(listBacktestTrades).to(async ({ params: { id }, query, format }) => {
    const first = indexAfter('trades', query)
    const trades = await backtests.trades(id, first, countOf(query, format))
    if (format === 'csv')
      return { status: 200, rows: linesOf(machine, trades.length, (i) => JSON.parse(trades[i]!) as object) }
    const { items, nextCursor } = pageFrom('trades', trades, query, first)
    return { status: 200, headers: FOR_EVER, json: jsonPage(items, nextCursor) }
  }),
  route(listBacktestEquity).to(async ({ params: { id }, query, format }) => {
    const first = indexAfter('equity', query)
    const curve = await backtests.equity(id, first, countOf(query, format))
    const { length } = curve.time
    if (format === 'csv') return { status: 200, rows: linesOf(machine, length, (i) => pointOf(curve, i)) }
    const points = Array.from({ length }, (_, i) => pointOf(curve, i))
    const { items, nextCursor } = pageFrom('equity', points, query, first)
    return { status: 200, headers: FOR_EVER, body: { items, nextCursor } }
  }),
  route(listBacktestDecisions).to(async ({ params: { id }, query }) => {
    const first = indexAfter('decisions', query)
    const found = await backtests.decisions(id, first, limitOf(query) + 1)
    const { items, nextCursor } = pageFrom('decisions', found, query, first)
    return { status: 200, headers: FOR_EVER, json: jsonPage(items, nextCursor) }
  }),
]

/** A table has all of them unless it is told otherwise; a page one more than it shows. */
const countOf = (query: PageQuery, format: string): number =>
  format === 'csv' ? (query.limit ?? Number.POSITIVE_INFINITY) : limitOf(query) + 1

const pointOf = ({ time, equity, drawdown }: EquityCurve, i: number) => ({
  time: isoInstant(time[i] as EpochMs),
  equity: equity[i]!,
  drawdown: drawdown[i]!,
})

const LINES_PER_STEP = 2_000

/**
 * The fields in the order of the columns. A step at a time, with room between them for others: what a reader takes at
 * once is written at once, and a long table would hold up everybody.
 */
async function* linesOf(
  machine: Clock,
  length: number,
  rowAt: (i: number) => object,
): AsyncGenerator<string> {
  for (let from = 0; from < length; from += LINES_PER_STEP) {
    let lines = ''
    for (let i = from; i < Math.min(from + LINES_PER_STEP, length); i++) {
      lines += csvLine(Object.values(rowAt(i)).map(csvText))
    }
    yield lines
    await machine.sleep(0)
  }
}
