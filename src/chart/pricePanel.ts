import { axisLabels, axisTag, gridLines, type Written } from './axis.ts'
import { drawCandles } from './candles.ts'
import { showsLevels } from './drawn.ts'
import { decimal } from './figures.ts'
import { drawFillMarks } from './fillMarks.ts'
import { heightOf } from './layout.ts'
import { linePath, stepPath } from './paths.ts'
import type { Picture } from './picture.ts'
import { type Domain, domainOf, linear, roomy, roundTicks, type Scale } from './scales.ts'
import { group, path } from './svg.ts'
import { drawSwings } from './swings.ts'
import { aboveStrip, drawWays, isCrowded } from './tradeLayer.ts'

/** Pixels from one price to the next on the axis, at least. */
const APART = 38
/** Pixels from candle to candle below which lines are thin, so as not to hide them. */
const LEAST_WIDE = 2
/** Room for arrows and their labels, as a share of the prices' span. */
const ROOM = 0.1

/** Candles, both levels, the moving average, the stop, swings, and what was bought and sold. */
export function pricePanel(picture: Picture): string {
  const { across, layout, trades, marks } = picture
  const y = scaleOf(picture)
  const ticks = roundTicks(y.domain, heightOf(layout.price) / APART)
  const last = across.drawn.candles.close.at(-1) ?? Number.NaN
  return group(
    across.pitch < LEAST_WIDE ? 'price fine' : 'price',
    gridLines(layout.price, ticks, y.at),
    path('average', linePath(across.drawn.lines.movingAverage, across.x, y.at)),
    drawCandles(across, y.at),
    showsLevels(across.drawn) ? drawLevels(picture, y.at) : '',
    isCrowded(trades, across) ? '' : drawWays(trades, across, y.at),
    drawFillMarks(marks, across, aboveStrip(layout.price), y.at),
    axisLabels(layout.price, ticks, y.at, price, last),
    axisTag(layout.price, last, y.at, price(last, Math.max(2, ticks.decimals))),
  )
}

function drawLevels({ across, swings }: Picture, y: Scale): string {
  const { breakout, swingLow, stop } = across.drawn.lines
  return [
    path('breakout', stepPath(breakout, across.x, y)),
    path('swingLow', stepPath(swingLow, across.x, y)),
    path('stop', stepPath(stop, across.x, y)),
    drawSwings(swings, across, y),
  ].join('')
}

/** Cents, but for whole prices far apart. */
const price: Written = (value, decimals) => decimal(value, decimals === 0 ? 0 : Math.max(2, decimals))

/** Heights of prices, with room for arrows and labels above and below whatever is drawn. */
function scaleOf({ across: { drawn }, trades, layout: { price: frame } }: Picture): {
  domain: Domain
  at: Scale
} {
  const { high, low } = drawn.candles
  const fills = trades.flatMap(({ entry, markPrice }) => [entry.price, markPrice])
  const domain = roomy(domainOf(high, low, fills, ...Object.values(drawn.lines)), ROOM, ROOM)
  return { domain, at: linear(domain, frame.bottom, frame.top) }
}
