import { type Across, acrossOf, LEAST_PITCH } from './across.ts'
import { showsLevels } from './drawn.ts'
import { type HeaderLine, headerLines } from './header.ts'
import { FONT, type Layout, LINE, layoutOf, plotOf } from './layout.ts'
import { type LegendEntry, legendRows } from './legend.ts'
import { notesOf } from './notes.ts'
import type { ChartSubject } from './subject.ts'
import { type SwingMarks, swingMarks } from './swings.ts'
import { wrapped } from './textWidth.ts'
import { isCrowded } from './tradeLayer.ts'
import { type MarkGroup, markGroups, type TradeMark, tradeMarks } from './tradeMarks.ts'

/** In pixels. Without a width the picture is as wide as its candles ask for. */
export interface PictureSize {
  readonly width?: number
  readonly height?: number
  /** Whether it says what it shows, which a page around it may do already. */
  readonly headed?: boolean
}

/** In pixels, both ends included. */
const SIZE_LIMITS = { width: { min: 480, max: 4_000 }, height: { min: 480, max: 4_000 } } as const

/** What every part of a picture draws from. */
export interface Picture extends Marked, Words {
  readonly subject: ChartSubject
  readonly layout: Layout
}

/** What is marked at which slot. */
interface Marked {
  readonly across: Across
  readonly trades: readonly TradeMark[]
  readonly marks: readonly MarkGroup[]
  readonly swings: SwingMarks
}

/** What stands around the panels, in lines that fit the picture. */
interface Words {
  readonly header: readonly HeaderLine[]
  readonly legend: readonly (readonly LegendEntry[])[]
  readonly notes: readonly string[]
}

/** Throws a RangeError on a size outside `SIZE_LIMITS`. */
export function pictureOf(subject: ChartSubject, size: PictureSize): Picture {
  const width = within('width', size.width ?? widthFor(subject.outcome.candles.length))
  const height = within('height', size.height ?? heightFor(width))
  const marked = markedOf(subject, acrossOf(subject, plotOf(width)))
  const words = wordsOf(subject, marked, { width, height, headed: size.headed ?? true })
  const { header, legend, notes } = words
  const counts = { header: header.length, legend: legend.length, footer: notes.length }
  return { subject, layout: layoutOf(width, height, counts), ...marked, ...words }
}

function markedOf(subject: ChartSubject, across: Across): Marked {
  const trades = tradeMarks(subject, across)
  return { across, trades, marks: markGroups(trades, across), swings: swingMarks(subject, across) }
}

function wordsOf(subject: ChartSubject, marked: Marked, size: Required<PictureSize>): Words {
  const { across, trades } = marked
  const room = size.width - 2 * plotOf(size.width).left
  const notes = notesOf(subject, { ...marked, ...across, crowded: isCrowded(trades, across) })
  return {
    header: size.headed ? headerLines(subject, room) : [],
    legend: legendRows(subject, showsLevels(across.drawn), room),
    notes: notes.flatMap((note) => wrapped(note, FONT.small, room)).slice(0, mostNotes(size.height)),
  }
}

/** A low picture keeps its height for its panels: notes that find no line are in the report. */
const mostNotes = (height: number): number => Math.max(3, Math.floor((height - 420) / LINE))

const WIDTH = 1_280
const LEAST_HEIGHT = 900
/** So many candles are drawn one by one without being asked. */
const MOST_ALONE = 2_000

/** Wider for many candles, so that each gets its pixel; more than 2,000 are summed up in the usual width. */
function widthFor(candles: number): number {
  const plot = plotOf(WIDTH)
  const beside = WIDTH - (plot.right - plot.left)
  return candles > MOST_ALONE ? WIDTH : Math.max(WIDTH, candles * LEAST_PITCH + beside)
}

/** Never flatter than 16 to 9. */
const heightFor = (width: number): number => Math.max(LEAST_HEIGHT, Math.round((width * 9) / 16))

function within(name: 'width' | 'height', value: number): number {
  const { min, max } = SIZE_LIMITS[name]
  if (value >= min && value <= max) return Math.round(value)
  throw new RangeError(`a picture's ${name} is ${min} to ${max} pixels, not ${value}`)
}
