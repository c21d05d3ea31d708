import { dayNumberOf } from '../src/market/calendarDate.ts'
import { exchangeDate } from '../src/market/session.ts'
import { type Clock, DAY_MS, type EpochMs, plus } from '../src/market/time.ts'
import { newYorkInstant } from '../src/market/zone.ts'
import type { Storage } from '../src/ports/storage.ts'
import type { ScheduledJob } from './schedule.ts'

export interface ArchiveDeps {
  readonly storage: Pick<Storage, 'archive'>
  readonly market: Clock
}

/** At night, when nobody trades: whole months whose every second is older than `keepDays` leave the table. */
export const archiveSeconds = ({ storage, market }: ArchiveDeps, keepDays: number | null): ScheduledJob => ({
  name: 'archive-seconds',
  pattern: '0 30 1 * * *',
  async run(signal) {
    if (keepDays === null) return 'RETENTION is not set: every second stays a row'
    const { days, seconds } = await storage.archive(
      monthStart(plus(market.now(), -keepDays * DAY_MS)),
      signal,
    )
    return days === 0 ? 'no month is old enough' : `${seconds} seconds of ${days} days`
  },
})

/** The first midnight of a month at the exchange. */
const monthStart = (at: EpochMs): EpochMs =>
  newYorkInstant(dayNumberOf(`${exchangeDate(at).slice(0, 7)}-01`), 0)
