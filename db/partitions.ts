import { type EpochMs, epochMs, isoInstant, type TimeRange } from '../src/market/time.ts'
import { LOCK_SPACE, LOCKS } from './locks.ts'
import type { Session } from './session.ts'

interface Month extends TimeRange {
  /** The partition that holds its seconds. */
  readonly partition: string
}

/** Makes the partitions of `second_bars` that a range of time needs and that do not exist yet. */
export async function ensureMonths(session: Session, range: TimeRange): Promise<void> {
  const months = monthsOf(range)
  const known = await existing(session, months)
  const needed = months.filter(({ partition }) => !known.has(partition))
  if (needed.length === 0) return
  await session.rows('select pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS.partitions])
  for (const month of needed) await createMonth(session, month)
}

/** The calendar months in UTC that a range touches, oldest first. */
export function monthsOf({ from, to }: TimeRange): Month[] {
  const months: Month[] = []
  for (let start = monthStart(from); start < to; ) {
    const next = monthStart(start, 1)
    months.push({
      partition: `second_bars_${isoInstant(start).slice(0, 7).replace('-', '_')}`,
      from: start,
      to: next,
    })
    start = next
  }
  return months
}

function monthStart(at: EpochMs, offset = 0): EpochMs {
  const date = new Date(at)
  return epochMs(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset))
}

async function existing(session: Session, months: readonly Month[]): Promise<Set<string>> {
  const rows = await session.rows<[string]>(
    'select name from unnest($1::text[]) name where to_regclass(name) is not null',
    [months.map(({ partition }) => partition)],
  )
  return new Set(rows.map(([name]) => name))
}

const createMonth = (session: Session, { partition, from, to }: Month) =>
  session.rows(`create table if not exists ${partition} partition of second_bars
    for values from ('${isoInstant(from)}') to ('${isoInstant(to)}')`)
