import { candleClose } from '../../src/market/candleClose.ts'
import { resample } from '../../src/market/resample.ts'
import type { BarSeries } from '../../src/market/series.ts'
import { nextSession, previousSession, type Session, sessionAt } from '../../src/market/session.ts'
import { type Clock, type EpochMs, plus, SECOND_MS } from '../../src/market/time.ts'
import type { MarketSource } from '../../src/simulator/market.ts'
import type { ClosedCandles } from '../../src/trading/closedCandles.ts'
import { gridOf } from '../../src/trading/settings.ts'
import type { LatestSecond } from '../../src/trading/traderDeps.ts'

/** How late a candle is known to have closed. */
const LATE_MS = 1_200
/** How often the newest seconds are stored. */
const STORED_EVERY_MS = 15 * SECOND_MS

/** The candles of a market that is known beforehand, each given a moment after its close. */
export function marketCandles(market: MarketSource, clock: Clock): ClosedCandles {
  return {
    async follow({ instrument, settings, decidingFrom }, sink, signal) {
      const grid = gridOf(settings)
      const candlesOf = (session: Session): BarSeries =>
        resample(market.bars(instrument.symbol, session, settings.session, SECOND_MS).bars, grid)
      let session = previousSession(decidingFrom ?? clock.now(), settings.session)
      for (let isWarm = false; !signal.aborted; session = nextSession(session.from, settings.session)) {
        for (const candle of candlesOf(session)) {
          const closedAt = candleClose(grid, candle.time)
          if (!isWarm && closedAt + LATE_MS > clock.now()) {
            sink.warm()
            isWarm = true
          }
          await clock.sleepUntil(plus(closedAt, LATE_MS), signal).catch(() => {})
          if (signal.aborted) return
          sink.candle({ candle, closedAt })
        }
        if (!isWarm && nextSession(session.from, settings.session).from > clock.now()) {
          sink.warm()
          isWarm = true
        }
      }
    },
  }
}

/** The newest second that a collector has stored by now. */
export function storedSecond(market: MarketSource, symbol: string, now: EpochMs): LatestSecond | null {
  const session = sessionAt(now, 'rth')
  if (session === null) return null
  const until = now - (now % STORED_EVERY_MS)
  const { bars } = market.bars(symbol, session, 'rth', SECOND_MS)
  let [low, high] = [0, bars.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bars.time[middle]! < until) low = middle + 1
    else high = middle
  }
  return low === 0 ? null : { time: bars.time[low - 1] as EpochMs, close: bars.close[low - 1]! }
}
