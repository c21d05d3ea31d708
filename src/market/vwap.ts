/** Money is summed in steps of 1/10000 of the currency, as whole numbers: sums of these are exact in any order. */
const STEPS = 10_000

/**
 * What a bar adds to Σ(vwap·volume), as a whole number of 1/10000. A bar without volume adds nothing, whatever its
 * vwap: IB sends none there. NaN when a bar that has traded has no vwap (null or NaN).
 */
export const tradedValue = (vwap: number | null, volume: number): number =>
  volume === 0 ? 0 : rounded((vwap ?? Number.NaN) * volume * STEPS)

/** Math.round, for what is not negative, without its branch: the sums over seconds take a third of the time. */
const rounded = (steps: number): number => Math.floor(steps + 0.5)

/**
 * The volume-weighted average price of a sum of traded values; null when nothing was traded or a vwap was missing.
 * `tradedValue` finds the sum in it again exactly, up to 150 billion of the currency in one bar: three roundings of
 * 2^-53 stay below one half there. So it does not matter through which sizes a candle was made.
 */
export function vwapOf(tradedValueSum: number, volume: number): number | null {
  const vwap = tradedValueSum / (volume * STEPS)
  return Number.isNaN(vwap) ? null : vwap
}
