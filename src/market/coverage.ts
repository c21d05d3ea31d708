import type { TimeRange } from './time.ts'

/** `done` asked and stored · `empty` no data, confirmed · `partial` answered in part · `failed` asked in vain. */
export type CoverageState = 'done' | 'empty' | 'partial' | 'failed'

export interface CoverageRange extends TimeRange {
  readonly state: CoverageState
}
