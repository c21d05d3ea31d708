import { dayNumberOf } from '../market/calendarDate.ts'
import { BarSeries } from '../market/series.ts'
import { previousSession, type Session, type SessionKind, sessionOn } from '../market/session.ts'
import { type EpochMs, HOUR_MS, plus, SECOND_MS } from '../market/time.ts'
import { newYorkDay, newYorkInstant } from '../market/zone.ts'
import { type Climate, dailyWalk } from './dailyWalk.ts'
import { activities, generateDay, LONGEST_DAY_BARS } from './generatedDay.ts'
import { type Incidents, isHalted } from './incidents.ts'
import { isStockSymbol } from './listings.ts'
import type { MarketSource } from './market.ts'
import { hashOf } from './noise.ts'
import { remembered } from './remembered.ts'
import { type Split, sharesFor } from './splits.ts'

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
const MAX_DAYS = 32

const midnightOf = (now: EpochMs): EpochMs => newYorkInstant(newYorkDay(now), 0)

type Days = (symbol: string, session: Session, kind: SessionKind) => BarSeries

/**
 * The days of all symbols. Regular hours are the same whether they are asked for alone or with all the others. Who
 * reads a year of one symbol does not drive out the days that others are streaming.
 */
function generatedDays(options: GeneratorOptions): Days {
  const walkOf = remembered(MAX_SYMBOLS, (symbol) => dailyWalk(options.seed, symbol, options))
  const tools = { incidents: options, activities: activities(), scratch: new BarSeries(LONGEST_DAY_BARS) }
  const days = remembered(MAX_DAYS, (key) => {
    const [symbol, date, kind] = key.split(' ') as [string, string, SessionKind]
    const frame = walkOf(symbol)(dayNumberOf(date))
    const shares = sharesFor(splitsOf(options, symbol), '', date)
    return generateDay({ ...tools, symbol, date, frame, shares }, kind)
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
