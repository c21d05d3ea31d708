import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../market/time.ts'

/** A bar size of IB's. `ms` of a day, week or month is nominal. */
export interface Step {
  /** The exact string of the request, `1 secs` or `5 mins`. */
  readonly name: string
  readonly ms: number
  /** `clock`: cut by the clock within a session; else one bar for each of these. */
  readonly unit: 'clock' | 'day' | 'week' | 'month'
}

const clock = (name: string, ms: number): Step => ({ name, ms, unit: 'clock' })
const MONTH_MS = 30 * DAY_MS

/** IB: Valid Bar Sizes. Smallest first. */
const STEPS: readonly Step[] = [
  ...[1, 5, 10, 15, 30].map((n) => clock(`${n} secs`, n * SECOND_MS)),
  clock('1 min', MINUTE_MS),
  ...[2, 3, 5, 10, 15, 20, 30].map((n) => clock(`${n} mins`, n * MINUTE_MS)),
  clock('1 hour', HOUR_MS),
  ...[2, 3, 4, 8].map((n) => clock(`${n} hours`, n * HOUR_MS)),
  { name: '1 day', ms: DAY_MS, unit: 'day' },
  { name: '1 week', ms: 7 * DAY_MS, unit: 'week' },
  { name: '1 month', ms: MONTH_MS, unit: 'month' },
]

export const LEGAL_STEPS = STEPS.map(({ name }) => name).join(', ')

/** The bar size of that name, exactly; null when IB has none. */
export const stepNamed = (name: string): Step | null => STEPS.find((step) => step.name === name) ?? null

/** Bars of which IB allows 60 requests in ten minutes. */
export const isSmall = (step: Step): boolean => step.ms <= 30 * SECOND_MS

interface StepLimit {
  readonly durationMs: number
  readonly minMs: number
  readonly maxMs: number
}

const limit = (durationMs: number, minMs: number, maxMs: number): StepLimit => ({ durationMs, minMs, maxMs })

/** IB: Historical Bar Data, "Duration and Bar Size": the sizes allowed for each duration. */
const LIMITS: readonly StepLimit[] = [
  limit(60 * SECOND_MS, SECOND_MS, MINUTE_MS),
  limit(120 * SECOND_MS, SECOND_MS, 2 * MINUTE_MS),
  limit(1_800 * SECOND_MS, SECOND_MS, 30 * MINUTE_MS),
  limit(3_600 * SECOND_MS, 5 * SECOND_MS, HOUR_MS),
  limit(14_400 * SECOND_MS, 10 * SECOND_MS, 3 * HOUR_MS),
  limit(28_800 * SECOND_MS, 30 * SECOND_MS, 8 * HOUR_MS),
  limit(DAY_MS, MINUTE_MS, DAY_MS),
  limit(2 * DAY_MS, 2 * MINUTE_MS, DAY_MS),
  limit(7 * DAY_MS, 3 * MINUTE_MS, 7 * DAY_MS),
  limit(MONTH_MS, 30 * MINUTE_MS, MONTH_MS),
  limit(365 * DAY_MS, DAY_MS, MONTH_MS),
]

/**
 * Whether IB gives bars of `step` over a duration. A duration between two rows of the table takes the smallest size
 * of the longer row and the largest of the shorter one; below the first row a bar may be as long as the duration.
 */
export function isLegalStep(step: Step, durationMs: number): boolean {
  const longer = LIMITS.find((row) => row.durationMs >= durationMs) ?? LIMITS.at(-1)!
  const shorter = LIMITS.findLast((row) => row.durationMs <= durationMs)
  return step.ms >= longer.minMs && step.ms <= (shorter?.maxMs ?? durationMs)
}
