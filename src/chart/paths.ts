import type { Column } from './drawn.ts'
import type { Scale } from './scales.ts'
import { coordinate } from './svg.ts'

/** Where a slot's middle lies, in pixels. */
type Across = (slot: number) => number

/** A line through the values, interrupted where there is none. */
export function linePath(values: Column, x: Across, y: Scale): string {
  let d = ''
  let drawing = false
  for (const [slot, value] of values.entries()) {
    const known = Number.isFinite(value)
    if (known) d += `${drawing ? 'L' : 'M'}${coordinate(x(slot))} ${coordinate(y(value))}`
    drawing = known
  }
  return d
}

/**
 * Steps: each value holds from its slot to the next one, where the new value stands. So a level rises at the candle
 * that confirmed it, at whose close it is known, and not before.
 */
export function stepPath(values: Column, x: Across, y: Scale): string {
  let d = ''
  let before = Number.NaN
  for (const [slot, value] of values.entries()) {
    if (!Object.is(value, before)) d += stepAt(x(slot), y(before), y(value))
    before = value
  }
  const end = values.length - 0.5
  return Number.isFinite(before) ? `${d}H${coordinate(x(end))}` : d
}

/** From the height before to the new one; either may be unknown. */
function stepAt(x: number, before: number, after: number): string {
  const end = Number.isFinite(before) ? `H${coordinate(x)}` : ''
  if (!Number.isFinite(after)) return end
  return end === '' ? `M${coordinate(x)} ${coordinate(after)}` : `${end}V${coordinate(after)}`
}

/** The area between a line and a base, one shape for each uninterrupted run. */
export function areaPath(values: Column, x: Across, y: Scale, base: number): string {
  let d = ''
  for (const [begin, end] of knownRuns(values)) {
    d += `M${coordinate(x(begin))} ${coordinate(y(base))}`
    for (let slot = begin; slot < end; slot++) d += `L${coordinate(x(slot))} ${coordinate(y(values[slot]!))}`
    d += `V${coordinate(y(base))}Z`
  }
  return d
}

/** The spans [begin, end) without a gap. */
function knownRuns(values: Column): [number, number][] {
  const runs: [number, number][] = []
  for (const [slot, value] of values.entries()) {
    if (!Number.isFinite(value)) continue
    const open = runs.at(-1)
    if (open && open[1] === slot) open[1] = slot + 1
    else runs.push([slot, slot + 1])
  }
  return runs
}

/** A filled rectangle. */
export const box = (left: number, top: number, right: number, bottom: number): string =>
  `M${coordinate(left)} ${coordinate(top)}H${coordinate(right)}V${coordinate(bottom)}H${coordinate(left)}Z`

export const horizontal = (left: number, right: number, y: number): string =>
  `M${coordinate(left)} ${coordinate(y)}H${coordinate(right)}`

export const vertical = (x: number, top: number, bottom: number): string =>
  `M${coordinate(x)} ${coordinate(top)}V${coordinate(bottom)}`
