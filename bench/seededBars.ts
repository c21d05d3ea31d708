import { BarSeries } from '../src/market/series.ts'
import { sessionsBetween } from '../src/market/session.ts'
import { type EpochMs, MINUTE_MS, parseInstant, plus, type Random, SECOND_MS } from '../src/market/time.ts'

const RANGE = { from: parseInstant('2013-01-01T00:00:00Z'), to: parseInstant('2014-01-01T00:00:00Z') }

/** Bars of `count` seconds of the regular sessions of 2013, a bar each second: a walk in cents. */
export const seededSeconds = (count: number, random: Random): BarSeries =>
  seededWalk({ count, stepMs: SECOND_MS, spreadCents: 2 }, random)

/** Five-minute candles of the regular sessions of 2013: a walk whose steps are as wide as those of 300 seconds. */
export const seededCandles = (random: Random): BarSeries =>
  seededWalk({ count: Number.POSITIVE_INFINITY, stepMs: 5 * MINUTE_MS, spreadCents: 35 }, random)

interface Walk {
  readonly count: number
  readonly stepMs: number
  readonly spreadCents: number
}

function seededWalk({ count, stepMs, spreadCents }: Walk, random: Random): BarSeries {
  const bars = new BarSeries(Number.isFinite(count) ? count : undefined)
  let cents = 15_000
  for (const time of regularTimes(stepMs)) {
    if (bars.length === count) break
    const open = cents
    cents += Math.round(random() * 2 * spreadCents - spreadCents)
    const high = Math.max(open, cents) + Math.round((random() * spreadCents) / 2)
    const low = Math.min(open, cents) - Math.round((random() * spreadCents) / 2)
    const volume = Math.round(random() * 5_000)
    bars.push({
      time,
      open: open / 100,
      high: high / 100,
      low: low / 100,
      close: cents / 100,
      volume,
      vwap: (open + cents) / 200,
      tradeCount: Math.ceil(volume / 100),
    })
  }
  return bars
}

function* regularTimes(stepMs: number): Generator<EpochMs> {
  for (const session of sessionsBetween(RANGE, 'rth')) {
    for (let time = session.from; time < session.to; time = plus(time, stepMs)) yield time
  }
}
