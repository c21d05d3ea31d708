import type { Across } from './across.ts'
import { arrowBox, arrowOf, drawArrow } from './arrow.ts'
import { fullInstant } from './exchangeTime.ts'
import { exactPrice, signedPercent } from './figures.ts'
import { drawFillLabel } from './fillLabel.ts'
import { labelSpace } from './labelSpace.ts'
import type { Frame } from './layout.ts'
import type { Scale } from './scales.ts'
import { element, tooltip } from './svg.ts'
import type { FillMark, MarkGroup } from './tradeMarks.ts'

/** Arrows at entries and exits with their prices, as far as there is room; pointed at, every arrow tells all. */
export function drawFillMarks(groups: readonly MarkGroup[], across: Across, frame: Frame, y: Scale): string {
  const arrows = groups.map((group) => arrowOf(group, across, y))
  const about = { across, y, frame, space: labelSpace(frame) }
  for (const arrow of arrows) about.space.takeAll([arrowBox(arrow)])
  const labelled = arrows.map((arrow) => ({ arrow, label: drawFillLabel(arrow, about) }))
  return labelled
    .map(({ arrow, label }) =>
      element('g', { class: arrow.group[0].kind }, tooltip(told(arrow.group)), drawArrow(arrow), label),
    )
    .join('')
}

const told = (group: MarkGroup): string => (group.length === 1 ? toldOne(group[0]) : toldMany(group))

const toldOne = ({ kind, price, at, reason, returnPct }: FillMark): string =>
  [
    `${kind === 'entry' ? 'Entry' : 'Exit'} at ${exactPrice(price)}, ${fullInstant(at)} New York`,
    reason,
    ...(kind === 'exit' && returnPct !== null ? [`Return ${signedPercent(returnPct)}`] : []),
  ].join('\n')

/** How many of a group are told one by one. */
const MOST_TOLD = 8

function toldMany(group: MarkGroup): string {
  const lines = group.slice(0, MOST_TOLD).map(({ price, at }) => `${exactPrice(price)}, ${fullInstant(at)}`)
  const rest = group.length > MOST_TOLD ? [`and ${group.length - MOST_TOLD} more`] : []
  return [`${group.length} ${group[0].kind === 'entry' ? 'entries' : 'exits'}`, ...lines, ...rest].join('\n')
}
