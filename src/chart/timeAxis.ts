import type { Across } from './across.ts'
import { type LabelSpace, labelSpace } from './labelSpace.ts'
import { FONT, type Frame, frameFrom } from './layout.ts'
import { vertical } from './paths.ts'
import { group, path, text } from './svg.ts'
import { textWidth } from './textWidth.ts'
import { type TimeTick, type TimeTicks, timeTicks } from './timeTicks.ts'

/** Pixels kept free beside a label. */
const GAP = 10
const ROW = 17

export const ticksOf = ({ drawn, pitch }: Across): TimeTicks => timeTicks(drawn.candles.time, pitch)

/** Lines over a panel: stronger where days begin, or months or years, than at a time of day. */
export function timeLines({ fine, coarse }: TimeTicks, { x }: Across, { top, bottom }: Frame): string {
  const lines = (ticks: readonly TimeTick[]) =>
    ticks.map(({ line }) => vertical(Math.round(x(line)) + 0.5, top, bottom)).join('')
  const begun = new Set([0, ...coarse.map(({ slot }) => slot)])
  const within = fine.filter(({ slot }) => !begun.has(slot))
  const [days, times] = [within.filter(beginsDay), within.filter((tick) => !beginsDay(tick))]
  return (
    path('grid', lines(times)) + path('separator', lines([...days, ...coarse.filter(({ slot }) => slot > 0)]))
  )
}

const beginsDay = ({ slot, line }: TimeTick): boolean => line < slot

/** Two rows of labels in exchange time: the finer one under its candles, the coarser one from its line on. */
export function drawTimeAxis({ fine, coarse }: TimeTicks, across: Across, frame: Frame): string {
  const space = labelSpace({ ...frame, left: 0, right: frame.right + 60 })
  const begun = new Set(coarse.map(({ slot }) => slot))
  const first = fine.filter(({ slot }) => begun.has(slot))
  const rest = fine.filter(({ slot }) => !begun.has(slot))
  return group(
    'time',
    ...[...first, ...rest].map((tick) => fineLabel(tick, across, frame, space)),
    ...wholeFirst(coarse).map((tick) => coarseLabel(tick, across, frame, space)),
  )
}

/** The first span is often cut: its label gives way to the next one's. */
const wholeFirst = ([first, ...rest]: readonly TimeTick[]): TimeTick[] => (first ? [...rest, first] : [])

function fineLabel({ line, label }: TimeTick, { x }: Across, { top }: Frame, space: LabelSpace): string {
  const width = textWidth(label, FONT.small) + GAP
  const middle = Math.max(x(line), width / 2)
  if (!space.takeAll([frameFrom(middle, width, top, top + ROW)])) return ''
  return text(middle, top + 13, label, { class: 'muted small', 'text-anchor': 'middle' })
}

function coarseLabel({ line, label }: TimeTick, { x }: Across, { top }: Frame, space: LabelSpace): string {
  const [left, row] = [x(line), { top: top + ROW, bottom: top + 2 * ROW }]
  if (!space.takeAll([{ left, right: left + textWidth(label, FONT.small) + GAP, ...row }])) return ''
  return text(left, top + ROW + 13, label, { class: 'small strong' })
}
