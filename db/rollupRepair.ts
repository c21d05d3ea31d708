import { epochMs, isoInstant, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import { lockBars } from './locks.ts'
import { monthsOf } from './partitions.ts'
import { bucketsOf, notExcluded, refreshRollups } from './rollups.ts'
import type { Session, Transaction } from './session.ts'

/** Makes every rollup anew, month by month. Resolves with how many differed from what was stored. */
export async function repairRollups(session: Session): Promise<number> {
  let differences = 0
  for (const { instrument, span } of await storedSpans(session)) {
    for (const month of monthsOf(span)) {
      differences += await session.atomically((transaction) => repair(transaction, instrument, month))
    }
  }
  return differences
}

async function repair(transaction: Transaction, instrument: number, month: TimeRange): Promise<number> {
  await lockBars(transaction, instrument, '1s', month)
  return remakeRollups(transaction, instrument, month)
}

/** Makes the buckets that a range touches anew, and deletes the empty ones. Resolves with how many differed. */
export async function remakeRollups(session: Session, instrument: number, range: TimeRange): Promise<number> {
  const orphans = await deleteOrphans(session, instrument, bucketsOf(range, '15m'))
  return orphans + (await refreshRollups(session, instrument, range))
}

/** Buckets without a second; archived days keep what they have. Resolves with how many there were. */
async function deleteOrphans(session: Session, instrument: number, { from, to }: TimeRange): Promise<number> {
  const deleted = await session.rows(
    `delete from rollups as bucket
    where instrument = $1 and time >= $2 and time < $3 and not exists (
      select from second_bars as second where second.instrument = $1
        and second.time >= bucket.time and second.time < bucket.time + make_interval(secs => bucket.size)
        and second.${notExcluded('$2', '$3')}
    )
    and (time at time zone 'America/New_York')::date not in (select date from archives where instrument = $1)
    returning true`,
    [instrument, isoInstant(from), isoInstant(to)],
  )
  return deleted.length
}

interface StoredSpan {
  readonly instrument: number
  readonly span: TimeRange
}

/** For each instrument that has any, from its first second or bucket to its last. */
async function storedSpans(session: Session): Promise<StoredSpan[]> {
  const rows = await session.rows<[number, number, number]>(
    `select id, date_part('epoch', least(second.first, bucket.first)),
      date_part('epoch', greatest(second.last, bucket.last))
    from instruments
    cross join lateral (
      select min(time) as first, max(time) as last from second_bars where instrument = id
    ) as second
    cross join lateral (
      select min(time) as first, max(time) as last from rollups where instrument = id
    ) as bucket
    where coalesce(second.first, bucket.first) is not null`,
  )
  return rows.map(([instrument, first, last]) => ({
    instrument,
    span: { from: epochMs(first * SECOND_MS), to: epochMs((last + 1) * SECOND_MS) },
  }))
}
