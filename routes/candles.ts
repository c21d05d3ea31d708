import { listCandles } from '../openapi/candles.ts'
import type { Asked } from '../openapi/operation.ts'
import { type Candle, type CandleQuery, candles } from '../src/feed.ts'
import { whyNotBuilt } from '../src/market/resample.ts'
import { type EpochMs, later, plus } from '../src/market/time.ts'
import { shownBar } from './bars.ts'
import { csvLine } from './csv.ts'
import type { AppDeps } from './deps.ts'
import { rangeOf } from './instants.ts'
import { knownInstruments } from './instruments.ts'
import { limitOf, pageOf, timeAfter } from './page.ts'
import { refusal } from './problem.ts'
import { type Route, route } from './route.ts'

export const candleRoutes = (deps: AppDeps): Route[] => [listing(deps)]

function listing(deps: AppDeps): Route {
  const instrumentOf = knownInstruments(deps.stores)
  return route(listCandles).to(async ({ query, format }) => {
    const asked = { ...spanOf(query, deps.market.now()), instrument: await instrumentOf(query.symbol) }
    if (format === 'csv') {
      const { limit } = query
      return { status: 200, rows: rowsOf(deps, limit === undefined ? asked : { ...asked, limit }) }
    }
    const found = await collected(candles(deps, { ...asked, limit: limitOf(query) + 1 }))
    const { items, nextCursor } = pageOf('candles', found, query, ({ time }) => String(time))
    return { status: 200, body: { items: items.map(shownCandle), nextCursor } }
  })
}

type Query = Asked<typeof listCandles>['query']

/** Which candles are asked for, whatever the instrument. */
function spanOf(query: Query, now: EpochMs): Omit<CandleQuery, 'instrument'> {
  const { size, session = 'rth', align = 'session', base = '1s' } = query
  const grid = { size, session, align }
  const reason = whyNotBuilt(base, grid)
  if (reason !== null) throw refusal([{ path: 'size', message: reason }])
  const after = timeAfter('candles', query)
  const { from, to } = rangeOf(query)
  const start = after === null ? from : later(from, plus(after, 1))
  return { ...grid, base, from: start, to, now }
}

async function collected<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = []
  for await (const batch of batches) for (const item of batch) all.push(item)
  return all
}

async function* rowsOf(deps: AppDeps, query: CandleQuery): AsyncGenerator<string> {
  for await (const batch of candles(deps, query)) yield batch.map(candleLine).join('')
}

const candleLine = (candle: Candle): string => csvLine(Object.values(shownCandle(candle)))

/** Field by field: see `shownBar`. */
const shownCandle = (candle: Candle) => {
  const { time, open, high, low, close, volume, vwap, tradeCount } = shownBar(candle)
  const { complete, coverage, suspect } = candle
  return { time, open, high, low, close, volume, vwap, tradeCount, complete, coverage, suspect }
}
