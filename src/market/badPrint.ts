import { type SessionPart, sessionPartAt } from './sessionPart.ts'
import type { EpochMs } from './time.ts'

/** What the judgement reads of bars, oldest first: prices in any unit. A `BarSeries` is one. */
export interface PriceColumns {
  readonly length: number
  readonly time: ArrayLike<number>
  readonly high: ArrayLike<number>
  readonly low: ArrayLike<number>
  readonly close: ArrayLike<number>
}

/** `badPrint`: a single bar that leaps out and comes back · `jump`: a price that cannot be one of this session. */
export type SuspectKind = 'badPrint' | 'jump'

export interface Suspect {
  readonly index: number
  readonly kind: SuspectKind
  /** How far the bar reaches beyond its neighbours, as a fraction of their price. */
  readonly reach: number
}

/** Neighbours on each side that a bar is judged by. What changes with a bar are verdicts this many bars around it. */
export const NEIGHBOURS = 5
const FEWEST_NEIGHBOURS = 3
/** Beyond twice its neighbours, or below half: exchanges pause a stock long before (SEC: Limit Up-Limit Down). */
const JUMP = 2
/** A standard deviation of normal noise is 1.4826 median absolute deviations. */
const MAD_TO_SIGMA = 1.4826
const NOISE_SIGMAS = 12

interface Rule {
  /** The least reach that counts, as a fraction of the price. */
  readonly leastReach: number
  /** Neighbours further away say nothing about a bar. */
  readonly withinMs: number
}

const LEAST_TICKS = 5
const REGULAR: Rule = { leastReach: 0.0025, withinMs: 120_000 }
/** Outside regular hours spreads are wide, trades are few, and late reports are usual. */
const EXTENDED: Rule = { leastReach: 0.0075, withinMs: 600_000 }
const RULES: Readonly<Record<SessionPart, Rule>> = { early: EXTENDED, regular: REGULAR, late: EXTENDED }

/**
 * The suspected bars of seconds. A bar is a bad print when its high (or its low, mirrored)
 *
 * - lies beyond the bars next to it and beyond the medians of up to five closes on either side, which must both be
 *   known: it has come back;
 * - by at least 0.25 % (0.75 % outside regular hours) and five ticks;
 * - and by at least twelve standard deviations of the neighbours' noise, measured by the median absolute deviation
 *   from the median of their side and by the median absolute move from one to the next.
 *
 * It is a jump when it lies beyond twice (or below half) the median of each side that is known: one is enough, so that
 * the newest bar is judged too. Neighbours are of the same part of the same session. The verdict on a bar depends on
 * nothing but itself and its neighbours; two bad bars in a row are taken for a move.
 */
export function suspects(bars: PriceColumns, tick: number): Suspect[] {
  const found: Suspect[] = []
  for (let i = 0; i < bars.length; i++) {
    if (!leaps(bars, i)) continue
    const suspect = judged(bars, i, tick)
    if (suspect) found.push(suspect)
  }
  return found
}

/** Cheap, and true of every bar that may be suspect: it reaches well beyond some bar that lies next to it or near. */
function leaps({ length, high, low, close }: PriceColumns, i: number): boolean {
  for (let j = Math.max(0, i - NEIGHBOURS); j < Math.min(length, i + NEIGHBOURS + 1); j++) {
    const reach = REGULAR.leastReach * close[j]!
    if (high[i]! - close[j]! >= reach || close[j]! - low[i]! >= reach) return true
  }
  return false
}

/** One side of a bar: its neighbours' closes and what is in the middle of them. */
interface Side {
  readonly closes: readonly number[]
  readonly median: number
  /** The bar next to the judged one. */
  readonly nearest: number
}

function judged(bars: PriceColumns, i: number, tick: number): Suspect | null {
  const part = sessionPartAt(bars.time[i] as EpochMs)
  if (part === null) return null
  const rule = RULES[part.part]
  const within = (j: number) =>
    j >= 0 &&
    j < bars.length &&
    bars.time[j]! >= part.from &&
    bars.time[j]! < part.to &&
    Math.abs(bars.time[j]! - bars.time[i]!) <= rule.withinMs
  const sides = [sideOf(bars, i, -1, within), sideOf(bars, i, 1, within)].filter((side) => side !== null)
  return jumpOf(bars, i, sides) ?? printOf(bars, i, sides, rule, tick)
}

function sideOf(bars: PriceColumns, i: number, step: -1 | 1, within: (j: number) => boolean): Side | null {
  const closes: number[] = []
  for (let j = i + step; closes.length < NEIGHBOURS && within(j); j += step) closes.push(bars.close[j]!)
  if (closes.length < FEWEST_NEIGHBOURS) return null
  return { closes, median: medianOf(closes), nearest: i + step }
}

function jumpOf(bars: PriceColumns, i: number, sides: readonly Side[]): Suspect | null {
  if (sides.length === 0) return null
  const up = bars.high[i]! / Math.max(...sides.map(({ median }) => median))
  const down = Math.min(...sides.map(({ median }) => median)) / bars.low[i]!
  const ratio = Math.max(up, down)
  return ratio >= JUMP ? { index: i, kind: 'jump', reach: ratio - 1 } : null
}

function printOf(
  bars: PriceColumns,
  i: number,
  sides: readonly Side[],
  rule: Rule,
  tick: number,
): Suspect | null {
  if (sides.length < 2) return null
  const above =
    bars.high[i]! - Math.max(...sides.flatMap(({ median, nearest }) => [median, bars.high[nearest]!]))
  const below =
    Math.min(...sides.flatMap(({ median, nearest }) => [median, bars.low[nearest]!])) - bars.low[i]!
  const price = medianOf(sides.map(({ median }) => median))
  const reach = Math.max(above, below)
  const least = Math.max(rule.leastReach * price, LEAST_TICKS * tick, NOISE_SIGMAS * noiseOf(sides))
  return reach >= least ? { index: i, kind: 'badPrint', reach: reach / price } : null
}

/** The larger of two robust measures: either alone is zero among closes that hop between two prices, or that trend. */
function noiseOf(sides: readonly Side[]): number {
  const deviations = sides.flatMap(({ closes, median }) => closes.map((close) => Math.abs(close - median)))
  const moves = sides.flatMap(({ closes }) => closes.slice(1).map((close, k) => Math.abs(close - closes[k]!)))
  return MAD_TO_SIGMA * Math.max(medianOf(deviations), medianOf(moves))
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
