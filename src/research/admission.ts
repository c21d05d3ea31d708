import type { BacktestRequest } from '../backtest/request.ts'
import { missing } from '../errors.ts'
import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import { whyNotBuilt } from '../market/resample.ts'
import { type EpochMs, earlier, isoInstant, later, plus, type TimeRange } from '../market/time.ts'
import type { Stores } from '../ports/stores.ts'
import { coverageWarnings } from './coverage.ts'
import { checkLimits, type Stored, walksSeconds } from './limits.ts'
import { refusedAt } from './refusal.ts'

export interface AdmissionDeps {
  readonly stores: Pick<Stores, 'instruments' | 'bars' | 'coverage' | 'quarantine'>
}

/** A request that may be run. */
export interface Admitted {
  readonly request: BacktestRequest
  readonly instrument: Instrument
  /** What is to be said of its bars. */
  readonly warnings: readonly string[]
}

/** Looks at everything that can be known without reading the bars. Refuses a request that cannot or should not be run. */
export async function admitted(
  { stores }: AdmissionDeps,
  request: BacktestRequest,
  now: EpochMs,
): Promise<Admitted> {
  const instrument = await stores.instruments.find(request.symbol)
  if (instrument === null) {
    throw missing(`The symbol ${request.symbol} is not known; POST /v1/instruments adds it.`)
  }
  checkBuild(request)
  checkLimits(request, await storedOf(stores, request, instrument))
  const past = { from: request.from, to: earlier(request.to, now) }
  const sizes = [
    ...new Set<BarSize>([request.base, ...(request.execution.fill === 'second' ? ['1s' as const] : [])]),
  ]
  const warnings: string[] = []
  for (const size of sizes) {
    warnings.push(...(await coverageWarnings(stores, request, { instrument, size, range: past })))
  }
  return { request, instrument, warnings: [...warnings, ...(await suspicions(stores, request, instrument))] }
}

/** What can be known from a request and the part of its range that has bars of its base; there are no others. */
export function checkFeasible(request: BacktestRequest, base: TimeRange): void {
  checkBuild(request)
  checkLimits(request, { base, seconds: walksSeconds(request) && request.base === '1s' ? base : null })
}

function checkBuild(request: BacktestRequest): void {
  const reason = whyNotBuilt(request.base, request)
  if (reason !== null) throw refusedAt('/size', reason)
}

async function storedOf(
  { bars }: AdmissionDeps['stores'],
  request: BacktestRequest,
  instrument: Instrument,
): Promise<Stored> {
  const { base: size, symbol, from } = request
  const latest = await bars.latest(instrument, size)
  if (latest === null) throw refusedAt('/base', `no bars of ${size} are stored of ${symbol}`)
  if (latest < from) throw refusedAt('/from', `is after the newest bar of ${size}, ${isoInstant(latest)}`)
  const base = await storedSpan(bars, instrument, size, request)
  if (base === null) throw refusedAt('/to', `no bars of ${size} are stored between from and here`)
  return { base, seconds: walksSeconds(request) ? await storedSpan(bars, instrument, '1s', request) : null }
}

/** From the first to the last stored bar of the range, or null without any. */
async function storedSpan(
  bars: AdmissionDeps['stores']['bars'],
  instrument: Instrument,
  size: BarSize,
  { from, to }: TimeRange,
): Promise<TimeRange | null> {
  const latest = await bars.latest(instrument, size)
  const [first] = await bars.between({ instrument, size, from, to, limit: 1 })
  if (latest === null || first === undefined) return null
  return { from: later(from, first.time), to: earlier(to, plus(latest, 1)) }
}

async function suspicions(
  { quarantine }: AdmissionDeps['stores'],
  { base, from, to }: BacktestRequest,
  instrument: Instrument,
): Promise<string[]> {
  const count = await quarantine.countSuspected(instrument, base, { from, to })
  const are =
    count === 1 ? 'bar in the range is a suspected bad print' : 'bars in the range are suspected bad prints'
  return count === 0 ? [] : [`${count} ${are}: see /v1/quarantine`]
}
