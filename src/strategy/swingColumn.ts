import { type Direction, isSwing, type SwingRule } from './pivot.ts'

/**
 * At each candle `from` <= i < `to`, the index of the newest confirmed swing, or -1, into `newest`, which holds those
 * before: the same as `isSwing` at each `i - right`.
 *
 * Whether a candle tops the next one is a toss-up, and a jump that the processor guesses wrong costs it as much as ten
 * comparisons. So the candidates are sieved without jumps, distance by distance, and `isSwing` has the last word on the
 * few that are left. They wait in the rows of `newest` in front of their own: the k-th one in row `from + k`, and its swing
 * is known no earlier than there, so that from the last one back each is read before its row is written.
 */
export function fillSwings(
  values: Float64Array,
  direction: Direction,
  rule: SwingRule,
  newest: Int32Array,
  from: number,
  to: number,
): void {
  const { left, right } = rule
  const before = from > 0 ? newest[from - 1]! : -1
  let end = besideNone(values, direction, newest, from, Math.max(left, from - right), to - right)
  for (let k = 2; k <= left || k <= right; k++) {
    end = sieved(values, direction, newest, from, end, Math.min(k, left), Math.min(k, right))
  }
  let unfilled = to
  while (end > from) {
    const m = newest[--end]!
    if (!isSwing(values, m, direction, rule)) continue
    for (let i = m + right; i < unfilled; i++) newest[i] = m
    unfilled = m + right
  }
  for (let i = from; i < unfilled; i++) newest[i] = before
}

/** Writes the candles `first` <= m < `last` that neither neighbour tops into `rows` from `from` on; answers their end. */
function besideNone(
  values: Float64Array,
  direction: Direction,
  rows: Int32Array,
  from: number,
  first: number,
  last: number,
): number {
  let end = from
  let [older, peak] = [values[first - 1]! * direction, values[first]! * direction]
  for (let m = first; m < last; m++) {
    const newer = values[m + 1]! * direction
    rows[end] = m
    end += +(older <= peak) & +(newer <= peak)
    older = peak
    peak = newer
  }
  return end
}

/** Keeps of the candidates in `rows` those that are topped neither `older` candles before nor `newer` after. */
function sieved(
  values: Float64Array,
  direction: Direction,
  rows: Int32Array,
  from: number,
  to: number,
  older: number,
  newer: number,
): number {
  let end = from
  for (let k = from; k < to; k++) {
    const m = rows[k]!
    const peak = values[m]! * direction
    rows[end] = m
    end += +(values[m - older]! * direction <= peak) & +(values[m + newer]! * direction <= peak)
  }
  return end
}
