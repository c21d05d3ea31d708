import { listBacktestDecisions, listBacktestEquity, listBacktestTrades } from '../openapi/backtestParts.ts'
import { type EpochMs, isoInstant } from '../src/market/time.ts'
import type { EquityCurve } from '../src/ports/backtests.ts'
import { jsonPage } from './backtests.ts'
import { csvLine, csvText } from './csv.ts'
import type { AppDeps } from './deps.ts'
import { FOR_EVER } from './headers.ts'
import { indexAfter, limitOf, pageFrom } from './page.ts'
import { type Route, route } from './route.ts'

export const backtestPartRoutes = ({ backtests }: AppDeps): Route[] => [
  route(listBacktestTrades).to(async ({ params: { id }, query, format }) => {
    const first = indexAfter('trades', query)
    const trades = (await backtests.trades(id)).slice(first)
    if (format === 'csv') return { status: 200, rows: linesOf(trades.slice(0, query.limit)) }
    const { items, nextCursor } = pageFrom('trades', trades, query, first)
    return { status: 200, headers: FOR_EVER, body: { items, nextCursor } }
  }),
  route(listBacktestEquity).to(async ({ params: { id }, query, format }) => {
    const first = indexAfter('equity', query)
    const count = format === 'csv' ? (query.limit ?? Number.POSITIVE_INFINITY) : limitOf(query) + 1
    const points = pointsOf(await backtests.equity(id, first, count))
    if (format === 'csv') return { status: 200, rows: linesOf(points) }
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

const pointsOf = ({ time, equity, drawdown }: EquityCurve) =>
  Array.from(time, (at, i) => ({
    time: isoInstant(at as EpochMs),
    equity: equity[i]!,
    drawdown: drawdown[i]!,
  }))

const LINES_PER_STEP = 500

/** The fields in the order of the columns. */
async function* linesOf(rows: readonly object[]): AsyncGenerator<string> {
  for (let i = 0; i < rows.length; i += LINES_PER_STEP) {
    yield rows
      .slice(i, i + LINES_PER_STEP)
      .map((row) => csvLine(Object.values(row).map(csvText)))
      .join('')
  }
}
