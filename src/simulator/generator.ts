import { dayNumberOf } from '../market/calendarDate.ts'
import { BarSeries } from '../market/series.ts'
import { previousSession, type Session, type SessionKind, sessionOn } from '../market/session.ts'
import { type EpochMs, HOUR_MS, plus, SECOND_MS } from '../market/time.ts'
import { newYorkDay, newYorkInstant } from '../market/zone.ts'
import { type DayFrame, dailyWalk } from './dailyWalk.ts'
import { addSeconds, type Stretch } from './intraday.ts'
import { isStockSymbol } from './listings.ts'
import type { MarketSource } from './market.ts'
import { hashOf, randomFrom } from './noise.ts'

export interface GeneratorOptions {
  readonly seed: number
  /** What is listed; every plausible US stock when left out. */
  readonly symbols?: readonly string[]
}

/** Believable seconds of any US stock on any day: the same for the same seed, whatever was asked before. */
export function generatedMarket({ seed, symbols }: GeneratorOptions): MarketSource {
  const daysOf = remembered(MAX_SYMBOLS, (symbol) => generatedDays(seed, symbol))
  const has = (symbol: string) => (symbols ? symbols.includes(symbol) : isStockSymbol(symbol))
  return {
    hash: 'generated',
    has,
    bars(symbol, session, kind) {
      const bars = has(symbol) ? daysOf(symbol)(session, kind) : new BarSeries()
      return { stepMs: SECOND_MS, bars, first: 0, end: bars.length }
    },
    firstTime: (symbol) => (has(symbol) ? sessionOn('1998-01-02', 'all')!.from : null),
    defaultStart: (now) => plus(previousSession(midnightOf(now), 'rth').from, HOUR_MS),
  }
}

const MAX_SYMBOLS = 32
/** Sessions of a symbol that are kept: a day in all hours takes about 2 MB. */
const MAX_SESSIONS = 6

const midnightOf = (now: EpochMs): EpochMs => newYorkInstant(newYorkDay(now), 0)

/** The sessions of one symbol. Regular hours are the same whether they are asked for alone or with all the others. */
function generatedDays(seed: number, symbol: string): (session: Session, kind: SessionKind) => BarSeries {
  const frameOf = dailyWalk(seed, symbol)
  const days = remembered(MAX_SESSIONS, (key) => {
    const [date, kind] = key.split(' ') as [string, SessionKind]
    return generateDay({ seed, symbol, date, frame: frameOf(dayNumberOf(date)) }, kind)
  })
  return ({ date }, kind) => days(`${date} ${kind}`)
}

/** `make` with its last `size` results kept, the one asked for longest ago going first. */
function remembered<T>(size: number, make: (key: string) => T): (key: string) => T {
  const kept = new Map<string, T>()
  return (key) => {
    const found = kept.get(key) ?? make(key)
    kept.delete(key)
    kept.set(key, found)
    if (kept.size > size) kept.delete(kept.keys().next().value!)
    return found
  }
}

interface GeneratedDay {
  readonly seed: number
  readonly symbol: string
  readonly date: string
  readonly frame: DayFrame
}

type Part = 'early' | 'regular' | 'late'

function generateDay(day: GeneratedDay, kind: SessionKind): BarSeries {
  const bars = new BarSeries(16_384)
  const parts: readonly Part[] = kind === 'rth' ? ['regular'] : ['early', 'regular', 'late']
  for (const part of parts) addSeconds(bars, stretchOf(day, part))
  return bars
}

function stretchOf({ seed, symbol, date, frame }: GeneratedDay, part: Part): Stretch {
  const [all, regular] = [sessionOn(date, 'all')!, sessionOn(date, 'rth')!]
  const random = { seed: hashOf(seed, symbol, date, part) }
  const { early, open, close, late, sigma } = frame
  switch (part) {
    case 'early':
      return {
        ...random,
        ...span(all.from, regular.from),
        start: early,
        end: open,
        sigma: sigma * 0.25,
        activity: rising,
        auctions: [0, 0],
      }
    case 'regular':
      return {
        ...random,
        ...span(regular.from, regular.to),
        start: open,
        end: close,
        sigma: sigma * 0.8,
        activity: uShape(symbol),
        auctions: [40_000, 25_000],
      }
    case 'late':
      return {
        ...random,
        ...span(regular.to, all.to),
        start: close,
        end: late,
        sigma: sigma * 0.15,
        activity: fading,
        auctions: [250_000, 0],
      }
  }
}

const span = (from: EpochMs, to: EpochMs) => ({ from, seconds: (to - from) / SECOND_MS })

/** Before the open hardly anything trades, and more and more of it. */
const rising = (fraction: number): number => 0.015 + 0.25 * fraction ** 3

/** After the close what is left to do is soon done. */
const fading = (fraction: number): number => 0.02 + 0.3 * Math.exp(-8 * fraction)

/** Busy at the open, quiet at noon, busy into the close. Some symbols trade more than others, all in most seconds. */
function uShape(symbol: string): (fraction: number) => number {
  const liquidity = 1.35 + 0.4 * randomFrom(hashOf(symbol, 'liquidity'))()
  return (fraction) =>
    liquidity * (0.62 + 1.3 * Math.abs(2 * fraction - 1) ** 3 + 0.9 * Math.exp(-40 * fraction))
}
