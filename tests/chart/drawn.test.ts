import { expect, test } from 'vitest'
import { drawn, showsLevels } from '../../src/chart/drawn.ts'
import { MINUTE_MS, parseInstant, plus } from '../../src/market/time.ts'
import { walkedSubject } from '../support/chartSubject.ts'

const subject = walkedSubject({ count: 101, seed: 3 })
const { candles, lines, statistics } = subject.outcome
const summed = drawn(subject, 30)

test('candles are summed up evenly, the last ones as they come', () => {
  expect([summed.per, summed.slots]).toEqual([4, 26])
  const [first, last] = [candles.at(4), candles.at(7)]
  const four = [4, 5, 6, 7].map((i) => candles.at(i))
  expect(Object.values(summed.candles).map((column) => column[1])).toEqual([
    first.time,
    first.open,
    Math.max(...four.map(({ high }) => high)),
    Math.min(...four.map(({ low }) => low)),
    last.close,
    four.reduce((sum, { volume }) => sum + volume, 0),
  ])
  expect(summed.candles.close[25]).toBe(candles.close[100])
})

test('lines are those at the end of each, the drawdown is its deepest', () => {
  expect(summed.lines.breakout[20]).toBe(lines.breakout[83])
  expect(summed.results.equity[20]).toBeCloseTo(lines.equity[83]! / 100_000 - 1, 12)
  const single = drawn(subject, 101).results.drawdown
  expect(summed.results.drawdown[20]).toBe(Math.min(...single.subarray(80, 84)))
})

test('an instant lies in the slot of the candle that holds it', () => {
  const noon = parseInstant('2013-10-07T16:00:00Z')
  const at = (minutes: number) => drawn(subject, 101).slotAt(plus(noon, minutes * MINUTE_MS))
  expect([at(0), at(4.9), at(5)]).toEqual([30, 30, 31])
  expect(summed.slotAt(noon)).toBe(7)
  expect(summed.slotAt(parseInstant('1999-01-04T15:00:00Z'))).toBe(0)
  expect(summed.slotAt(parseInstant('2030-01-04T15:00:00Z'))).toBe(25)
})

test('buy and hold ends at the figure of the statistics, and the drawdown at theirs', () => {
  const { hold, drawdown } = drawn(subject, 101).results
  expect(hold.at(-1)).toBeCloseTo(statistics.buyAndHoldReturn!, 12)
  expect(-Math.min(...drawdown)).toBeCloseTo(Math.abs(statistics.maxDrawdown!), 12)
})

test('levels are left out where they would come and go inside a drawn candle', () => {
  expect(showsLevels(drawn(subject, 20))).toBe(true)
  expect(showsLevels(drawn(subject, 10))).toBe(false)
})
