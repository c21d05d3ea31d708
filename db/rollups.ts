import { barSizeMs } from '../src/market/barSize.ts'
import { floorTo, isoInstant, plus, type TimeRange } from '../src/market/time.ts'
import type { RollupQuery } from '../src/ports/bars.ts'
import { sizeSeconds } from './barTable.ts'
import type { Session } from './session.ts'

type RollupSize = RollupQuery['size']

interface Step {
  readonly size: RollupSize
  /** Bars that make the buckets, of $1, in [$2, $3). */
  readonly source: string
}

/** Of seconds of $1 that lie between two instants: that the quarantine does not keep them out of the candles. */
export function notExcluded(from: string, to: string): string {
  return `time <> all (array(
    select item.time from quarantine as item where kind <> 'badValue' and item.instrument = $1 and item.size = 1
      and state = 'excluded' and item.time >= ${from} and item.time < ${to}
  ))`
}

// A bar without volume adds nothing to the traded value, whatever its vwap; one that has traded must know it.
const SECONDS = `
  select time, open, high, low, close, volume, trade_count,
    case when volume = 0 then 0 else vwap::numeric * volume end as vwap_volume
  from second_bars where instrument = $1 and time >= $2 and time < $3 and ${notExcluded('$2', '$3')}`

const rollupsOf = (size: RollupSize) => `
  select time, open, high, low, close, volume, trade_count, vwap_volume
  from rollups where instrument = $1 and size = ${sizeSeconds(size)} and time >= $2 and time < $3`

/** Each size is made from the one before it. */
const STEPS: readonly Step[] = [
  { size: '1m', source: SECONDS },
  { size: '5m', source: rollupsOf('1m') },
  { size: '15m', source: rollupsOf('5m') },
]

/**
 * Makes the buckets that `range` touches anew, each size from the one before it. Buckets that come out as they are
 * stored are not written. Returns how many were.
 */
export async function refreshRollups(
  session: Session,
  instrument: number,
  range: TimeRange,
): Promise<number> {
  let written = 0
  for (const step of STEPS) written += await refresh(session, instrument, step, range)
  return written
}

const VALUES = ['open', 'high', 'low', 'close', 'volume', 'trade_count', 'vwap_volume']

async function refresh(session: Session, instrument: number, { size, source }: Step, range: TimeRange) {
  const { from, to } = bucketsOf(range, size)
  const seconds = sizeSeconds(size)
  const rows = await session.rows(
    `insert into rollups as stored (instrument, size, time, ${VALUES})
    select $1::int4, ${seconds}, date_bin('${seconds} s', time, 'epoch') as bucket,
      (array_agg(open order by time))[1], max(high), min(low), (array_agg(close order by time))[count(*)],
      sum(volume), ${sumOfAll('trade_count')}, ${sumOfAll('vwap_volume')}
    from (${source}) as source group by bucket order by bucket
    on conflict (instrument, size, time) do update set ${VALUES.map((value) => `${value} = excluded.${value}`)}
    where (${of('stored')}) is distinct from (${of('excluded')})
    returning true`,
    [instrument, isoInstant(from), isoInstant(to)],
  )
  return rows.length
}

/** Null when one is null. */
const sumOfAll = (column: string) => `case when count(${column}) = count(*) then sum(${column}) end`

const of = (table: string) => VALUES.map((value) => `${table}.${value}`)

/** The range widened to whole buckets. */
export function bucketsOf({ from, to }: TimeRange, size: RollupSize): TimeRange {
  const stepMs = barSizeMs(size)
  return { from: floorTo(from, stepMs), to: plus(floorTo(plus(to, -1), stepMs), stepMs) }
}
