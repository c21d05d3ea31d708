import { exchangeDate } from '../src/market/session.ts'
import { type EpochMs, earlier, isoInstant, later, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import { dayRange } from './archives.ts'
import { EPOCH_S } from './barSeries.ts'
import { OF_BAR } from './quarantine.ts'
import type { Session } from './session.ts'

export interface Part extends TimeRange {
  /** Whether it is a day of which seconds lie in an archive, and perhaps some in the table. */
  readonly isArchived: boolean
}

/** A range of an instrument's seconds, cut where archived days begin and end, oldest first. */
export async function partsOf(session: Session, instrument: number, range: TimeRange): Promise<Part[]> {
  return cut(range, await archivedDates(session, instrument, range))
}

/** A part that is to be read in one way: rows, whole archives and nothing else, or a day with more to be heeded. */
export interface Stretch extends TimeRange {
  readonly place: 'rows' | 'archives' | 'both'
}

/** The same for reading at once as much as can be: days that only archives hold lie together, and no part is empty. */
export async function stretchesOf(
  session: Session,
  instrument: number,
  range: TimeRange,
): Promise<Stretch[]> {
  const dates = await archivedDates(session, instrument, range)
  if (dates.length === 0) return [{ ...range, place: 'rows' }]
  const alone = new Set(await datesAlone(session, instrument, range))
  const rowsFrom = await firstRow(session, instrument, range)
  const stretches: Stretch[] = []
  for (const { from, to, isArchived } of cut(range, dates)) {
    const place = !isArchived ? 'rows' : alone.has(exchangeDate(from)) ? 'archives' : 'both'
    const before = stretches.at(-1)
    if (place === 'rows' && to <= rowsFrom) continue
    if (place === 'archives' && before?.place === place) stretches[stretches.length - 1] = { ...before, to }
    else stretches.push({ from, to, place })
  }
  return stretches
}

function cut(range: TimeRange, dates: readonly string[]): Part[] {
  const parts: Part[] = []
  let at = range.from
  const reach = (to: EpochMs, isArchived: boolean) => {
    if (to > at) parts.push({ from: at, to, isArchived })
    at = later(at, to)
  }
  for (const date of dates) {
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

/** Dates whose archives lie whole in the range, without seconds in the table beside them or any that are excluded. */
async function datesAlone(session: Session, instrument: number, { from, to }: TimeRange): Promise<string[]> {
  const rows = await session.rows<[string]>(ALONE, [instrument, 1, isoInstant(from), isoInstant(to)])
  return rows.map(([date]) => date)
}

const ALONE = `
  with excluded as (select time from quarantine where ${OF_BAR} and state = 'excluded')
  select date::text from archives,
    lateral (
      select date::timestamp at time zone 'America/New_York' as midnight,
        (date + 1)::timestamp at time zone 'America/New_York' as next_midnight
    ) as day
  where instrument = $1 and first >= $3 and last < $4
    and not exists (
      select from second_bars where second_bars.instrument = $1 and time >= midnight and time < next_midnight
    )
    and not exists (select from excluded where time >= midnight and time < next_midnight)`

/** The start of the first second of the range in the table; infinite without any. */
async function firstRow(session: Session, instrument: number, { from, to }: TimeRange): Promise<number> {
  const [first] = await session.rows<[number]>(
    `select ${EPOCH_S} from second_bars where instrument = $1 and time >= $2 and time < $3 order by time limit 1`,
    [instrument, isoInstant(from), isoInstant(to)],
  )
  return first ? first[0] * SECOND_MS : Number.POSITIVE_INFINITY
}
