import type { EpochMs } from '../market/time.ts'
import type { Column } from './drawn.ts'
import { exchangeMs } from './exchangeTime.ts'
import { FONT } from './layout.ts'
import { textWidth } from './textWidth.ts'
import { DAY, RULERS, type TimeUnit } from './timeUnit.ts'

export interface TimeTick {
  /** The first slot in it. */
  readonly slot: number
  /** Where its line is drawn, in slots: at the middle of that slot, or before it. */
  readonly line: number
  readonly label: string
}

/** Two rows of an axis. */
export interface TimeTicks {
  readonly fine: readonly TimeTick[]
  readonly coarse: readonly TimeTick[]
}

/** Pixels between two labels. */
const GAP = 14

/**
 * Where the axis of candles that start at `times`, `pitch` pixels apart, is cut, and what is written there. Candles of a
 * day or more have no time of day to tell.
 */
export function timeTicks(times: Column, pitch: number): TimeTicks {
  const beginnings = beginningsIn(times)
  const labelled = (unit: TimeUnit) => bestLabelled(times, beginnings(unit), unit, pitch)
  const daily = times.length > 1 && beginnings(DAY).length === times.length
  for (const { fine, coarse } of RULERS) {
    const ticks = daily && !fine.ofDays ? null : labelled(fine)
    if (ticks) return { fine: ticks, coarse: (coarse && labelled(coarse)) ?? [] }
  }
  return { fine: [], coarse: [] }
}

/** Finds the slots at which a unit begins, the first one included; spans of days are looked for among days alone. */
function beginningsIn(times: Column): (unit: TimeUnit) => number[] {
  const shown = times.map((at) => exchangeMs(at as EpochMs))
  const among = (slots: readonly number[], { number }: TimeUnit) =>
    slots.filter((slot, k) => k === 0 || number(shown[slot]!) !== number(shown[slots[k - 1]!]!))
  const all = [...times.keys()]
  const days = among(all, DAY)
  return (unit) => among(unit.ofDays ? days : all, unit)
}

/** With the longest labels that stand beside each other, or null where none do. */
function bestLabelled(
  times: Column,
  slots: readonly number[],
  { labels, ofDays }: TimeUnit,
  pitch: number,
): TimeTick[] | null {
  const room = usualDistance(slots) * pitch - GAP
  const line = (slot: number) => (ofDays ? slot - 0.5 : slot)
  for (const label of room > 0 ? labels : []) {
    const tick = (slot: number) => ({ slot, line: line(slot), label: label(times[slot] as EpochMs) })
    const ticks = slots.map(tick)
    if (widest(ticks) <= room) return ticks
  }
  return null
}

const widest = (ticks: readonly TimeTick[]): number =>
  Math.max(0, ...ticks.map(({ label }) => textWidth(label, FONT.small)))

/** A distance that three quarters of the ticks have at least: days and months are not alike. */
function usualDistance(slots: readonly number[]): number {
  const distances = slots.slice(1).map((slot, k) => slot - slots[k]!)
  return distances.sort((a, b) => a - b)[distances.length >> 2] ?? Number.POSITIVE_INFINITY
}
