import { drawHeader } from './header.ts'
import { FONT, type Frame, LINE } from './layout.ts'
import { drawLegend } from './legend.ts'
import { box } from './paths.ts'
import { type Picture, type PictureSize, pictureOf } from './picture.ts'
import { pricePanel } from './pricePanel.ts'
import { drawdownPanel, equityPanel } from './resultPanels.ts'
import type { ChartSubject } from './subject.ts'
import { type Attributes, element, escaped, group, path, text } from './svg.ts'
import { chartStyle, type Theme } from './theme.ts'
import { drawTimeAxis, ticksOf, timeLines } from './timeAxis.ts'
import { shadeHoldings } from './tradeLayer.ts'
import { volumePanel } from './volumePanel.ts'
import { describe, titleOf } from './wording.ts'

export interface ChartOptions extends PictureSize {
  readonly theme: Theme
}

/** A backtest as a picture: a document of SVG that needs nothing else. Throws a RangeError on a size out of bounds. */
export function chartSvg(subject: ChartSubject, { theme, ...size }: ChartOptions): string {
  const picture = pictureOf(subject, size)
  return element('svg', rootOf(picture), ...naming(subject), styleOf(theme), ...drawParts(picture))
}

/** The same without a heading and without colours, for a page that brings both, `chartStyle` too. */
export function chartMarkup(subject: ChartSubject): string {
  const picture = pictureOf(subject, { width: PAGE_WIDTH, headed: false })
  return element('svg', rootOf(picture), ...naming(subject), ...drawParts(picture))
}

const FAMILY = "'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans Condensed', sans-serif"
/** Pixels: wider pictures would be shrunk to it, letters too. */
const PAGE_WIDTH = 1_280

const rootOf = ({ layout: { width, height } }: Picture): Attributes => ({
  xmlns: 'http://www.w3.org/2000/svg',
  class: 'chart',
  width,
  height,
  viewBox: `0 0 ${width} ${height}`,
  role: 'img',
  'aria-labelledby': 'chart-title chart-description',
  'font-family': FAMILY,
})

const naming = (subject: ChartSubject): string[] => [
  element('title', { id: 'chart-title' }, escaped(titleOf(subject))),
  element('desc', { id: 'chart-description' }, escaped(describe(subject))),
]

const styleOf = (theme: Theme): string => element('style', {}, chartStyle(theme))

function drawParts(picture: Picture): string[] {
  const { layout, header, legend, notes, subject } = picture
  const empty = subject.outcome.candles.length === 0
  return [
    path('ground', box(0, 0, layout.width, layout.height)),
    drawHeader(header, layout.header),
    drawLegend(legend, layout.legend),
    ...(empty ? [drawEmptiness(layout.price)] : drawPanels(picture)),
    drawNotes(notes, layout.footer),
  ]
}

/** Shades and lines of time lie under everything else. */
function drawPanels(picture: Picture): string[] {
  const { across, layout, trades } = picture
  const panels = [layout.price, layout.volume, layout.equity, layout.drawdown] as const
  const ticks = ticksOf(across)
  return [
    shadeHoldings(trades, across, panels),
    ...panels.map((frame) => timeLines(ticks, across, frame)),
    pricePanel(picture),
    volumePanel(picture),
    equityPanel(picture),
    drawdownPanel(picture),
    drawTimeAxis(ticks, across, layout.axis),
  ]
}

const drawEmptiness = ({ left, right, top, bottom }: Frame): string =>
  text((left + right) / 2, (top + bottom) / 2, 'There is no candle to draw.', {
    class: 'muted',
    'text-anchor': 'middle',
  })

const drawNotes = (notes: readonly string[], { left, top }: Frame): string =>
  group(
    'notes',
    ...notes.map((note, k) => text(left, top + k * LINE + FONT.small, note, { class: 'muted small' })),
  )
