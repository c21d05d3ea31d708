import { FONT, type Frame } from './layout.ts'
import { box, horizontal } from './paths.ts'
import type { Scale, Ticks } from './scales.ts'
import { path, text } from './svg.ts'
import { textWidth } from './textWidth.ts'

/** How a panel's values are written at its axis. */
export type Written = (value: number, decimals: number) => string

/** Lines across the panel at round values. */
export const gridLines = ({ left, right }: Frame, { values }: Ticks, y: Scale): string =>
  path('grid', values.map((value) => horizontal(left, right, Math.round(y(value)) + 0.5)).join(''))

/** The round values themselves, right of the panel, but for those that a tag at `tagged` would cover. */
export const axisLabels = (
  { right }: Frame,
  { values, decimals }: Ticks,
  y: Scale,
  written: Written,
  tagged = Number.NaN,
): string =>
  values
    .filter((value) => !(Math.abs(y(value) - y(tagged)) < TAG_HEIGHT))
    .map((value) => text(right + 8, y(value) + 4, written(value, decimals), { class: 'muted small' }))
    .join('')

const TAG_HEIGHT = 16

/** The newest value in a box on the axis, over the labels. */
export function axisTag({ right }: Frame, value: number, y: Scale, written: string): string {
  if (!Number.isFinite(value)) return ''
  const middle = Math.round(y(value))
  const width = textWidth(written, FONT.small) + 10
  const ground = path(
    'tag',
    box(right + 3, middle - TAG_HEIGHT / 2, right + 3 + width, middle + TAG_HEIGHT / 2),
  )
  return ground + text(right + 8, middle + 4, written, { class: 'tagText small' })
}

/** A panel's name above it. */
export const caption = ({ left, top }: Frame, content: string): string =>
  text(left, top - 7, content, { class: 'small muted' })
