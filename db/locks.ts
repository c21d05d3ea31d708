import { BAR_SIZES, type BarSize } from '../src/market/barSize.ts'
import { dayNumberOf } from '../src/market/calendarDate.ts'
import { exchangeDate } from '../src/market/session.ts'
import { type EpochMs, plus, type TimeRange } from '../src/market/time.ts'
import type { Transaction } from './session.ts'

/** "ibkr" in ASCII: the first half of every advisory lock, so that other users of the database are not met. */
export const LOCK_SPACE = 0x69626b72

/** The second half. Those of the instruments come last. */
export const LOCKS = {
  migrations: 1,
  pacing: 2,
  lease: 3,
  partitions: 4,
  events: 5,
  audit: 6,
  webhooks: 7,
  instruments: 1_000,
} as const

/**
 * Until the transaction ends nobody else writes bars of this size in these weeks: two writers of one bucket would each
 * make its rollup without the other's seconds. Other weeks stay open, so a long import of old ones holds up no tick.
 */
export async function lockBars(
  transaction: Transaction,
  instrument: number,
  size: BarSize,
  range: TimeRange,
): Promise<void> {
  const places = size === '1s' ? weeksOf(range) : [1 + BAR_SIZES.indexOf(size)]
  const keys = places.map((place) => keyOf(instrument, place))
  await transaction.rows(
    `select pg_advisory_xact_lock_shared($1, $2)
    union all select pg_advisory_xact_lock($1, key) from unnest($3::int4[]) as key`,
    [LOCK_SPACE, keyOf(instrument, WHOLE), keys],
  )
}

/** Until the transaction ends nobody else writes any bar of the instrument. */
export const lockInstrument = (transaction: Transaction, instrument: number) =>
  transaction.rows('select pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, keyOf(instrument, WHOLE)])

/** An instrument's keys: all of it, one for each size, one for each week of seconds until 2160. */
const KEYS = 10_000
const WHOLE = 0
const FIRST_WEEK = 100

const keyOf = (instrument: number, place: number): number => LOCKS.instruments + instrument * KEYS + place

/**
 * Oldest first, as everybody takes them. They begin at midnight of Sundays at the exchange, a day from any trade: no
 * bucket, archived day or neighbour of a bar lies in two.
 */
function weeksOf({ from, to }: TimeRange): number[] {
  const first = weekOf(from)
  return Array.from({ length: weekOf(plus(to, -1)) - first + 1 }, (_, i) => FIRST_WEEK + first + i)
}

/** 1970-01-04 was a Sunday. */
const weekOf = (at: EpochMs): number => Math.floor((dayNumberOf(exchangeDate(at)) + 4) / 7)
