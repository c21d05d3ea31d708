import type { BarSize } from '../src/market/barSize.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { TimeRange } from '../src/market/time.ts'
import type { ColumnQuery } from '../src/ports/bars.ts'
import { type CandleSums, candleSums } from './candleSums.ts'
import { type Goal, type Measured, measure, measuredOnce } from './ratio.ts'
import type { Workbench } from './workbench.ts'
import type { Yardsticks } from './yardsticks.ts'

/** A stretch of time by its name: a day, a year. */
export interface Span extends TimeRange {
  readonly name: string
}

interface Bounds {
  readonly gate: number
  readonly target: number
}

/** R1: candles of a size that is kept ready, against the seconds aggregated in SQL. */
export function rolledUpSpeed(
  bench: Workbench,
  instrument: Instrument,
  span: Span,
  yardsticks: Yardsticks,
  bounds: Bounds,
): Promise<Measured> {
  const what = `5m candles of a ${span.name} from rollups`
  const query = { source: 'rollups', size: '5m', instrument, ...span } as const
  return race(bench, query, '5m', { id: 'R1', what, yardstick: DATE_BIN, ...bounds }, () =>
    yardsticks.sql('5 min', span),
  )
}

/** Where seconds lie, and what is promised of reading a year of them from there. */
interface Place {
  readonly name: string
  readonly sql: Bounds
  readonly duckdb: Bounds
}

/** The server writes out each row: it takes as long as an aggregate there, and ten times as long as a file of columns. */
export const ROWS: Place = {
  name: 'rows',
  sql: { gate: 0.6, target: 1.2 },
  duckdb: { gate: 0.015, target: 0.03 },
}

export const ARCHIVES: Place = {
  name: 'archives',
  sql: { gate: 5, target: 12 },
  duckdb: { gate: 0.5, target: 1 },
}

/** R2: candles that no rollup is asked for, from seconds. */
export async function unrolledSpeed(
  bench: Workbench,
  instrument: Instrument,
  span: Span,
  yardsticks: Yardsticks,
  place: Place,
): Promise<Measured[]> {
  const goal = { id: 'R2', what: `3m candles of a ${span.name} from seconds in ${place.name}` }
  const query = secondsOf(instrument, span)
  return [
    await race(bench, query, '3m', { ...goal, yardstick: DATE_BIN, ...place.sql }, () =>
      yardsticks.sql('3 min', span),
    ),
    await race(bench, query, '3m', { ...goal, yardstick: 'DuckDB over Parquet', ...place.duckdb }, () =>
      yardsticks.duckdb(180, span),
    ),
  ]
}

/** R2: what the process grows by while seconds are read and resampled. */
export async function unrolledMemory(
  bench: Workbench,
  instrument: Instrument,
  span: Span,
): Promise<Measured> {
  const run = (onPart?: () => void) => candleSums(bench, secondsOf(instrument, span), '3m', onPart)
  await run()
  const before = process.memoryUsage().rss
  let most = before
  await run(() => {
    most = Math.max(most, process.memoryUsage().rss)
  })
  const what = `MiB that 3m candles of a ${span.name} from seconds add`
  const goal = { id: 'R2', what, yardstick: 'the process before it', bound: 'atMost' } as const
  return measuredOnce({ ...goal, gate: 140, target: 64 }, (most - before) / MEBIBYTE)
}

const DATE_BIN = 'date_bin over the seconds in SQL'
const MEBIBYTE = 1_024 * 1_024

const secondsOf = (instrument: Instrument, { from, to }: TimeRange): ColumnQuery => ({
  source: 'bars',
  size: '1s',
  instrument,
  from,
  to,
})

function race(
  bench: Workbench,
  query: ColumnQuery,
  size: BarSize,
  goal: Omit<Goal, 'bound'>,
  yardstick: () => Promise<CandleSums>,
): Promise<Measured> {
  let sums: CandleSums | null = null
  const keep = (run: () => Promise<CandleSums>) => async () => {
    sums = await run()
  }
  return measure(
    { ...goal, bound: 'atLeast' },
    {
      prepare: async () => {},
      ours: keep(() => candleSums(bench, query, size)),
      yardstick: keep(yardstick),
      answer: async () => JSON.stringify(sums),
    },
  )
}
