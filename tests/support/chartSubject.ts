import { runBacktest } from '../../src/backtest/backtest.ts'
import type { ReportSubject } from '../../src/chart/subject.ts'
import { type BarSize, barSizeMs } from '../../src/market/barSize.ts'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { BarSeries } from '../../src/market/series.ts'
import { sessionsBetween } from '../../src/market/session.ts'
import { DAY_MS, type EpochMs, epochMs, parseInstant } from '../../src/market/time.ts'
import { requestOf } from '../backtest/requests.ts'

/** A seeded random walk. */
export interface Walk {
  readonly count: number
  readonly size?: BarSize
  readonly from?: string
  readonly seed?: number
}

type Overrides = Parameters<typeof requestOf>[0]

/** A run of the strategy over a random walk in regular hours. */
export function walkedSubject(walk: Walk, overrides: Overrides = {}): ReportSubject {
  const candles = walkedCandles(walk)
  const request = requestOf({ ...rangeOf(candles), size: walk.size ?? '5m', ...overrides })
  const outcome = runBacktest(request, { candles, seconds: null, minTick: 0.01 })
  return { request, outcome, dataVersion: 'sha256:5f2c' }
}

const rangeOf = ({ length, time }: BarSeries): { from: EpochMs; to: EpochMs } =>
  length === 0
    ? { from: parseInstant('2013-10-07T00:00:00Z'), to: parseInstant('2013-10-08T00:00:00Z') }
    : { from: time[0] as EpochMs, to: epochMs(time[length - 1]! + DAY_MS) }

function walkedCandles({ count, size = '5m', from = '2013-10-07T00:00:00Z', seed = 1 }: Walk): BarSeries {
  const random = seededRandom(seed)
  const candles = new BarSeries(count)
  let price = 168
  for (const time of candleTimes(parseInstant(from), size, count)) {
    const step = () => (random() - 0.49) * 0.0024 * price
    const [open, close] = [price + step() / 8, price + step()]
    const high = Math.max(open, close) + Math.abs(step()) / 2
    const low = Math.min(open, close) - Math.abs(step()) / 2
    const volume = Math.round(20_000 + 400_000 * random() ** 3)
    candles.push({
      ...{ time, open: cents(open), high: cents(high), low: cents(low), close: cents(close), volume },
      ...{ vwap: null, tradeCount: null },
    })
    price = close
  }
  return candles
}

const cents = (price: number): number => Math.round(price * 100) / 100

function candleTimes(from: EpochMs, size: BarSize, count: number): EpochMs[] {
  const times: EpochMs[] = []
  for (let day = from; times.length < count; day = epochMs(day + 30 * DAY_MS)) {
    for (const session of sessionsBetween({ from: day, to: epochMs(day + 30 * DAY_MS) }, 'rth')) {
      for (let at = session.from; at < session.to; at = epochMs(at + barSizeMs(size))) times.push(at)
    }
  }
  return times.slice(0, count)
}
