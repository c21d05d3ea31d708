import type { Clock } from '../market/time.ts'
import type { ParityReport } from '../ports/trading.ts'
import { type LivedDayDeps, readDay } from './livedDay.ts'
import { compareDay } from './parity.ts'

export interface ParityDeps extends LivedDayDeps {
  readonly machine: Clock
}

/** The comparison of a session that has closed; of the last one when no date is given. */
export const parityReport = async (deps: ParityDeps, date?: string): Promise<ParityReport> =>
  compareDay(await readDay(deps, date), () => deps.machine.sleep(0))
