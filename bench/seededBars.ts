import { BarSeries } from '../src/market/series.ts'
import { sessionsBetween } from '../src/market/session.ts'
import { type EpochMs, parseInstant, plus, type Random, SECOND_MS } from '../src/market/time.ts'

/** Mulberry32: the same numbers for the same seed, everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const RANGE = { from: parseInstant('2013-01-01T00:00:00Z'), to: parseInstant('2014-01-01T00:00:00Z') }

/** Bars of `count` seconds of the regular sessions of 2013, a bar each second: a walk in cents. */
export function seededSeconds(count: number, random: Random): BarSeries {
  const bars = new BarSeries(count)
  let cents = 15_000
  for (const time of regularSeconds()) {
    if (bars.length === count) break
    const open = cents
    cents += Math.round(random() * 4 - 2)
    const high = Math.max(open, cents) + Math.round(random())
    const low = Math.min(open, cents) - Math.round(random())
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

function* regularSeconds(): Generator<EpochMs> {
  for (const session of sessionsBetween(RANGE, 'rth')) {
    for (let time = session.from; time < session.to; time = plus(time, SECOND_MS)) yield time
  }
}
