import type { Pool } from 'pg'
import { exchangeDate } from '../src/market/session.ts'
import { type EpochMs, plus, type TimeRange } from '../src/market/time.ts'
import type { Moved, Storage } from '../src/ports/storage.ts'
import { archiveDay, dayRange, restoreDays, storedDates } from './archives.ts'
import { guarded } from './errors.ts'
import { lockBars } from './locks.ts'
import { dropEmptyMonths, ensureMonths } from './partitions.ts'
import { poolSession, type Session, type Transaction } from './session.ts'
import { storageUse } from './storageUse.ts'

/** Storage behind a pool. Each day is moved in a transaction of its own, so nobody waits long for it. */
export function openStorage(pool: Pool): Storage {
  const session = poolSession(pool)
  return guarded<Storage>({
    use: () => storageUse(session),
    prepare: (range) => session.atomically((transaction) => ensureMonths(transaction, range)),
    archive: (before, signal) => archive(session, before, signal),
    restore: (range) => restore(session, range),
  })
}

async function archive(session: Session, before: EpochMs, signal?: AbortSignal): Promise<Moved> {
  let moved = NOTHING
  for (const [instrument] of await session.rows<[number]>('select id from instruments order by id')) {
    for await (const date of storedDates(session, instrument, before)) {
      signal?.throwIfAborted()
      const move = (transaction: Transaction) => archiveDay(transaction, instrument, date)
      moved = and(moved, await alone(session, instrument, date, move))
    }
  }
  await session.atomically((transaction) => dropEmptyMonths(transaction, before))
  return moved
}

async function restore(session: Session, range: TimeRange): Promise<Moved> {
  let moved = NOTHING
  for (const [instrument, date] of await archivedDays(session, range)) {
    const move = (transaction: Transaction) => restoreDays(transaction, instrument, dayRange(date))
    moved = and(moved, await alone(session, instrument, date, move))
  }
  return moved
}

const archivedDays = (session: Session, { from, to }: TimeRange) =>
  session.rows<[number, string]>(
    'select instrument, date::text from archives where date between $1 and $2 order by date, instrument',
    [exchangeDate(from), exchangeDate(plus(to, -1))],
  )

type Move = (transaction: Transaction) => Promise<number>

/** While nobody else writes the day. */
const alone = (session: Session, instrument: number, date: string, move: Move) =>
  session.atomically(async (transaction) => {
    await lockBars(transaction, instrument, '1s', dayRange(date))
    return move(transaction)
  })

const NOTHING: Moved = { days: 0, seconds: 0 }

const and = (moved: Moved, seconds: number): Moved => ({
  days: moved.days + (seconds > 0 ? 1 : 0),
  seconds: moved.seconds + seconds,
})
