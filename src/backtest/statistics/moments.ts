/** Any column of numbers. */
export type Sample = ArrayLike<number>

/** Σ x ÷ n. */
export function mean(sample: Sample): number {
  let sum = 0
  for (let i = 0; i < sample.length; i++) sum += sample[i]!
  return sum / sample.length
}

/** √(Σ (x − mean)² ÷ (n − 1)): the standard deviation of a sample. */
export function sampleDeviation(sample: Sample): number {
  return Math.sqrt((centralMoment(sample, 2) * sample.length) / (sample.length - 1))
}

/** √(Σ min(x, 0)² ÷ n): Sortino and Price (1994), with a target of zero. */
export const downsideDeviation = (sample: Sample): number =>
  Math.sqrt(meanOf(sample, (x) => Math.min(x, 0) ** 2))

/** γ₃ = m₃ ÷ m₂^1.5, moments of the sample without correction: 0 for a normal distribution. */
export const skewness = (sample: Sample): number => centralMoment(sample, 3) / centralMoment(sample, 2) ** 1.5

/** γ₄ = m₄ ÷ m₂², moments of the sample without correction: 3 for a normal distribution. */
export const kurtosis = (sample: Sample): number => centralMoment(sample, 4) / centralMoment(sample, 2) ** 2

/**
 * The least-squares line y = intercept + slope · x: slope = Σ (x − x̄)(y − ȳ) ÷ Σ (x − x̄)². Both samples have the same
 * length; the slope is NaN where x does not vary.
 */
export function regression(x: Sample, y: Sample): { slope: number; intercept: number } {
  const [meanX, meanY] = [mean(x), mean(y)]
  let [products, squares] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    products += (x[i]! - meanX) * (y[i]! - meanY)
    squares += (x[i]! - meanX) ** 2
  }
  const slope = products / squares
  return { slope, intercept: meanY - slope * meanX }
}

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)

/** Beyond this many deviations the probability is 0 or 1 to the last digit of a double. */
const FAR = 8

/**
 * Φ(z), the standard normal distribution: ½ + φ(z) · (z + z³/3 + z⁵/(3·5) + …), summed until a term no longer counts
 * (G. Marsaglia, Evaluating the Normal Distribution, Journal of Statistical Software 11(4), 2004).
 */
export function normalProbability(z: number): number {
  if (Math.abs(z) > FAR) return z > 0 ? 1 : 0
  let [sum, term] = [z, z]
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 + (sum * Math.exp(-(z * z) / 2)) / ROOT_TWO_PI
}

const centralMoment = (sample: Sample, power: number): number => {
  const center = mean(sample)
  return meanOf(sample, (x) => (x - center) ** power)
}

function meanOf(sample: Sample, value: (x: number) => number): number {
  let sum = 0
  for (let i = 0; i < sample.length; i++) sum += value(sample[i]!)
  return sum / sample.length
}
