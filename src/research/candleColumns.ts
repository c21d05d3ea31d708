import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import {
  bucketAt,
  type CandleGrid,
  candlesOf,
  type RollupSize,
  resample,
  rollupFor,
} from '../market/resample.ts'
import { BarSeries } from '../market/series.ts'
import { nextSession } from '../market/session.ts'
import { type EpochMs, plus, type TimeRange } from '../market/time.ts'
import type { BarStore, ColumnQuery } from '../ports/bars.ts'

export interface CandleColumnQuery extends CandleGrid, TimeRange {
  readonly instrument: Instrument
  /** The size of the stored bars; one that `canBuild` the grid. */
  readonly base: BarSize
}

/** Told of the bars as they are read. */
type OnBars = (bars: BarSeries) => void

/**
 * The candles that start in the range, as columns. Bars are read day by day, so that a year of seconds never lies in
 * memory, and where a rollup makes the candles it is read instead.
 */
export async function candleColumns(
  { bars }: { readonly bars: Pick<BarStore, 'columns'> },
  query: CandleColumnQuery,
  onBars: OnBars = () => {},
): Promise<BarSeries> {
  const candles = new BarSeries(1_024)
  const source = sourceOf(query)
  for await (const read of await bars.columns(source)) {
    onBars(read)
    const made = source.source === 'rollups' ? resample(read, query) : candlesOf(read, query.base, query)
    for (let i = 0; i < made.length; i++) {
      const time = made.time[i]!
      if (time >= query.from && time < query.to) candles.push(made.at(i))
    }
  }
  return candles
}

function sourceOf({ instrument, base, from, to, ...grid }: CandleColumnQuery): ColumnQuery {
  const rollup = rollupOf(base, grid)
  const range = { instrument, from, to: base === grid.size ? to : lastEnd(grid, to) }
  return rollup ? { ...range, source: 'rollups', size: rollup } : { ...range, source: 'bars', size: base }
}

/** The rollup that is read in the place of seconds, or null. */
export const rollupOf = (base: BarSize, grid: CandleGrid): RollupSize | null =>
  base === '1s' && grid.size !== '1s' ? rollupFor(grid) : null

/** Where the last candle ends that starts before `to`: its bars may lie beyond. */
function lastEnd(grid: CandleGrid, to: EpochMs): EpochMs {
  const last = plus(to, -1)
  const bucket = bucketAt(grid, last) ?? bucketAt(grid, nextSession(last, grid.session).from)!
  return bucket.time < to ? bucket.to : to
}
