import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CandleGrid } from '../../../src/market/resample.ts'
import { type Bar, BarSeries } from '../../../src/market/series.ts'
import { sessionOn } from '../../../src/market/session.ts'
import { type EpochMs, MINUTE_MS, parseInstant, plus, SECOND_MS } from '../../../src/market/time.ts'
import { ClosingCandles } from '../../../src/trading/closing.ts'

const MINUTES: CandleGrid = { size: '1m', session: 'rth', align: 'session' }

const PER_DAY = 12

/** The end of a half day. */
const HALF_DAY = sessionOn('2013-07-03', 'rth')!
const START = plus(HALF_DAY.to, -PER_DAY * MINUTE_MS)
const NEXT_DAY = sessionOn('2013-07-05', 'rth')!

const barAt = (time: EpochMs, close: number): Bar => ({
  ...{ time, open: 100, high: 200, low: 50, close, volume: 10 },
  ...{ vwap: null, tradeCount: null },
})

/** The last minutes of a half day and the first of the next session. */
const BUCKETS = [START, NEXT_DAY.from].flatMap((from) =>
  Array.from({ length: PER_DAY }, (_, i) => plus(from, i * MINUTE_MS)),
)

/** What the market does in a minute, and what becomes of it on its way. */
interface Minute {
  /** Nothing trades. */
  readonly quiet: boolean
  /** Seconds after its beginning at which it is told, as it stands then; 60 and later: as it is. */
  readonly told: readonly number[]
  /** Seconds after its beginning at which the stream is interrupted for a moment. */
  readonly interrupted: number | null
}

const minute: fc.Arbitrary<Minute> = fc.record({
  quiet: fc.integer({ max: 4, min: 0 }).map((n) => n === 0),
  told: fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { maxLength: 6 }),
  interrupted: fc.option(fc.integer({ min: 0, max: 59 }), { freq: 5 }),
})

/** The bar of minute `i` as it stands `seconds` after its beginning. */
const standing = (i: number, seconds: number): Bar =>
  barAt(BUCKETS[i]!, 1_000 * (i + 1) + Math.min(60, seconds))

const whole = (i: number): Bar => standing(i, 60)

interface Given {
  readonly time: EpochMs
  readonly close: number
  readonly lateMs: number
}

/** Plays the minutes second by second. The broker's own books show a bar `lagMs` after its end. */
function play(minutes: readonly Minute[], lagMs: number): Given[] {
  const closing = new ClosingCandles(MINUTES, START)
  const given: Given[] = []
  const answered = ({ from, to }: { from: EpochMs; to: EpochMs }, now: EpochMs): BarSeries =>
    BarSeries.of(
      BUCKETS.flatMap((time, i) =>
        time >= from && time < to && now >= time + MINUTE_MS + lagMs && !minutes[i]!.quiet ? [whole(i)] : [],
      ),
    )
  const settle = (now: EpochMs) => {
    for (let step = closing.next(now); step.kind !== 'wait'; step = closing.next(now)) {
      if (step.kind === 'ask') closing.answer(step.range, answered(step.range, now), now)
      else given.push({ ...step.closed.candle, lateMs: now - step.closed.closedAt })
    }
  }
  for (const begin of [START, NEXT_DAY.from]) {
    for (let second = 0; second < (PER_DAY + 1) * 60; second++) {
      const now = plus(begin, second * SECOND_MS)
      const first = begin === START ? 0 : PER_DAY
      const newest = first + Math.floor(second / 60)
      for (let i = Math.max(first, newest - 1); i <= Math.min(newest, first + PER_DAY - 1); i++) {
        const { quiet, told, interrupted } = minutes[i]!
        const age = (now - BUCKETS[i]!) / SECOND_MS
        if (interrupted === age) closing.interrupted()
        if (!quiet && told.includes(age)) closing.take(standing(i, age), now)
      }
      settle(now)
    }
  }
  return given
}

test('each candle is given once, whole, in order and without a gap, whatever becomes of the stream', () => {
  const days = fc.array(minute, { minLength: BUCKETS.length, maxLength: BUCKETS.length })
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 4_000 }), (minutes, lagMs) => {
      const given = play(minutes, lagMs)
      const traded = BUCKETS.map((_, i) => i).filter((i) => !minutes[i]!.quiet)
      expect(given.map(({ time, close }) => ({ time, close }))).toEqual(
        traded.map((i) => ({ time: BUCKETS[i], close: whole(i).close })),
      )
      for (const { lateMs } of given) expect(lateMs).toBeLessThanOrEqual(10_000)
    }),
    { numRuns: 20 },
  )
}, 30_000)

const watched = (): ClosingCandles => {
  const closing = new ClosingCandles(MINUTES, START)
  closing.take(standing(0, 5), plus(START, 5 * SECOND_MS))
  return closing
}

test('a candle that was told after its end closes with the first later bar, and nothing is asked', () => {
  const closing = watched()
  closing.take(whole(0), plus(START, 60_500))
  closing.take(standing(1, 1), plus(START, 61_000))
  expect(closing.next(plus(START, 61_000))).toEqual({
    kind: 'candle',
    closed: { candle: whole(0), closedAt: BUCKETS[1] },
  })
})

test('a candle that the clock alone has closed is asked for first, three seconds after its end', () => {
  const closing = watched()
  expect(closing.next(plus(START, 62_999))).toEqual({ kind: 'wait', until: plus(START, 63_000) })
  const range = { from: START, to: BUCKETS[1]! }
  expect(closing.next(plus(START, 63_000))).toEqual({ kind: 'ask', range })
  closing.answer(range, BarSeries.of([whole(0)]), plus(START, 63_200))
  expect(closing.next(plus(START, 63_200))).toMatchObject({ kind: 'candle', closed: { candle: whole(0) } })
  expect(closing.next(plus(START, 63_200))).toEqual({ kind: 'wait', until: plus(START, 123_000) })
})

test('after an interruption the candles around it are asked for together', () => {
  const closing = watched()
  closing.interrupted()
  closing.take(standing(3, 5), plus(START, 185_000))
  expect(closing.next(plus(START, 185_000))).toEqual({ kind: 'ask', range: { from: START, to: BUCKETS[3] } })
})

test('the last candle of a session closes by the clock, and the next one is that of the next session', () => {
  const closing = new ClosingCandles(MINUTES, plus(HALF_DAY.to, -MINUTE_MS))
  const range = { from: plus(HALF_DAY.to, -MINUTE_MS), to: HALF_DAY.to }
  const late = parseInstant('2013-07-03T19:00:00Z')
  expect(closing.next(late)).toEqual({ kind: 'ask', range })
  closing.answer(range, BarSeries.of([whole(PER_DAY - 1)]), late)
  expect(closing.next(late)).toMatchObject({ kind: 'candle', closed: { closedAt: HALF_DAY.to } })
  expect(closing.next(late)).toEqual({ kind: 'wait', until: plus(NEXT_DAY.from, 63_000) })
})

test('bars that lie in the future, or on no candle, close nothing', () => {
  const closing = watched()
  closing.take(standing(10, 1), plus(START, 30_000))
  closing.take({ ...whole(0), time: plus(START, 61_500) }, plus(START, 62_000))
  expect(closing.next(plus(START, 62_000))).toEqual({ kind: 'wait', until: plus(START, 63_000) })
})
