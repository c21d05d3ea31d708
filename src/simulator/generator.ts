import { dayNumberOf } from '../market/calendarDate.ts'
import { BarSeries } from '../market/series.ts'
import { previousSession, type Session, type SessionKind, sessionOn } from '../market/session.ts'
import { type EpochMs, HOUR_MS, plus, SECOND_MS, type TimeRange } from '../market/time.ts'
import { newYorkDay, newYorkInstant } from '../market/zone.ts'
import { type Climate, type DayFrame, dailyWalk } from './dailyWalk.ts'
import { type Incidents, isHalted, withIncidents } from './incidents.ts'
import { addSeconds, type Stretch } from './intraday.ts'
import { isStockSymbol } from './listings.ts'
import type { MarketSource } from './market.ts'
import { hashOf, randomFrom } from './noise.ts'
import { remembered } from './remembered.ts'
import { type Split, sharesFor, splitUp } from './splits.ts'

export interface GeneratorOptions extends Climate, Incidents {
  readonly seed: number
  /** What is listed; every plausible US stock when left out. */
  readonly symbols?: readonly string[]
  /** None when left out. */
  readonly splits?: readonly Split[]
}

/** Believable seconds of any US stock on any day: the same for the same seed, whatever was asked before. */
export function generatedMarket(options: GeneratorOptions): MarketSource {
  const { symbols } = options
  const daysOf = generatedDays(options)
  const has = (symbol: string) => (symbols ? symbols.includes(symbol) : isStockSymbol(symbol))
  return {
    hash: hashOfOptions(options),
    has,
    bars(symbol, session, kind) {
      const bars = has(symbol) ? daysOf(symbol, session, kind) : new BarSeries()
      return { stepMs: SECOND_MS, bars, first: 0, end: bars.length }
    },
    splits: (symbol) => splitsOf(options, symbol),
    isHalted: (symbol, at) => isHalted(options, symbol, at),
    firstTime: (symbol) => (has(symbol) ? sessionOn('1998-01-02', 'all')!.from : null),
    defaultStart: (now) => plus(previousSession(midnightOf(now), 'rth').from, HOUR_MS),
  }
}

/** As many symbols as there are lines of market data, and some. Of each the day asked for last is kept. */
const MAX_SYMBOLS = 128
/** Days that are kept besides, of all symbols: one in all hours takes about 1.3 MB. */
const MAX_DAYS = 48

const midnightOf = (now: EpochMs): EpochMs => newYorkInstant(newYorkDay(now), 0)

type Days = (symbol: string, session: Session, kind: SessionKind) => BarSeries

/**
 * The days of all symbols. Regular hours are the same whether they are asked for alone or with all the others. Who
 * reads a year of one symbol does not drive out the days that others are streaming.
 */
function generatedDays(options: GeneratorOptions): Days {
  const walkOf = remembered(MAX_SYMBOLS, (symbol) => dailyWalk(options.seed, symbol, options))
  const generator = { options, activities: activities(), scratch: new BarSeries(LONGEST_DAY_BARS) }
  const days = remembered(MAX_DAYS, (key) => {
    const [symbol, date, kind] = key.split(' ') as [string, string, SessionKind]
    const frame = walkOf(symbol)(dayNumberOf(date))
    return generateDay({ ...generator, symbol, date, frame }, kind)
  })
  const lastOf = remembered(MAX_SYMBOLS, (symbol) => remembered(1, (key) => days(`${symbol} ${key}`)))
  return (symbol, { date }, kind) => lastOf(symbol)(`${date} ${kind}`)
}

/** Markets that differ in more than seed and symbols have names of their own: their prices are others. */
function hashOfOptions({
  trend = 0,
  volatility = 1,
  halts = 0,
  badPrints = 0,
  splits = [],
}: GeneratorOptions): string {
  const plain = JSON.stringify([0, 1, 0, 0, []])
  const options = JSON.stringify([trend, volatility, halts, badPrints, splits])
  return options === plain ? 'generated' : `generated-${hashOf(options).toString(16)}`
}

const splitsOf = ({ splits = [] }: GeneratorOptions, symbol: string): Split[] =>
  splits.filter((split) => split.symbol === symbol)

interface GeneratedDay {
  readonly options: GeneratorOptions
  readonly activities: Activities
  /** Where bars are made, before their number is known. */
  readonly scratch: BarSeries
  readonly symbol: string
  readonly date: string
  readonly frame: DayFrame
}

/** The seconds from 04:00 to 20:00. */
const LONGEST_DAY_BARS = 57_600

type Part = 'early' | 'regular' | 'late'

function generateDay(day: GeneratedDay, kind: SessionKind): BarSeries {
  const { options, symbol, date, scratch } = day
  scratch.length = 0
  const parts: readonly Part[] = kind === 'rth' ? ['regular'] : ['early', 'regular', 'late']
  for (const part of parts) addSeconds(scratch, stretchOf(day, part))
  const shares = sharesFor(splitsOf(options, symbol), '', date)
  return splitUp(withIncidents(fitted(scratch), options, symbol, date), shares)
}

/** A copy that takes no more room than it needs. */
function fitted(bars: BarSeries): BarSeries {
  const { length } = bars
  const copy = new BarSeries(length)
  for (const name of COLUMNS) copy[name].set(bars[name].subarray(0, length))
  copy.length = length
  return copy
}

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume', 'vwap', 'tradeCount'] as const

function stretchOf({ options, activities, symbol, date, frame }: GeneratedDay, part: Part): Stretch {
  const [all, regular] = [sessionOn(date, 'all')!, sessionOn(date, 'rth')!]
  const { early, open, close, late, sigma } = frame
  const of = ({ from, to }: TimeRange) => {
    const seconds = (to - from) / SECOND_MS
    const seed = hashOf(options.seed, symbol, date, part)
    return { from, seconds, seed, activity: activities(part, seconds), liquidity: 1 }
  }
  switch (part) {
    case 'early':
      return {
        ...of({ from: all.from, to: regular.from }),
        ...{ start: early, end: open, sigma: sigma * 0.25, auctions: [0, 0] },
      }
    case 'regular':
      return {
        ...of(regular),
        ...{ start: open, end: close, sigma: sigma * 0.8, auctions: [40_000, 25_000] },
        liquidity: liquidityOf(symbol),
      }
    case 'late':
      return {
        ...of({ from: regular.to, to: all.to }),
        ...{ start: close, end: late, sigma: sigma * 0.15, auctions: [250_000, 0] },
      }
  }
}

/** Some symbols trade more than others, all in most seconds of regular hours. */
const liquidityOf = (symbol: string): number => 1.35 + 0.4 * randomFrom(hashOf(symbol, 'liquidity'))()

/** How busy the seconds of a part of the day are, of which there are so many. */
type Activities = (part: Part, seconds: number) => Float64Array

/** By fractions of the part. */
const ACTIVITY: Readonly<Record<Part, (fraction: number) => number>> = {
  /** Before the open hardly anything trades, and more and more of it. */
  early: (fraction) => 0.015 + 0.25 * fraction ** 3,
  /** Busy at the open, quiet at noon, busy into the close. */
  regular: (fraction) => 0.62 + 1.3 * Math.abs(2 * fraction - 1) ** 3 + 0.9 * Math.exp(-40 * fraction),
  /** After the close what is left to do is soon done. */
  late: (fraction) => 0.02 + 0.3 * Math.exp(-8 * fraction),
}

/** The three parts of whole days, of half days and of days that open late. */
const MAX_ACTIVITIES = 12

function activities(): Activities {
  const made = remembered(MAX_ACTIVITIES, (key) => {
    const [part, seconds] = key.split(' ') as [Part, string]
    return Float64Array.from({ length: Number(seconds) }, (_, i) => ACTIVITY[part](i / Number(seconds)))
  })
  return (part, seconds) => made(`${part} ${seconds}`)
}
