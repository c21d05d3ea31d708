import { listBars } from '../openapi/bars.ts'
import type { Bar, BarSeries } from '../src/market/series.ts'
import { isoInstant, later, plus } from '../src/market/time.ts'
import type { BarQuery, BarStore } from '../src/ports/bars.ts'
import { csvLine } from './csv.ts'
import type { AppDeps } from './deps.ts'
import { rangeOf } from './instants.ts'
import { knownInstruments } from './instruments.ts'
import { limitOf, pageOf, timeAfter } from './page.ts'
import { parquetFile } from './parquet.ts'
import { type Route, route } from './route.ts'

export const barRoutes = ({ stores }: AppDeps): Route[] => [listing(stores)]

function listing(stores: AppDeps['stores']): Route {
  const instrumentOf = knownInstruments(stores)
  return route(listBars).to(async ({ query, format }) => {
    const after = timeAfter('bars', query)
    const { from, to } = rangeOf(query)
    const start = after === null ? from : later(from, plus(after, 1))
    const instrument = await instrumentOf(query.symbol)
    const asked = { instrument, size: query.size ?? '1s', from: start, to, raw: true } as const
    const most = query.limit ?? Number.POSITIVE_INFINITY
    if (format === 'csv') return { status: 200, rows: rowsOf(stores.bars, asked, most) }
    if (format === 'parquet') {
      const fileName = `${query.symbol}-${asked.size}.parquet`
      return { status: 200, download: parquetFile(pagesOf(stores.bars, asked, most)), fileName }
    }
    const found = await stores.bars.between({ ...asked, limit: limitOf(query) + 1 })
    const { items, nextCursor } = pageOf('bars', [...found], query, ({ time }) => String(time))
    return { status: 200, body: { items: items.map(shownBar), nextCursor } }
  })
}

const BARS_PER_READ = 5_000

/** About as many as fill a chunk: a step of an async generator costs more than a line. */
const BARS_PER_STEP = 500

type RawQuery = BarQuery & { readonly raw: true }

async function* rowsOf(
  bars: BarStore,
  query: RawQuery,
  most: number,
): AsyncGenerator<string | Uint8Array, void> {
  const ready = await bars.csv(Number.isFinite(most) ? { ...query, limit: most } : query)
  if (ready !== null) return yield* ready
  for await (const page of pagesOf(bars, query, most)) {
    for (let i = 0; i < page.length; i += BARS_PER_STEP) yield linesOf(page, i, i + BARS_PER_STEP)
  }
}

function linesOf(page: BarSeries, begin: number, end: number): string {
  let text = ''
  for (let i = begin; i < Math.min(end, page.length); i++) text += barLine(page.at(i))
  return text
}

/** Read page by page so that a long range does not grow the memory. */
async function* pagesOf(bars: BarStore, query: BarQuery, most: number): AsyncGenerator<BarSeries> {
  let { from } = query
  for (let left = most; left > 0; ) {
    const limit = Math.min(left, BARS_PER_READ)
    const page = await bars.between({ ...query, from, limit })
    if (page.length > 0) yield page
    if (page.length < limit) return
    from = plus(page.at(page.length - 1).time, 1)
    left -= page.length
  }
}

/** In the order of the columns of a table. Field by field: a spread before further fields takes a hundred times as long. */
export const shownBar = ({ time, open, high, low, close, volume, vwap, tradeCount }: Bar) => ({
  time: isoInstant(time),
  open,
  high,
  low,
  close,
  volume,
  vwap,
  tradeCount,
})

const barLine = (bar: Bar): string => csvLine(Object.values(shownBar(bar)))
