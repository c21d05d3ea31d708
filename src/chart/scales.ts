/** What an axis spans: `low` < `high`, both finite. */
export interface Domain {
  readonly low: number
  readonly high: number
}

/** Where a value lies, in pixels. */
export type Scale = (value: number) => number

export const linear =
  ({ low, high }: Domain, atLow: number, atHigh: number): Scale =>
  (value) =>
    atLow + ((value - low) / (high - low)) * (atHigh - atLow)

/** What the finite values span, or null where there are none. `low` may equal `high`. */
export function domainOf(...columns: readonly Iterable<number>[]): Domain | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return low <= high ? { low, high } : null
}

/** A domain with room on both sides, as shares of its span; a single value gets a little of itself. */
export function roomy(domain: Domain | null, below: number, above: number): Domain {
  const { low, high } = domain ?? { low: 0, high: 1 }
  const span = high - low || Math.max(Math.abs(high) * 0.002, 0.001)
  const margin = high === low ? span / 2 : 0
  return { low: low - margin - span * below, high: high + margin + span * above }
}

/** Round numbers inside a domain, evenly apart. */
export interface Ticks {
  readonly values: readonly number[]
  readonly step: number
  /** Digits after the point that tell one from the next. */
  readonly decimals: number
}

/** At most `most` (at least 1) round values, 1, 2 or 5 times a power of ten apart. */
export function roundTicks({ low, high }: Domain, most: number): Ticks {
  const step = roundStep((high - low) / Math.max(1, most))
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1)
  const values = Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)))
  return { values, step, decimals }
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5].find((round) => round * power >= least * (1 - 1e-9))
  return (factor ?? 10) * power
}
