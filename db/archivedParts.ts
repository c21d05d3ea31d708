import { exchangeDate } from '../src/market/session.ts'
import { type EpochMs, earlier, later, type TimeRange } from '../src/market/time.ts'
import { dayRange } from './archives.ts'
import type { Session } from './session.ts'

export interface Part extends TimeRange {
  /** Whether it is a day of which seconds lie in an archive, and perhaps some in the table. */
  readonly isArchived: boolean
}

/** A range of an instrument's seconds, cut where archived days begin and end, oldest first. */
export async function partsOf(session: Session, instrument: number, range: TimeRange): Promise<Part[]> {
  const parts: Part[] = []
  let at = range.from
  const reach = (to: EpochMs, isArchived: boolean) => {
    if (to > at) parts.push({ from: at, to, isArchived })
    at = later(at, to)
  }
  for (const date of await archivedDates(session, instrument, range)) {
    const day = dayRange(date)
    reach(earlier(day.from, range.to), false)
    reach(earlier(day.to, range.to), true)
  }
  reach(range.to, false)
  return parts
}

async function archivedDates(
  session: Session,
  instrument: number,
  { from, to }: TimeRange,
): Promise<string[]> {
  const rows = await session.rows<[string]>(
    'select date::text from archives where instrument = $1 and date between $2 and $3 order by date',
    [instrument, exchangeDate(from), exchangeDate(to)],
  )
  return rows.map(([date]) => date)
}
