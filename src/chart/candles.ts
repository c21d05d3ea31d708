import type { Across } from './across.ts'
import { box, vertical } from './paths.ts'
import type { Scale } from './scales.ts'
import { path } from './svg.ts'

/** Heights of a candle, in pixels. */
interface Heights {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

/** How candles look that are so many pixels apart. */
interface Look {
  readonly leastPitch: number
  readonly up: string
  readonly down: string
  shape(x: number, pitch: number, heights: Heights): string
}

const WIDEST_BODY = 15

/** Hollow and filled bodies on whole pixels; narrow ones, told apart by colour; and the range alone. */
const LOOKS: readonly Look[] = [
  { leastPitch: 4.5, up: 'up', down: 'down', shape: sharpCandle },
  { leastPitch: 1.9, up: 'upNarrow', down: 'downNarrow', shape: narrowCandle },
  { leastPitch: 0, up: 'upRange', down: 'downRange', shape: range },
]

/** Candles, those that close below their open apart from the others: one path for each. */
export function drawCandles({ drawn: { candles }, x, pitch }: Across, y: Scale): string {
  const look = LOOKS.find(({ leastPitch }) => pitch >= leastPitch)!
  const paths = { up: '', down: '' }
  for (const [slot, open] of candles.open.entries()) {
    const [high, low, close] = [candles.high[slot]!, candles.low[slot]!, candles.close[slot]!]
    if (![open, high, low, close].every(Number.isFinite)) continue
    const heights = { open: y(open), high: y(high), low: y(low), close: y(close) }
    paths[close < open ? 'down' : 'up'] += look.shape(x(slot), pitch, heights)
  }
  return path(look.up, paths.up) + path(look.down, paths.down)
}

function sharpCandle(x: number, pitch: number, heights: Heights): string {
  return candle(Math.floor(x) + 0.5, Math.floor(Math.min(pitch * 0.68, WIDEST_BODY) / 2), heights)
}

function narrowCandle(x: number, pitch: number, heights: Heights): string {
  return candle(x, pitch * 0.3, heights)
}

function candle(x: number, half: number, { open, high, low, close }: Heights): string {
  const [top, bottom] = [Math.min(open, close), Math.max(open, close)]
  return vertical(x, high, top) + box(x - half, top, x + half, bottom) + vertical(x, bottom, low)
}

/** At least a pixel high, so that a candle without a range shows. */
function range(x: number, _pitch: number, { high, low }: Heights): string {
  return vertical(x, high, Math.max(low, high + 1))
}
