import type { Across } from './across.ts'
import type { Column } from './drawn.ts'
import type { Scale } from './scales.ts'
import type { ChartSubject } from './subject.ts'
import { element, group } from './svg.ts'

/** A swing where it is drawn: at its own candle, not at the one that confirmed it. */
interface SwingMark {
  readonly slot: number
  readonly price: number
}

export interface SwingMarks {
  readonly highs: readonly SwingMark[]
  readonly lows: readonly SwingMark[]
  /** Swings that give way to a more extreme one close by. */
  readonly left: number
}

/** Pixels between marks below which only the more extreme one is drawn. */
const APART = 7

/** The swings of a run, thinned where they would touch. */
export function swingMarks({ outcome }: ChartSubject, across: Across): SwingMarks {
  const { candles, pivotHighs, pivotLows } = outcome
  const highs = thinned(pivotHighs, candles.high, 1, across)
  const lows = thinned(pivotLows, candles.low, -1, across)
  return { highs, lows, left: pivotHighs.length + pivotLows.length - highs.length - lows.length }
}

/** Rings at the swings' prices. */
export const drawSwings = ({ highs, lows }: SwingMarks, across: Across, y: Scale): string =>
  group('swingHighs', ...highs.map((mark) => ring(mark, across, y))) +
  group('swingLows', ...lows.map((mark) => ring(mark, across, y)))

function ring({ slot, price }: SwingMark, { x, pitch }: Across, y: Scale): string {
  const r = Math.min(3.6, Math.max(1.7, pitch * 0.45))
  return element('circle', { cx: x(slot), cy: y(price), r })
}

/** `sign` 1 keeps the higher of two neighbours, -1 the lower. */
function thinned(pivots: Int32Array, prices: Column, sign: 1 | -1, { drawn, pitch }: Across): SwingMark[] {
  const kept: SwingMark[] = []
  for (const index of pivots) {
    const mark = { slot: drawn.slotOf(index), price: prices[index]! }
    const before = kept.at(-1)
    if (!Number.isFinite(mark.price)) continue
    if (!before || (mark.slot - before.slot) * pitch >= APART) kept.push(mark)
    else if (sign * mark.price > sign * before.price) kept[kept.length - 1] = mark
  }
  return kept
}
