import { type EpochMs, epochMs, isoInstant, type TimeRange } from '../src/market/time.ts'
import { LOCK_SPACE, LOCKS, lockInstrument } from './locks.ts'
import type { Session, Transaction } from './session.ts'

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

/**
 * Drops the months that end by `before` and hold no second any more. Resolves with their names. Every writer is kept
 * out meanwhile: one that has found its month must not lose it.
 */
export async function dropEmptyMonths(transaction: Transaction, before: EpochMs): Promise<string[]> {
  const ended = await monthsEndedBy(transaction, before)
  if (ended.length === 0) return []
  for (const [id] of await transaction.rows<[number]>('select id from instruments order by id'))
    await lockInstrument(transaction, id)
  const dropped: string[] = []
  for (const partition of ended) {
    const found = await transaction.rows(`select from ${partition} limit 1`)
    if (found.length > 0) continue
    await transaction.rows(`drop table ${partition}`)
    dropped.push(partition)
  }
  return dropped
}

/** The partitions that lie whole before an instant. Their names say which month they hold. */
async function monthsEndedBy(session: Session, before: EpochMs): Promise<string[]> {
  const rows = await session.rows<[string]>(
    `select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'second_bars'::regclass and relname < $1 order by relname`,
    [partitionOf(monthStart(before))],
  )
  return rows.map(([name]) => name)
}

/** The calendar months in UTC that a range touches, oldest first. */
export function monthsOf({ from, to }: TimeRange): Month[] {
  const months: Month[] = []
  for (let start = monthStart(from); start < to; ) {
    const next = monthStart(start, 1)
    months.push({
      partition: partitionOf(start),
      from: start,
      to: next,
    })
    start = next
  }
  return months
}

const partitionOf = (start: EpochMs): string =>
  `second_bars_${isoInstant(start).slice(0, 7).replace('-', '_')}`

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
