import { type BarSeries, lowerBound } from '../market/series.ts'
import type { Session, SessionKind } from '../market/session.ts'
import { type EpochMs, epochMs, type TimeRange } from '../market/time.ts'
import type { Split } from './splits.ts'

/** A stretch of bars, each `stepMs` long: those of `bars` with `first` <= i < `end`. A view, so that none are copied. */
export interface MarketBars {
  readonly stepMs: number
  readonly bars: BarSeries
  readonly first: number
  readonly end: number
}

/** The part of a stretch whose bars reach into `range`. */
export function within({ stepMs, bars, first, end }: MarketBars, range: TimeRange): MarketBars {
  const from = lowerBound(bars, epochMs(range.from - stepMs + 1))
  const to = lowerBound(bars, range.to)
  return { stepMs, bars, first: Math.max(first, from), end: Math.min(end, to) }
}

/** Where prices come from: a tape or the generator. It knows the future; whoever asks cuts at now. */
export interface MarketSource {
  /** What the prices are made of: a hash of the tape's contents, or `generated`. */
  readonly hash: string
  has(symbol: string): boolean
  /** The finest bars it has that reach into `session`, such that whole ones make `stepMs`; empty when it has none. */
  bars(symbol: string, session: Session, kind: SessionKind, stepMs: number): MarketBars
  /** The splits of a symbol, those to come among them. */
  splits(symbol: string): readonly Split[]
  /** Whether trading in a symbol is halted. */
  isHalted(symbol: string, at: EpochMs): boolean
  /** When its oldest bar starts, or null when it has none of that symbol. */
  firstTime(symbol: string): EpochMs | null
  /** One hour after the open of the tape's last day, or of the last trading day before `now`. */
  defaultStart(now: EpochMs): EpochMs
}
