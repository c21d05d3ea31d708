/** The moving average of closes (strategy, P4). */
export interface MovingAverageRule {
  readonly ma: 'sma' | 'ema'
  /** Candles, at least 1. */
  readonly length: number
}

/** Takes in the closes one by one, or some at once. */
export interface MovingAverage {
  /**
   * The averages at the closes of candles `from` <= i < `to` into `averages`: all candles in turn, from 0 on. NaN before
   * `length` closes are known.
   */
  fill(closes: Float64Array, averages: Float64Array, from: number, to: number): void
}

/** Throws a RangeError unless `length` is a whole number of at least 1. */
export function movingAverage({ ma, length }: MovingAverageRule): MovingAverage {
  if (!(Number.isInteger(length) && length >= 1)) throw new RangeError(`no average of ${length} candles`)
  return ma === 'sma' ? new SimpleAverage(length) : new ExponentialAverage(length)
}

/**
 * Prices are summed as whole millionths of the currency: a running sum of fractions drifts over years, this one is
 * exact. So a close that equals the mean is equal. Finer prices are rounded; price × length stays below 9e9.
 */
const UNITS = 1_000_000

/** Rounded: `Math.round` takes three times as long. */
const inUnits = (price: number): number => Math.floor(price * UNITS + 0.5)

class SimpleAverage implements MovingAverage {
  readonly #length: number
  readonly #units: number
  #sum = 0

  constructor(length: number) {
    this.#length = length
    this.#units = length * UNITS
  }

  fill(closes: Float64Array, averages: Float64Array, from: number, to: number): void {
    const [length, units] = [this.#length, this.#units]
    let sum = this.#sum
    for (let i = from; i < to; i++) {
      sum += inUnits(closes[i]!)
      if (i >= length) sum -= inUnits(closes[i - length]!)
      averages[i] = sum / units
    }
    this.#sum = sum
    if (from < length - 1) averages.fill(Number.NaN, from, Math.min(to, length - 1))
  }
}

/** Seeded with the mean of the first `length` closes, then each close weighs 2 / (length + 1). */
class ExponentialAverage implements MovingAverage {
  readonly #length: number
  readonly #seed: SimpleAverage

  constructor(length: number) {
    this.#length = length
    this.#seed = new SimpleAverage(length)
  }

  fill(closes: Float64Array, averages: Float64Array, from: number, to: number): void {
    const seeded = Math.min(to, this.#length)
    if (from < seeded) this.#seed.fill(closes, averages, from, seeded)
    for (let i = Math.max(from, seeded); i < to; i++) {
      const before = averages[i - 1]!
      averages[i] = before + (2 / (this.#length + 1)) * (closes[i]! - before)
    }
  }
}
