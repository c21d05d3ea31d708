import type { Across } from './across.ts'
import { type Arrow, candleEdge } from './arrow.ts'
import { money, signedPercent } from './figures.ts'
import type { LabelSpace } from './labelSpace.ts'
import { FONT, type Frame, frameFrom } from './layout.ts'
import { vertical } from './paths.ts'
import type { Scale } from './scales.ts'
import { path, text } from './svg.ts'
import { textWidth } from './textWidth.ts'
import type { MarkGroup } from './tradeMarks.ts'

/** What a label finds about it. */
export interface Surroundings {
  readonly across: Across
  readonly y: Scale
  readonly frame: Frame
  readonly space: LabelSpace
}

/** Pixels. */
const HEIGHT = 13
const GAP = 2
/** How far from its arrow a label may stand; beyond `ALONE` a line leads to it. */
const FARTHEST = 66
const ALONE = 8

/** An arrow's label, clear of candles and other labels, or nothing where it finds no room close by. */
export function drawFillLabel(arrow: Arrow, about: Surroundings): string {
  for (let step = 0; step * HEIGHT < FARTHEST; step++) {
    for (const content of contentsOf(arrow.group)) {
      const place = placeOf(content, arrow, step, about)
      if (Math.abs(place.near - arrow.foot) > FARTHEST) continue
      if (about.space.takeAll([place.box, leaderBox(arrow, place)])) return draw(content, arrow, place)
    }
  }
  return ''
}

/** What may be written, the fullest first. */
function contentsOf([mark, ...more]: MarkGroup): string[] {
  if (more.length > 0) return [`×${more.length + 1}`]
  if (mark.kind === 'entry' || mark.returnPct === null) return [money(mark.price)]
  return [`${money(mark.price)} ${signedPercent(mark.returnPct)}`, money(mark.price)]
}

interface Place {
  readonly x: number
  /** The edge towards the arrow. */
  readonly near: number
  readonly box: Frame
}

/** Clear of the candles beside the arrow, then so many steps farther off. */
function placeOf(
  content: string,
  { x, foot, away }: Arrow,
  step: number,
  { across, y, frame }: Surroundings,
): Place {
  const width = textWidth(content, FONT.small) + 4
  const inside = Math.min(Math.max(x, frame.left + width / 2), frame.right - width / 2)
  const slotAt = (pixel: number) => (pixel - across.x(0)) / across.pitch
  const span = [Math.floor(slotAt(inside - width / 2)), Math.ceil(slotAt(inside + width / 2))] as const
  const clear = candleEdge(across, y, span, away) + away * (GAP + 1)
  const nearest = foot + away * GAP
  const near = (away === 1 ? Math.max(nearest, clear) : Math.min(nearest, clear)) + away * step * HEIGHT
  return { x: inside, near, box: frameFrom(inside, width, near, near + away * HEIGHT) }
}

const leaderBox = ({ x, foot }: Arrow, { near }: Place): Frame => frameFrom(x, GAP, foot, near)

function draw(content: string, { group: [mark, ...more], x, foot, away }: Arrow, place: Place): string {
  const leader = Math.abs(place.near - foot) > ALONE ? path('leader', vertical(x, foot, place.near)) : ''
  const colour = mark.kind === 'exit' && more.length === 0 ? ` ${mark.ending}` : ''
  const baseline = place.near + (away === 1 ? HEIGHT - 3 : -3)
  return leader + text(place.x, baseline, content, { class: `halo small${colour}`, 'text-anchor': 'middle' })
}
