import { isoInstant } from '../src/market/time.ts'
import type { BarQuery } from '../src/ports/bars.ts'
import { rowsOf, unpacked } from './archiveColumns.ts'
import { type BarRow, EPOCH_S } from './barSeries.ts'
import type { Prepared, Session } from './session.ts'

type SecondQuery = Omit<BarQuery, 'size'>

/** A row of the table, or, with its columns, an archived day. */
type Found = [...BarRow, Buffer | null]

/**
 * Stored seconds of the range, wherever they lie, oldest first, at most `limit`. One statement sees both places at one
 * instant: what is being moved is in exactly one of them.
 */
export async function secondRows(session: Session, query: SecondQuery): Promise<BarRow[]> {
  const { instrument, from, to, limit = null } = query
  const found = await session.rows<Found>(FOUND, [instrument.id, isoInstant(from), isoInstant(to), limit])
  const days = found.filter((row) => row[8] !== null)
  if (days.length === 0) return found as unknown as BarRow[]
  const rows = found.slice(0, found.length - days.length) as unknown as BarRow[]
  const archived = days.flatMap((day) => rowsWithin(day, query))
  return [...rows, ...archived].sort((a, b) => a[0] - b[0]).slice(0, limit ?? undefined)
}

/** An archive holds at most the 25 hours of a day. Days are read until those that lie whole in the range suffice. */
export const FOUND: Prepared = {
  name: 'seconds_found',
  text: `
  (
    select ${EPOCH_S}, open, high, low, close, volume::float8, vwap, trade_count, null::bytea
    from second_bars where instrument = $1 and time >= $2 and time < $3
    order by time limit $4
  )
  union all
  select date_part('epoch', first), null, null, null, null, null, null, null, columns
  from (
    select first, columns, sum(case when first >= $2 then count else 0 end)
      over (order by first rows between unbounded preceding and 1 preceding) as before
    from archives
    where instrument = $1 and first > $2::timestamptz - interval '25 hours' and first < $3 and last >= $2
  ) as day
  where coalesce(before, 0) < coalesce($4, 'infinity'::float8)`,
}

function rowsWithin(day: Found, { from, to }: SecondQuery): BarRow[] {
  const rows = rowsOf(unpacked(day[8]!), day[0])
  return rows.filter(([time]) => time * 1_000 >= from && time * 1_000 < to)
}
