import type { RejectedBar } from '../market/badValue.ts'
import { type BarSize, barSizeMs } from '../market/barSize.ts'
import { bucketAt } from '../market/resample.ts'
import type { Bar } from '../market/series.ts'
import { type SessionKind, sessionOn } from '../market/session.ts'
import { MINUTE_MS, SECOND_MS } from '../market/time.ts'
import { barOf, dateOf, isRejected, type WireBar } from './translate.ts'

/**
 * The row under the time that the product gives it, or null where the exchange was closed: a daily bar starts at its
 * session's open, and an hourly bar that IB prints at 09:30 belongs to the whole hour of 09:00.
 */
export function storedBar(
  wire: WireBar,
  { size, session: kind }: { readonly size: BarSize; readonly session: SessionKind },
): Bar | RejectedBar | null {
  const [text, ...rest] = wire
  if (size === '1d') {
    const session = sessionOn(dateOf(text), 'rth')
    return session && barOf([String(session.from / SECOND_MS), ...rest], size)
  }
  const bar = barOf(wire, size)
  if (isRejected(bar) || barSizeMs(size) <= 30 * MINUTE_MS) return bar
  const bucket = bucketAt({ size, session: kind, align: 'clock' }, bar.time)
  return bucket && { ...bar, time: bucket.time }
}
