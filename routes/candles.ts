import { listCandles } from '../openapi/candles.ts'
import type { Asked } from '../openapi/operation.ts'
import { type Candle, type CandleQuery, candles } from '../src/feed.ts'
import { whyNotBuilt } from '../src/market/resample.ts'
import { isoInstant, later, plus } from '../src/market/time.ts'
import { barFields } from './bars.ts'
import { csvLine } from './csv.ts'
import type { AppDeps } from './deps.ts'
import { rangeOf } from './instants.ts'
import { instrumentOf } from './instruments.ts'
import { limitOf, pageOf, timeAfter } from './page.ts'
import { refusal } from './problem.ts'
import { type Route, route } from './route.ts'

export const candleRoutes = (deps: AppDeps): Route[] => [
  route(listCandles).to(async ({ query, format }) => {
    const asked = await candleQuery(deps, query)
    if (format === 'csv') {
      const { limit } = query
      return { status: 200, rows: rowsOf(deps, limit === undefined ? asked : { ...asked, limit }) }
    }
    const found = await collected(candles(deps, { ...asked, limit: limitOf(query) + 1 }))
    const { items, nextCursor } = pageOf('candles', found, query, ({ time }) => String(time))
    return { status: 200, body: { items: items.map(shownCandle), nextCursor } }
  }),
]

type Query = Asked<typeof listCandles>['query']

async function candleQuery({ stores, market }: AppDeps, query: Query): Promise<CandleQuery> {
  const { size, session = 'rth', align = 'session', base = '1s' } = query
  const grid = { size, session, align }
  const reason = whyNotBuilt(base, grid)
  if (reason !== null) throw refusal([{ path: 'size', message: reason }])
  const after = timeAfter('candles', query)
  const { from, to } = rangeOf(query)
  const instrument = await instrumentOf(stores, query.symbol)
  const start = after === null ? from : later(from, plus(after, 1))
  return { ...grid, base, instrument, from: start, to, now: market.now() }
}

async function collected<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = []
  for await (const batch of batches) for (const item of batch) all.push(item)
  return all
}

async function* rowsOf(deps: AppDeps, query: CandleQuery): AsyncGenerator<string> {
  for await (const batch of candles(deps, query)) yield batch.map(candleLine).join('')
}

const candleLine = (candle: Candle): string =>
  csvLine([...barFields(candle), candle.complete, candle.coverage, candle.suspect])

const shownCandle = ({ time, ...values }: Candle) => ({ time: isoInstant(time), ...values })
