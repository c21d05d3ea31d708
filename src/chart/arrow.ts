import type { Across } from './across.ts'
import { type Frame, frameFrom } from './layout.ts'
import type { Scale } from './scales.ts'
import { coordinate, element } from './svg.ts'
import type { MarkGroup } from './tradeMarks.ts'

/** Where an arrow stands: below the candles that it points at for an entry, above them for an exit. */
export interface Arrow {
  readonly group: MarkGroup
  /** The tip, towards the candles. */
  readonly x: number
  readonly tip: number
  /** The other end, towards the label. */
  readonly foot: number
  readonly away: Away
}

/** 1 downwards, away from the lows; -1 upwards, away from the highs. */
export type Away = 1 | -1

/** Pixels. */
const WIDTH = 9
const HEIGHT = 8
const GAP = 5

export function arrowOf(group: MarkGroup, across: Across, y: Scale): Arrow {
  const slots = group.map(({ slot }) => slot)
  const [from, to] = [slots[0]!, slots.at(-1)!]
  const away = group[0].kind === 'entry' ? 1 : -1
  const tip = candleEdge(across, y, [from, to], away) + away * GAP
  return { group, x: (across.x(from) + across.x(to)) / 2, tip, foot: tip + away * HEIGHT, away }
}

export const arrowBox = ({ x, tip, foot }: Arrow): Frame => frameFrom(x, WIDTH, tip, foot)

export function drawArrow({ x, tip, foot }: Arrow): string {
  const [right, left] = [coordinate(x + WIDTH / 2), coordinate(x - WIDTH / 2)]
  const d = `M${coordinate(x)} ${coordinate(tip)}L${right} ${coordinate(foot)}H${left}Z`
  return element('path', { class: 'arrow', d })
}

/** The lowest point of candles in pixels, or the highest one, both ends of the span included. */
export function candleEdge(
  { drawn }: Across,
  y: Scale,
  [from, to]: readonly [number, number],
  away: Away,
): number {
  const prices = away === 1 ? drawn.candles.low : drawn.candles.high
  const heights = Array.from(prices.subarray(Math.max(0, from), to + 1), y).filter(Number.isFinite)
  if (heights.length === 0) return 0
  return away === 1 ? Math.max(...heights) : Math.min(...heights)
}
