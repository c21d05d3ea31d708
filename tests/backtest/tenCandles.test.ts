import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runBacktest } from '../../src/backtest/backtest.ts'
import type { BacktestOutcome } from '../../src/backtest/outcome.ts'
import { candles, type Row } from '../strategy/candles.ts'
import { decisionsOf } from './properties.ts'
import { requestOf } from './requests.ts'

/**
 * The example of docs/strategy.md, computed by hand. One candle on either side makes a swing, the average is of three
 * closes, fills are at the next open, 100 shares.
 */
const TABLE = `
| #  | open  | high  | low   | close | breakout | swing low | average | stop  | at the close |
|----|-------|-------|-------|-------|----------|-----------|---------|-------|--------------|
| 1  | 10.00 | 10.20 |  9.90 | 10.10 |          |           |         |       |              |
| 2  | 10.10 | 10.30 |  9.70 | 10.00 |          |           |         |       |              |
| 3  | 10.00 | 10.60 | 10.00 | 10.42 |          |  9.70     | 10.1733 |       |              |
| 4  | 10.42 | 10.50 | 10.20 | 10.30 | 10.60    |  9.70     | 10.2400 |       |              |
| 5  | 10.30 | 10.80 | 10.25 | 10.71 | 10.60    |  9.70     | 10.4767 |  9.70 | enter        |
| 6  | 10.75 | 11.00 | 10.60 | 10.90 | 10.60    |  9.70     | 10.6367 |  9.70 |              |
| 7  | 10.90 | 10.95 | 10.40 | 10.60 | 11.00    |  9.70     | 10.7367 |  9.70 |              |
| 8  | 10.60 | 10.85 | 10.50 | 10.80 | 11.00    | 10.40     | 10.7667 | 10.40 |              |
| 9  | 10.80 | 10.82 | 10.30 | 10.35 | 11.00    | 10.40     | 10.5833 | 10.40 | exit         |
| 10 | 10.33 | 10.50 | 10.20 | 10.45 | 11.00    | 10.40     | 10.5333 |       |              |
`.trim()

const LINES = TABLE.split('\n')
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim()),
  )

function play(): BacktestOutcome {
  const request = requestOf({
    strategy: { left: 1, right: 1, length: 3 },
    sizing: { kind: 'shares', shares: 100 },
    initialCash: 10_000,
  })
  const rows = LINES.map((cells) => cells.slice(0, 4).map(Number) as unknown as Row)
  return runBacktest(request, { candles: candles(rows), seconds: null, minTick: 0.01 })
}

describe('ten candles by hand', () => {
  test('every level, average, stop and action is the one in the table', () => {
    const computed = decisionsOf(play()).map(({ breakout, swingLow, movingAverage, stop, action }) => [
      breakout?.price.toFixed(2) ?? '',
      swingLow?.price.toFixed(2) ?? '',
      movingAverage?.toFixed(4) ?? '',
      stop?.toFixed(2) ?? '',
      action === 'none' ? '' : action,
    ])
    expect(computed).toEqual(LINES.map((cells) => cells.slice(4)))
  })

  test('the one trade buys at the open of candle 6 and sells at the open of candle 10', () => {
    expect(play().trades).toMatchObject([
      {
        entryPrice: 10.75,
        entryReason:
          'close 10.71 is above the breakout 10.60 and above the moving average 10.4767, swing low 9.70 is below the close 10.71',
        exitPrice: 10.33,
        exitReason: 'close 10.35 is below the stop 10.40',
        grossPnl: expect.closeTo(-42, 9),
        returnPct: expect.closeTo(-42 / 1_075, 12),
        bars: 5,
        mae: expect.closeTo(10.3 / 10.75 - 1, 12),
        mfe: expect.closeTo(11 / 10.75 - 1, 12),
      },
    ])
    expect(play().lines.equity.at(-1)).toBeCloseTo(9_958, 9)
  })

  test('the documentation shows the same table', () => {
    const text = readFileSync(new URL('../../docs/strategy.md', import.meta.url), 'utf8')
    expect(text).toContain(TABLE)
  })
})
