import { type Bar, BarSeries } from '../../src/market/series.ts'
import { type Session, sessionsBetween } from '../../src/market/session.ts'
import { DAY_MS, type EpochMs, MINUTE_MS, parseInstant, plus, type TimeRange } from '../../src/market/time.ts'

export const SYMBOL = 'SPY'
export const ACCOUNT = 'DU1234567'
export const CLIENT_ID = 17

/** Closes that come round: at the third the swing rule enters, at the fourth it leaves. */
const CLOSES = [510, 505, 515, 500] as const
const HALF_SPREAD = 0.1

/** Of the candles so far the trader is warm; from here on each closes before its eyes. */
export const FIRST = 4
/** As many orders as the limits of a day allow. */
const CYCLES = 20
export const LAST = FIRST + CYCLES * CLOSES.length - 1

/** What the close of a candle of the day makes the trader order. */
export const orderAt = (candle: number): 'entry' | 'exit' | null =>
  [null, null, 'entry', 'exit'][candle % CLOSES.length] as 'entry' | 'exit' | null

const FIRST_DAY = parseInstant('2024-06-03T00:00:00Z')

/** Days follow one another: no order or execution of one is counted in the next. */
export function tradingDay(number: number): Session {
  const to = plus(FIRST_DAY, (2 * number + 7) * DAY_MS)
  return sessionsBetween({ from: FIRST_DAY, to }, 'rth')[number]!
}

export function minuteCandle({ from }: Session, i: number): Bar {
  const close = CLOSES[i % CLOSES.length]!
  const [high, low] = [close + HALF_SPREAD, close - HALF_SPREAD]
  const time = plus(from, i * MINUTE_MS)
  return { time, open: close, high, low, close, volume: 1_000, vwap: close, tradeCount: 10 }
}

/** What the broker tells of the candles of a span. */
export function minuteCandles(span: TimeRange): BarSeries {
  const candles = new BarSeries()
  for (const session of sessionsBetween(span, 'rth')) {
    for (let i = 0; session.from + i * MINUTE_MS < session.to; i++) {
      const candle = minuteCandle(session, i)
      if (candle.time >= span.from && candle.time < span.to) candles.push(candle)
    }
  }
  return candles
}

/** When the trader begins: a few seconds into the first candle that it sees form. */
export const startOf = ({ from }: Session): EpochMs => plus(from, FIRST * MINUTE_MS + 5_000)
