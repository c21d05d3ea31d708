import { unavailable } from '../errors.ts'
import { unasked } from '../market/coverage.ts'
import type { Instrument } from '../market/instrument.ts'
import { bucketAt, resample, rollupFor } from '../market/resample.ts'
import { BarSeries } from '../market/series.ts'
import type { TimeRange } from '../market/time.ts'
import type { MarketData } from '../ports/marketData.ts'
import type { Pacing } from '../ports/pacing.ts'
import type { Stores } from '../ports/stores.ts'
import type { TraderSettings } from '../ports/traders.ts'
import { gridOf } from './settings.ts'

export interface SettledDeps {
  readonly stores: Pick<Stores, 'bars' | 'coverage'>
  readonly marketData: Pick<MarketData, 'historicalBars'>
  readonly pacing: Pick<Pacing, 'reserve'>
}

/** Whose candles, in whose sizes and hours. */
export interface Subject {
  readonly instrument: Instrument
  readonly settings: TraderSettings
}

/** The candles of a span of one session, all of them closed: our own where every second was asked for, else the broker's. */
export async function settledCandles(
  deps: SettledDeps,
  subject: Subject,
  span: TimeRange,
  signal?: AbortSignal,
): Promise<BarSeries> {
  const known = await deps.stores.coverage.between(subject.instrument, '1s', span)
  const holes = unasked(span, known).map((hole) => wholeCandles(subject, hole))
  const isInHole = (time: number): boolean => holes.some(({ from, to }) => time >= from && time < to)
  const own = [...(await ownCandles(deps, subject, span))].filter(({ time }) => !isInHole(time))
  const asked: BarSeries[] = []
  for (const hole of joined(holes)) asked.push(await askedCandles(deps, subject, hole, signal))
  const all = [...own, ...asked.flatMap((bars) => [...bars])]
  return BarSeries.of(all.sort((a, b) => a.time - b.time))
}

/** The broker's candles of a span of one session. */
export async function askedCandles(
  { marketData, pacing }: SettledDeps,
  { instrument, settings: { size, session } }: Subject,
  span: TimeRange,
  signal?: AbortSignal,
): Promise<BarSeries> {
  const request = { ...span, instrument, size, session }
  const reservation = await pacing.reserve(request, 'trader')
  if (!reservation.granted) throw unavailable('the budget has no place for the candles of the trader')
  const answer = await marketData.historicalBars(request, reservation.slot, signal)
  return answer.kind === 'empty' ? new BarSeries() : answer.bars
}

/** From our own seconds. */
export async function ownCandles(
  { stores }: SettledDeps,
  { instrument, settings }: Subject,
  span: TimeRange,
): Promise<BarSeries> {
  const grid = gridOf(settings)
  return resample(await stores.bars.rollups({ ...span, instrument, size: rollupFor(grid)! }), grid)
}

/** The candles that a hole touches. */
function wholeCandles({ settings }: Subject, { from, to }: TimeRange): TimeRange {
  const grid = gridOf(settings)
  return { from: bucketAt(grid, from)!.from, to: bucketAt(grid, (to - 1) as typeof to)!.to }
}

/** Sorted spans, those that touch as one. */
function joined(spans: readonly TimeRange[]): TimeRange[] {
  const whole: TimeRange[] = []
  for (const { from, to } of spans) {
    const last = whole.at(-1)
    if (last && from <= last.to) whole[whole.length - 1] = { from: last.from, to }
    else whole.push({ from, to })
  }
  return whole
}
