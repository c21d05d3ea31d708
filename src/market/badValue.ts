import { type BarSize, isSmallBar } from './barSize.ts'
import type { Bar } from './series.ts'
import { type EpochMs, isoInstant } from './time.ts'

/** A row that cannot be a bar. */
export interface RejectedBar {
  /** Null where the row has no readable time. */
  readonly time: EpochMs | null
  readonly reason: string
  /** The row as it was delivered, in JSON. */
  readonly sample: string
}

/** What a second's column holds. The busiest stock of all times traded 3.8 billion shares in a whole day. */
const MOST_SHARES_SMALL = 2 ** 31 - 1
/** No company has issued ten trillion shares. */
const MOST_SHARES = 1e13

/**
 * Why the values cannot be those of a bar, or null. NaN stands for a value that is missing or unreadable; vwap and
 * trade count may be missing.
 */
export function faultOf(bar: Bar, size: BarSize): string | null {
  const { open, high, low, close, volume, vwap, tradeCount } = bar
  const prices = [open, high, low, close]
  if (!prices.every(Number.isFinite)) return 'a price is no number'
  if (prices.some((price) => price <= 0)) return 'a price is zero or below'
  if (high < low) return 'high < low'
  if (high < Math.max(open, close) || low > Math.min(open, close))
    return 'open or close is beyond high or low'
  if (!(volume >= 0)) return 'the volume is missing or below zero'
  if (volume > (isSmallBar(size) ? MOST_SHARES_SMALL : MOST_SHARES)) return 'the volume is absurd'
  if (vwap !== null && !(vwap >= 0 && Number.isFinite(vwap))) return 'the average price is no price'
  if (tradeCount !== null && !(tradeCount >= 0 && tradeCount < 2 ** 31)) return 'the trade count is absurd'
  return null
}

/** A row as it is kept in the quarantine: JSON, its values as they are, NaN and infinities as text. */
export const sampleOf = ({ time, ...values }: Bar): string =>
  sampleOfRow({ time: isoInstant(time), ...values })

/** The same of a row whose values are not known to be those of a bar. */
export const sampleOfRow = (row: object): string =>
  JSON.stringify(row, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )
