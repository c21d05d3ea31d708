import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BacktestRequest } from '../../src/backtest/request.ts'
import type { Command } from '../../src/engine/command.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { Fill } from '../../src/execution/fill.ts'
import type { MarketOrder } from '../../src/execution/order.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import type { Decision } from '../../src/strategy/decision.ts'
import { PivotBreakout } from '../../src/strategy/pivotBreakout.ts'
import { decisionsOf, run, someRequests } from '../backtest/properties.ts'
import { candles, someRows } from '../strategy/candles.ts'

/** What a live trader's inbox holds: the open's fill, if one is due, comes in before the candle has closed. */
type Message = { readonly opened: Bar } | { readonly closed: Bar }

async function* messages(bars: BarSeries): AsyncGenerator<Message> {
  for (const bar of bars) {
    yield { opened: bar }
    yield { closed: bar }
  }
}

/** Drives the engine over messages that come one by one, with a broker that fills at the open. */
async function stream({ strategy, sizing, ...grid }: BacktestRequest, bars: BarSeries): Promise<Decision[]> {
  const { protectiveStopPct } = strategy
  const rules = { grid, sizing, protectiveStopPct, minTick: 0.01, entryWindow: null }
  const engine = new Engine(new PivotBreakout(strategy), rules)
  const seen = new BarSeries(1)
  let order: MarketOrder | null = null
  const obey = (command: Command | null) => {
    if (command?.kind === 'trade') order = command.order
  }
  for await (const message of messages(bars)) {
    if ('closed' in message) {
      seen.push(message.closed)
      obey(engine.close(seen, seen.length - 1, { equityAt: () => 100_000 }))
    } else if (order !== null) {
      const fill = fillOf(order, message.opened)
      order = null
      obey(engine.fill(fill))
    }
  }
  return Array.from({ length: seen.length }, (_, i) => engine.decisionAt(seen, i))
}

const fillOf = ({ side, quantity }: MarketOrder, { time, open }: Bar): Fill => ({
  time,
  side,
  quantity,
  price: open,
  commission: 0,
  slippage: 0,
})

test('a stream of candles and fills yields the decisions of the backtest', async () => {
  await fc.assert(
    fc.asyncProperty(someRows(60), someRequests, async (rows, someRequest) => {
      const request: BacktestRequest = {
        ...someRequest,
        sizing: { kind: 'shares', shares: 10 },
        execution: { ...someRequest.execution, fill: 'open' },
      }
      const streamed = await stream(request, candles(rows))
      expect(streamed).toEqual(decisionsOf(run(request, candles(rows))))
    }),
    { seed: 5, numRuns: 60 },
  )
})
