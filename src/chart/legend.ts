import { FONT, type Frame, LINE } from './layout.ts'
import { box, horizontal, vertical } from './paths.ts'
import type { ChartSubject } from './subject.ts'
import { element, group, path, text } from './svg.ts'
import { textWidth } from './textWidth.ts'

/** A sample of what is drawn, and its name. */
export interface LegendEntry {
  readonly name: string
  /** Drawn from x on, `SAMPLE` wide, about the height y. */
  sample(x: number, y: number): string
}

const SAMPLE = 20
const GAP = { name: 5, entry: 14 } as const

/** The names of everything in the price panel, in rows that fit the room. */
export function legendRows(subject: ChartSubject, withLevels: boolean, room: number): LegendEntry[][] {
  const rows: LegendEntry[][] = [[]]
  let used = 0
  for (const entry of entriesOf(subject, withLevels)) {
    if (used > 0 && used + widthOf(entry) > room) rows.push([])
    used = rows.at(-1)!.length === 0 ? widthOf(entry) : used + widthOf(entry)
    rows.at(-1)!.push(entry)
  }
  return rows
}

export function drawLegend(
  rows: readonly (readonly LegendEntry[])[],
  { left, top }: Pick<Frame, 'left' | 'top'>,
): string {
  const drawn = rows.flatMap((row, k) => {
    let x = left
    return row.map((entry) => {
      const markup = drawEntry(entry, x, top + k * LINE + 5)
      x += widthOf(entry)
      return markup
    })
  })
  return group('legend', ...drawn)
}

const drawEntry = (entry: LegendEntry, x: number, y: number): string =>
  entry.sample(x, y) + text(x + SAMPLE + GAP.name, y + 4, entry.name, { class: 'muted small' })

const widthOf = ({ name }: LegendEntry): number => SAMPLE + GAP.name + textWidth(name, FONT.small) + GAP.entry

export const line = (className: string) => (x: number, y: number) =>
  path(className, horizontal(x, x + SAMPLE, y))
const ring = (className: string) => (x: number, y: number) =>
  group(className, element('circle', { cx: x + SAMPLE / 2, cy: y, r: 3.4 }))
const candle = (className: string) => (x: number, y: number) =>
  path(
    className,
    vertical(x + 10.5, y - 7, y - 4) + box(x + 7, y - 4, x + 14, y + 4) + vertical(x + 10.5, y + 4, y + 7),
  )
const arrow = (className: string, tip: -1 | 1) => (x: number, y: number) =>
  group(className, element('path', { class: 'arrow', d: `M${x + 10} ${y + tip * 4}l5 ${-tip * 8}h-10Z` }))
const shade = (className: string) => (x: number, y: number) =>
  path(className, box(x, y - 6, x + SAMPLE, y + 6))

function entriesOf(subject: ChartSubject, withLevels: boolean): LegendEntry[] {
  return [
    { name: 'up candle', sample: candle('up') },
    { name: 'down candle', sample: candle('down') },
    { name: averageTold(subject), sample: line('average') },
    ...(withLevels ? LEVELS : []),
    { name: 'entry', sample: arrow('entry', -1) },
    { name: 'exit', sample: arrow('exit', 1) },
    { name: 'held at a gain', sample: shade('heldGain') },
    { name: 'held at a loss', sample: shade('heldLoss') },
    ...(subject.outcome.openTrade ? [{ name: 'still open', sample: shade('heldOpen') }] : []),
  ]
}

const LEVELS: readonly LegendEntry[] = [
  { name: 'swing high', sample: ring('swingHighs') },
  { name: 'breakout level', sample: line('breakout') },
  { name: 'swing low', sample: ring('swingLows') },
  { name: 'swing low level', sample: line('swingLow') },
  { name: 'stop', sample: line('stop') },
]

function averageTold({ request: { strategy }, outcome }: ChartSubject): string {
  const known = outcome.lines.movingAverage.some(Number.isFinite)
  return `${strategy.ma.toUpperCase()} ${strategy.length}${known ? '' : ' (not known yet)'}`
}
