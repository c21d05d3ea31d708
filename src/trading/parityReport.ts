import type { ParityReport } from '../ports/trading.ts'
import { type LivedDayDeps, readDay } from './livedDay.ts'
import { compareDay } from './parity.ts'

/** The comparison of a session that has closed; of the last one when no date is given. */
export const parityReport = async (deps: LivedDayDeps, date?: string): Promise<ParityReport> =>
  compareDay(await readDay(deps, date))
