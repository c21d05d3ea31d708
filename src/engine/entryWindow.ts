import type { CandleGrid } from '../market/resample.ts'
import { sessionAt } from '../market/session.ts'
import type { EpochMs } from '../market/time.ts'

/** When in a session a position may be opened. */
export interface EntryWindow {
  /** None in so many milliseconds after the open, and none in so many before the close. */
  readonly afterOpenMs: number
  readonly beforeCloseMs: number
}

/** Whether an entry may be ordered at `dueAt`. */
export function isInside(
  { afterOpenMs, beforeCloseMs }: EntryWindow,
  { session: kind }: CandleGrid,
  dueAt: EpochMs,
): boolean {
  const session = sessionAt(dueAt, kind)
  return session !== null && dueAt - session.from >= afterOpenMs && session.to - dueAt > beforeCloseMs
}
