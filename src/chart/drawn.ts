import { lowerBound } from '../market/series.ts'
import type { EpochMs } from '../market/time.ts'
import type { ChartSubject } from './subject.ts'

/** One value for each drawn candle; NaN where there is none. */
export type Column = Float64Array

/** What a picture draws at each slot of its x axis: a candle, or several summed up in one. */
export interface Drawn {
  /** Slots, at least 1. */
  readonly slots: number
  /** Candles of the run in one slot. */
  readonly per: number
  readonly candles: Columns<'time' | 'open' | 'high' | 'low' | 'close' | 'volume'>
  /** Prices. */
  readonly lines: Columns<'breakout' | 'swingLow' | 'movingAverage' | 'stop'>
  /** Fractions of the cash at the start, gained since; `drawdown` of the highest equity so far, never above 0. */
  readonly results: Columns<'equity' | 'hold' | 'drawdown'>
  /** The slot of a candle by its index. */
  slotOf(index: number): number
  /** The slot of the candle that holds an instant, or of the nearest one. */
  slotAt(at: EpochMs): number
}

/** Candles in one beyond which levels, stops and swings come and go inside a drawn candle. */
const MOST_WITH_LEVELS = 8

export const showsLevels = ({ per }: Drawn): boolean => per <= MOST_WITH_LEVELS

/** Sums candles up, evenly, so that at most `most` are drawn. */
export function drawn(subject: ChartSubject, most: number): Drawn {
  const { candles, lines } = subject.outcome
  const per = Math.max(1, Math.ceil(candles.length / most))
  const slots = Math.max(1, Math.ceil(candles.length / per))
  const slotOf = (index: number) => Math.min(Math.max(0, Math.floor(index / per)), slots - 1)
  const fold = <Name extends string>(columns: Columns<NoInfer<Name>>, joins: Joins<Name>) =>
    folded(columns, joins, candles.length, per)
  return {
    slots,
    per,
    slotOf,
    slotAt: (at) => slotOf(lowerBound(candles, (at + 1) as EpochMs) - 1),
    candles: fold(candles, CANDLES),
    lines: fold(lines, LINES),
    results: fold(resultsOf(subject), RESULTS),
  }
}

/** Joins the value so far with the next one of the same slot. */
type Join = (soFar: number, next: number) => number

const first: Join = (soFar) => soFar
const last: Join = (_, next) => next
const sum: Join = (soFar, next) => soFar + next
const highest: Join = (soFar, next) => (next > soFar || Number.isNaN(soFar) ? next : soFar)
const lowest: Join = (soFar, next) => (next < soFar || Number.isNaN(soFar) ? next : soFar)

type Columns<Name extends string> = Readonly<Record<Name, Column>>
type Joins<Name extends string> = Readonly<Record<Name, Join>>

const CANDLES = { time: first, open: first, high: highest, low: lowest, close: last, volume: sum }
const LINES = { breakout: last, swingLow: last, movingAverage: last, stop: last }
const RESULTS = { equity: last, hold: last, drawdown: lowest }

function folded<Name extends string>(
  columns: Columns<Name>,
  joins: Joins<Name>,
  length: number,
  per: number,
): Columns<Name> {
  const names = Object.keys(joins) as Name[]
  const each = names.map((name) => [name, foldedColumn(columns[name].subarray(0, length), per, joins[name])])
  return Object.fromEntries(each) as Columns<Name>
}

function foldedColumn(column: Column, per: number, join: Join): Column {
  if (per === 1) return column
  const result = new Float64Array(Math.ceil(column.length / per))
  for (const [i, value] of column.entries()) {
    const slot = Math.floor(i / per)
    result[slot] = i % per === 0 ? value : join(result[slot]!, value)
  }
  return result
}

const resultsOf = ({ request: { initialCash }, outcome }: ChartSubject): Drawn['results'] => ({
  equity: outcome.lines.equity.map((equity) => equity / initialCash - 1),
  hold: holding(outcome),
  drawdown: drawdownOf(outcome.lines.equity, initialCash),
})

/** What holding the symbol gains, so laid that it ends at the figure among the statistics. */
function holding({ candles, statistics }: ChartSubject['outcome']): Column {
  const { length, close } = candles
  const told = statistics.buyAndHoldReturn
  const base = told === null ? close[0]! : close[length - 1]! / (1 + told)
  return close.slice(0, length).map((price) => price / base - 1)
}

function drawdownOf(equity: Column, initialCash: number): Column {
  let peak = initialCash
  return equity.map((value) => {
    if (value > peak) peak = value
    return value / peak - 1
  })
}
