/** The moving average of closes (strategy, P4). */
export interface MovingAverageRule {
  readonly ma: 'sma' | 'ema'
  /** Candles, at least 1. */
  readonly length: number
}

/** Takes in the closes one by one. */
export interface MovingAverage {
  /** The average at the close of candle `i`, called for each candle in turn; NaN before `length` closes are known. */
  next(closes: Float64Array, i: number): number
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

  next(closes: Float64Array, i: number): number {
    this.#sum += inUnits(closes[i]!)
    if (i >= this.#length) this.#sum -= inUnits(closes[i - this.#length]!)
    return i < this.#length - 1 ? Number.NaN : this.#sum / this.#units
  }
}

/** Seeded with the mean of the first `length` closes, then each close weighs 2 / (length + 1). */
class ExponentialAverage implements MovingAverage {
  readonly #length: number
  readonly #seed: SimpleAverage
  #value = Number.NaN

  constructor(length: number) {
    this.#length = length
    this.#seed = new SimpleAverage(length)
  }

  next(closes: Float64Array, i: number): number {
    if (i < this.#length) this.#value = this.#seed.next(closes, i)
    else this.#value += (2 / (this.#length + 1)) * (closes[i]! - this.#value)
    return this.#value
  }
}
