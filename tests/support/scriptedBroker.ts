import type { BarsAnswer } from '../../src/collection/answered.ts'
import { refused } from '../../src/errors.ts'
import { BarSeries } from '../../src/market/series.ts'
import { type Clock, type EpochMs, plus, SECOND_MS } from '../../src/market/time.ts'
import type { HistoricalAnswer, HistoricalRequest, MarketData } from '../../src/ports/marketData.ts'
import type { Lane, Pacing } from '../../src/ports/pacing.ts'
import { bar } from './bars.ts'

export type Answers = (request: HistoricalRequest) => HistoricalAnswer

/** A broker that says what a test wants, and a budget that is never used up. */
export interface ScriptedBroker {
  readonly marketData: MarketData
  readonly pacing: Pacing
  /** What has reached the broker, oldest first. */
  readonly asked: HistoricalRequest[]
  /** In which lanes places were reserved, oldest first. */
  readonly lanes: Lane[]
  /** "No data", until a test knows better. A thrown error is a failure. */
  answers: Answers
}

export function scriptedBroker(market: Pick<Clock, 'now'>): ScriptedBroker {
  const notAsked = () => Promise.reject(refused('not asked here'))
  const broker: ScriptedBroker = {
    asked: [],
    lanes: [],
    answers: () => ({ kind: 'empty' }),
    marketData: {
      qualify: notAsked,
      schedule: notAsked,
      historicalBars: async (request) => {
        broker.asked.push(request)
        return broker.answers(request)
      },
    },
    pacing: {
      usage: notAsked,
      share: notAsked,
      penalize: async () => {},
      assumeFull: async () => {},
      reserve: async (_, lane) => {
        broker.lanes.push(lane)
        return { granted: true, slot: { at: market.now(), sendBefore: plus(market.now(), SECOND_MS) } }
      },
    },
  }
  return broker
}

/** One answer after the other; "no data" when all are given. */
export function inTurn(...answers: (HistoricalAnswer | Error)[]): Answers {
  return () => {
    const answer = answers.shift() ?? { kind: 'empty' }
    if (answer instanceof Error) throw answer
    return answer
  }
}

export const barsAt = (...times: EpochMs[]): BarsAnswer => ({
  kind: 'bars',
  bars: BarSeries.of(times.map((time) => bar(0, { time }))),
  rejected: [],
})

/** The same answer with rows besides that cannot be bars; null is a time that cannot be read. */
export const withBad = (answer: BarsAnswer, ...times: (EpochMs | null)[]): BarsAnswer => ({
  ...answer,
  rejected: times.map((time) => ({ time, reason: 'high < low', sample: JSON.stringify({ time }) })),
})
