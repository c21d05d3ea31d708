import { expect, test } from 'vitest'
import { EVENT_BODIES } from '../../../openapi/events.ts'
import type { Bar } from '../../../src/market/series.ts'
import { isoInstant, MINUTE_MS, parseInstant, plus } from '../../../src/market/time.ts'
import { Decider } from '../../../src/trading/decider.ts'
import { DEFAULT_SETTINGS } from '../../../src/trading/settings.ts'
import { spy } from '../../support/bars.ts'

const OPEN = parseInstant('2024-06-03T13:30:00Z')

/** Higher highs and higher lows by turns: what was bought on the way up is never sold. */
const CLOSES = [100, 102, 101, 104, 103, 106, 105, 108, 107, 110]

const candle = (i: number): Bar => {
  const close = CLOSES[i]!
  return {
    ...{ time: plus(OPEN, i * MINUTE_MS), open: close, high: close + 0.5, low: close - 0.5, close },
    ...{ volume: 100, vwap: null, tradeCount: null },
  }
}

test('a trailing level that rises is told from candle to candle, each time from where to where', () => {
  const strategy = { ...DEFAULT_SETTINGS.strategy, left: 1, right: 1, length: 2 }
  const decider = new Decider({ ...DEFAULT_SETTINGS, size: '1m', strategy }, spy)
  const told = CLOSES.flatMap((_, i) => {
    const {
      events,
      order,
      candle: decided,
    } = decider.close(decider.push({ candle: candle(i) }), 100_000, plus(OPEN, (i + 1) * MINUTE_MS))
    if (order?.side === 'buy')
      decider.take({
        ...{ side: 'buy', quantity: order.quantity, price: decided.close, commission: 0, slippage: 0 },
        time: plus(decided.time, MINUTE_MS),
      })
    return events
  })
  const moves = told.map(({ data }) => data as { from: number; to: number; candleTime: string })
  expect(told.map(({ type }) => type)).toEqual(told.map(() => 'stop.moved'))
  expect(moves.map(({ from, to }) => [from, to])).toEqual([
    [100.5, 102.5],
    [102.5, 104.5],
    [104.5, 106.5],
  ])
  for (const event of told) {
    const body = { ...event, id: 'evt_1', time: isoInstant(event.time), sequence: 1 }
    expect(EVENT_BODIES['stop.moved'].parse(body)).toEqual(body)
  }
  expect(moves[0]!.candleTime).toBe(isoInstant(plus(OPEN, 5 * MINUTE_MS)))
  expect(told[0]!.time).toBe(plus(OPEN, 6 * MINUTE_MS))
})
