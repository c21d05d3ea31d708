import { axisLabels, axisTag, gridLines, type Written } from './axis.ts'
import { signed, signedPercent } from './figures.ts'
import { type Frame, heightOf } from './layout.ts'
import { drawLegend, type LegendEntry, line } from './legend.ts'
import { areaPath, horizontal, linePath } from './paths.ts'
import type { Picture } from './picture.ts'
import { type Domain, domainOf, linear, roomy, roundTicks, type Scale } from './scales.ts'
import { group, path } from './svg.ts'

const APART = 20
/** What a panel spans at least, so that nothing is not blown up: a tenth of a per cent. */
const LEAST = 0.001

/** Equity beside what holding the symbol would have made, both from the same cash. */
export function equityPanel({ across, layout: { equity: frame } }: Picture): string {
  const { equity, hold } = across.drawn.results
  const y = scaleOf(frame, roomy(domainOf([-LEAST, LEAST], equity, hold), 0.06, 0.06), equity.at(-1))
  return group(
    'equities',
    y.axis,
    path('zero', zeroLine(frame, y.at)),
    path('hold', linePath(hold, across.x, y.at)),
    path('equity', linePath(equity, across.x, y.at)),
    names(
      frame,
      { name: `Equity ${told(equity.at(-1))}`, sample: line('equity') },
      { name: `Buy and hold ${told(hold.at(-1))}`, sample: line('hold') },
    ),
    axisTag(frame, equity.at(-1) ?? Number.NaN, y.at, told(equity.at(-1))),
  )
}

/** How far equity lies below its highest so far. */
export function drawdownPanel({ across, layout: { drawdown: frame } }: Picture): string {
  const { drawdown } = across.drawn.results
  const y = scaleOf(frame, roomy(domainOf([-LEAST, 0], drawdown), 0.08, 0))
  const deepest = domainOf(drawdown)?.low
  return group(
    'drawdowns',
    y.axis,
    path('zero', zeroLine(frame, y.at)),
    path('drawdownArea', areaPath(drawdown, across.x, y.at, 0)),
    path('drawdown', linePath(drawdown, across.x, y.at)),
    names(frame, { name: `Drawdown, deepest ${told(deepest)}`, sample: line('drawdown') }),
  )
}

function scaleOf(frame: Frame, domain: Domain, tagged?: number): { at: Scale; axis: string } {
  const at = linear(domain, frame.bottom, frame.top)
  const ticks = roundTicks(domain, heightOf(frame) / APART)
  return { at, axis: gridLines(frame, ticks, at) + axisLabels(frame, ticks, at, perCent, tagged) }
}

/** Ticks are whole hundredths of a per cent or coarser, so two digits less than the fraction has. */
const perCent: Written = (value, decimals) => `${signed(value * 100, Math.max(0, decimals - 2))}\u00A0%`

const zeroLine = ({ left, right }: Frame, y: Scale): string => horizontal(left, right, Math.round(y(0)) + 0.5)

const told = (fraction: number | undefined): string =>
  fraction === undefined || !Number.isFinite(fraction) ? 'unknown' : signedPercent(fraction)

/** The names of a panel's lines, above it. */
const names = ({ left, top }: Frame, ...entries: readonly LegendEntry[]): string =>
  drawLegend([entries], { left, top: top - 16 })
