import type { Holding } from './trips.ts'

/** New shares for old ones, as companies give them. */
const RATIOS = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 50, 3 / 2, 4 / 3, 5 / 4]
/** How far the price may have moved besides. */
const TOLERANCE = 0.02

const isNear = (value: number, to: number, tolerance: number): boolean =>
  Math.abs(value / to - 1) <= tolerance

const ratioOf = (factor: number, tolerance: number): number | null =>
  [...RATIOS, ...RATIOS.map((ratio) => 1 / ratio)].find((ratio) => isNear(factor, ratio, tolerance)) ?? null

/** A sentence when what is held differs as after a split: the shares by a plain ratio, their cost by its inverse. */
export function splitOf({ quantity, averagePrice }: Holding, position: number, cost: number): string | null {
  if (quantity <= 0 || position <= 0) return null
  const ratio = ratioOf(position / quantity, 1e-9)
  if (ratio === null || !isNear((averagePrice / cost) as number, ratio, TOLERANCE)) return null
  return `${quantity} shares have become ${position}: this looks like a split`
}

/** A sentence when the price has leapt between two candles as a split makes it leap. */
export function priceSplitOf(before: number, after: number): string | null {
  const ratio = ratioOf(before / after, TOLERANCE)
  return ratio === null
    ? null
    : `the price went from ${before} to ${after} overnight: this looks like a split`
}
