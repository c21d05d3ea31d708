import type { Across } from './across.ts'
import { axisLabels, caption, gridLines } from './axis.ts'
import { compact } from './figures.ts'
import { heightOf } from './layout.ts'
import { box } from './paths.ts'
import type { Picture } from './picture.ts'
import { domainOf, linear, roomy, roundTicks, type Scale } from './scales.ts'
import { group, path } from './svg.ts'

const APART = 16
const WIDEST = 15
/** Shares that the axis spans at least. */
const FEW = 10

/** Shares traded in each candle. */
export function volumePanel({ across, layout: { volume: frame } }: Picture): string {
  const domain = roomy(domainOf([0, FEW], across.drawn.candles.volume), 0, 0.05)
  const y = linear(domain, frame.bottom, frame.top)
  const ticks = roundTicks(domain, heightOf(frame) / APART)
  return group(
    'volumes',
    gridLines(frame, ticks, y),
    path('volume', bars(across, y)),
    caption(frame, 'Volume, shares'),
    axisLabels(frame, ticks, y, compact),
  )
}

function bars({ drawn, x, pitch }: Across, y: Scale): string {
  const half = Math.min(pitch * 0.68, WIDEST) / 2
  const bar = (shares: number, slot: number) =>
    shares > 0 && Number.isFinite(shares) ? box(x(slot) - half, y(shares), x(slot) + half, y(0)) : ''
  return Array.from(drawn.candles.volume, bar).join('')
}
