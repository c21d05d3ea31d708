/** Which candles are swings (strategy, P1). */
export interface SwingRule {
  /** Candles that a swing beats before it, and after it: at least 1 each. */
  readonly left: number
  readonly right: number
  /** `strict` greater than both sides · `last` may equal the older side · `any` may equal both. */
  readonly ties: 'strict' | 'last' | 'any'
}

/** 1 looks for swing highs. -1 looks for swing lows: the highs of the prices mirrored. */
export type Direction = 1 | -1

/**
 * Whether candle `m` is a swing among `values`, the highs or the lows. It reads from `m - left` to `m + right`, so that
 * the answer is known at the close of `m + right` and never changes afterwards (P2). Without `left` candles before it
 * there is no swing.
 */
export function isSwing(values: Float64Array, m: number, direction: Direction, rule: SwingRule): boolean {
  const { left, right, ties } = rule
  if (m < left) return false
  const peak = values[m]! * direction
  // The nearest candles first, on both sides: most are beaten there.
  for (let k = 1; k <= left || k <= right; k++) {
    if (k <= right && !beats(peak, values[m + k]! * direction, ties === 'any')) return false
    if (k <= left && !beats(peak, values[m - k]! * direction, ties !== 'strict')) return false
  }
  return true
}

const beats = (peak: number, other: number, mayEqual: boolean): boolean =>
  mayEqual ? peak >= other : peak > other

/** Throws a RangeError unless both sides are whole numbers of at least 1. */
export function mustBeSwingRule({ left, right }: SwingRule): void {
  for (const side of [left, right]) {
    if (!(Number.isInteger(side) && side >= 1)) throw new RangeError(`a swing cannot beat ${side} candles`)
  }
}
