import type { BacktestRequest } from '../backtest/request.ts'
import { candleClose } from '../market/candleClose.ts'
import type { Instrument } from '../market/instrument.ts'
import { candlesOf } from '../market/resample.ts'
import { BarSeries } from '../market/series.ts'
import type { EpochMs, TimeRange } from '../market/time.ts'
import type { BarStore } from '../ports/bars.ts'
import { candlesNeeded } from '../strategy/pivotBreakout.ts'
import type { BacktestJob } from '../sweep/run.ts'
import { candleColumns } from './candleColumns.ts'
import { DataVersion } from './dataVersion.ts'
import { walksSeconds } from './limits.ts'
import { refusedAt } from './refusal.ts'

export interface JobOptions {
  /** Market time: a candle that closes later is left out (strategy, T7). */
  readonly now: EpochMs
  /** What is known of the bars already. */
  readonly warnings: readonly string[]
  readonly signal?: AbortSignal
}

interface JobDeps {
  readonly bars: Pick<BarStore, 'columns'>
}

/** Reads the bars of a request. Refuses what too few of them make senseless, and rejects when it is aborted. */
export async function readJob(
  deps: JobDeps,
  request: BacktestRequest,
  instrument: Instrument,
  { now, warnings, signal }: JobOptions,
): Promise<BacktestJob> {
  const version = new DataVersion()
  const note = (bars: BarSeries) => {
    signal?.throwIfAborted()
    version.add(bars)
  }
  const read = await candleColumns(deps, { ...request, instrument }, note)
  const candles = closed(read, request, now)
  checkEnough(request, candles)
  const seconds = walksSeconds(request) ? await secondsOf(deps, request, instrument, candles, note) : null
  return { request, candles, seconds, minTick: instrument.minTick, dataVersion: version.digest(), warnings }
}

/** Without those that are open: only the last ones can be. */
function closed(candles: BarSeries, request: BacktestRequest, now: EpochMs): BarSeries {
  const isOpen = (i: number) => candleClose(request, candles.time[i] as EpochMs) > now
  while (candles.length > 0 && isOpen(candles.length - 1)) candles.length--
  return candles
}

function checkEnough({ strategy }: BacktestRequest, candles: BarSeries): void {
  const needed = candlesNeeded(strategy)
  if (candles.length >= needed) return
  const isLength = strategy.length === needed
  const message = `needs ${needed} candles, and the range has ${candles.length}`
  throw refusedAt(
    isLength ? '/strategy/length' : '/strategy/left',
    isLength ? message : `and right: ${message}`,
  )
}

async function secondsOf(
  { bars }: JobDeps,
  request: BacktestRequest,
  instrument: Instrument,
  candles: BarSeries,
  note: (bars: BarSeries) => void,
): Promise<BarSeries> {
  const seconds = new BarSeries(1 << 16)
  const range = spanOf(request, candles)
  for await (const read of await bars.columns({ ...range, instrument, source: 'bars', size: '1s' })) {
    note(read)
    const inside = candlesOf(read, '1s', { ...request, size: '1s' })
    for (let i = 0; i < inside.length; i++) seconds.push(inside.at(i))
  }
  if (seconds.length > 0 || request.execution.fill !== 'second') return seconds
  throw refusedAt('/execution/fill', 'needs 1-second bars, and none are stored in the range')
}

const spanOf = (request: BacktestRequest, candles: BarSeries): TimeRange => ({
  from: candles.at(0).time,
  to: candleClose(request, candles.at(candles.length - 1).time),
})
