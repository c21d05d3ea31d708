import { DAY_MS } from '../../market/time.ts'

/** The deepest fall of a curve from its highest value so far. */
export interface Drawdown {
  /** (peak − trough) ÷ peak: 0.1 is a fall of 10 %; 0 where nothing ever fell. */
  readonly depth: number
  /** Days of the calendar from the peak until the curve stood as high again, or else until its end. */
  readonly days: number
}

/**
 * The deepest drawdown of `values` at `times` (milliseconds), the first of those that are equally deep. The curve
 * begins with `start` at the first time, so that a loss in the first candle counts. At least one value.
 */
export function deepestDrawdown(times: Float64Array, values: Float64Array, start: number): Drawdown {
  const { depth, peak, peakAt, trough } = deepestFall(times, values, start)
  if (depth === 0) return { depth: 0, days: 0 }
  let recovery = trough + 1
  while (recovery < values.length && !(values[recovery]! >= peak)) recovery++
  const end = times[Math.min(recovery, values.length - 1)]!
  return { depth, days: (end - peakAt) / DAY_MS }
}

/** From which value and time it fell, and to which index. */
interface Fall {
  readonly depth: number
  readonly peak: number
  readonly peakAt: number
  readonly trough: number
}

function deepestFall(times: Float64Array, values: Float64Array, start: number): Fall {
  let deepest: Fall = { depth: 0, peak: start, peakAt: times[0]!, trough: 0 }
  let { peak, peakAt } = deepest
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value >= peak) {
      peak = value
      peakAt = times[i]!
    }
    const depth = (peak - value) / peak
    if (depth > deepest.depth) deepest = { depth, peak, peakAt, trough: i }
  }
  return deepest
}
