import { listBars } from '../openapi/bars.ts'
import type { Bar } from '../src/market/series.ts'
import { isoInstant, later, plus } from '../src/market/time.ts'
import type { BarQuery, BarStore } from '../src/ports/bars.ts'
import { csvLine } from './csv.ts'
import type { AppDeps } from './deps.ts'
import { rangeOf } from './instants.ts'
import { instrumentOf } from './instruments.ts'
import { limitOf, pageOf, timeAfter } from './page.ts'
import { type Route, route } from './route.ts'

export const barRoutes = ({ stores }: AppDeps): Route[] => [
  route(listBars).to(async ({ query, csv }) => {
    const after = timeAfter('bars', query)
    const { from, to } = rangeOf(query)
    const start = after === null ? from : later(from, plus(after, 1))
    const instrument = await instrumentOf(stores, query.symbol)
    const asked = { instrument, size: query.size ?? '1s', from: start, to } as const
    if (csv) return { status: 200, rows: rowsOf(stores.bars, asked, query.limit ?? Number.POSITIVE_INFINITY) }
    const found = await stores.bars.between({ ...asked, limit: limitOf(query) + 1 })
    const { items, nextCursor } = pageOf('bars', [...found], query, ({ time }) => String(time))
    return { status: 200, body: { items: items.map(shownBar), nextCursor } }
  }),
]

const BARS_PER_READ = 10_000

/** Lines of CSV, read page by page so that a long range does not grow the memory. */
async function* rowsOf(bars: BarStore, query: BarQuery, most: number): AsyncGenerator<string> {
  let { from } = query
  for (let left = most; left > 0; ) {
    const limit = Math.min(left, BARS_PER_READ)
    const page = await bars.between({ ...query, from, limit })
    for (const bar of page) yield barLine(bar)
    if (page.length < limit) return
    from = plus(page.at(page.length - 1).time, 1)
    left -= page.length
  }
}

const shownBar = ({ time, ...values }: Bar) => ({ time: isoInstant(time), ...values })

const barLine = (bar: Bar): string => csvLine(barFields(bar))

/** The fields of a bar in the order of its columns. */
export const barFields = ({ time, open, high, low, close, volume, vwap, tradeCount }: Bar) => [
  isoInstant(time),
  open,
  high,
  low,
  close,
  volume,
  vwap,
  tradeCount,
]
