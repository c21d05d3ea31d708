import { NEIGHBOURS } from '../src/market/badPrint.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { BarSeries, lowerBound } from '../src/market/series.ts'
import { type EpochMs, isoInstant, MINUTE_MS, plus, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import { type BarRow, EPOCH_S, storedSeries } from './barSeries.ts'
import type { Session } from './session.ts'

/** Seconds as they are stored, in a range and around it. */
export interface Neighbourhood {
  readonly bars: BarSeries
  /** The indexes [begin, end) of the bars whose verdict the range may change: those in it and next to it. */
  readonly begin: number
  readonly end: number
}

/** A bar is judged by so many around it, and those next to the range by as many again. */
const AROUND = 2 * NEIGHBOURS
/** Neighbours are never further away than ten minutes. */
const REACH_MS = 20 * MINUTE_MS

const COLUMNS = `${EPOCH_S} as at, open, high, low, close, volume::float8, vwap, trade_count`

const WITHIN = `select ${COLUMNS} from second_bars where instrument = $1 and time >= $3 and time < $4`

const BEFORE = `
  (select ${COLUMNS} from second_bars where instrument = $1 and time >= $2 and time < $3
  order by time desc limit ${AROUND})`

const AFTER = `
  (select ${COLUMNS} from second_bars where instrument = $1 and time >= $4 and time < $5
  order by time limit ${AROUND})`

/** Reads a range with its surroundings. `whole`: the range's own bars, where they are at hand. */
export async function neighbourhood(
  session: Session,
  instrument: Instrument,
  { from, to }: TimeRange,
  whole: BarSeries | null,
): Promise<Neighbourhood> {
  const edges = [plus(from, -REACH_MS), from, to, plus(to, REACH_MS)].map(isoInstant)
  const parts = whole ? [BEFORE, AFTER] : [BEFORE, WITHIN, AFTER]
  const rows = await session.rows<BarRow>(
    `with edges as (select $2::timestamptz, $3::timestamptz, $4::timestamptz, $5::timestamptz)
    ${parts.join(' union all ')} order by at`,
    [instrument.id, ...edges],
  )
  const found = storedSeries(rows, instrument)
  return around(whole ? inserted(found, from, whole) : found, from, to)
}

function around(bars: BarSeries, from: EpochMs, to: EpochMs): Neighbourhood {
  const begin = Math.max(0, lowerBound(bars, from) - NEIGHBOURS)
  return { bars, begin, end: Math.min(bars.length, lowerBound(bars, to) + NEIGHBOURS) }
}

/** `outer` with the bars of `inner` at the place of `at`. */
function inserted(outer: BarSeries, at: EpochMs, inner: BarSeries): BarSeries {
  const place = lowerBound(outer, at)
  const bars = new BarSeries(outer.length + inner.length)
  for (let i = 0; i < place; i++) bars.push(outer.at(i))
  for (let i = 0; i < inner.length; i++) bars.push(inner.at(i))
  for (let i = place; i < outer.length; i++) bars.push(outer.at(i))
  return bars
}

/** The span of the bars that are judged. At least one bar. */
export const judgedSpan = ({ bars, begin, end }: Neighbourhood): TimeRange => ({
  from: bars.at(begin).time,
  to: plus(bars.at(end - 1).time, SECOND_MS),
})
