import { expect, test } from 'vitest'
import { candleClose } from '../../../src/market/candleClose.ts'
import { resample } from '../../../src/market/resample.ts'
import { type Bar, BarSeries, lowerBound, slice } from '../../../src/market/series.ts'
import { sessionsBetween } from '../../../src/market/session.ts'
import { type EpochMs, parseInstant, plus, SECOND_MS } from '../../../src/market/time.ts'
import type { JournalledDecision } from '../../../src/ports/decisions.ts'
import type { BookedExecution } from '../../../src/ports/executions.ts'
import type { Intent, IntentState } from '../../../src/ports/intents.ts'
import type { LivedDay } from '../../../src/trading/dayReplay.ts'
import { Decider } from '../../../src/trading/decider.ts'
import { compareDay } from '../../../src/trading/parity.ts'
import { changedSettings, DEFAULT_SETTINGS, gridOf } from '../../../src/trading/settings.ts'
import { spy } from '../../support/bars.ts'
import { newExecution, newIntent } from '../../support/trading.ts'

const SESSIONS = sessionsBetween(
  { from: parseInstant('2013-10-07T00:00:00Z'), to: parseInstant('2013-10-10T00:00:00Z') },
  'rth',
)
const DAY = SESSIONS[2]!
/** Prices that swing within the hour, on a longer wave. */
const priceAt = (time: number): number =>
  Math.round(17_000 + 150 * Math.sin(time / 3e6) + 60 * Math.sin(time / 4e5) + ((time / 1_000) % 7)) / 100

const SECONDS = BarSeries.of(
  SESSIONS.flatMap(({ from, to }) =>
    Array.from({ length: (to - from) / SECOND_MS }, (_, i): Bar => {
      const time = plus(from, i * SECOND_MS)
      const [open, close] = [priceAt(time), priceAt(time + SECOND_MS)]
      const [high, low] = [Math.max(open, close), Math.min(open, close)]
      return { time, open, high, low, close, volume: 100, vwap: null, tradeCount: null }
    }),
  ),
)
const SETTINGS = changedSettings(DEFAULT_SETTINGS, {
  strategy: { left: 1, right: 1, length: 3, ties: 'any', stop: 'latest' },
})
const CANDLES = [...resample(SECONDS, gridOf(SETTINGS))]
const INSTRUMENT = { ...spy, id: 1, tracked: true }

/** What befell an order: none of it by default. */
interface Fate {
  readonly outcome?: 'missed' | 'denied'
  readonly ends?: IntentState
  readonly lateMs?: number
  readonly priceMore?: number
}

interface Life {
  /** Of the orders of the day, in turn. */
  readonly fates?: readonly Fate[]
  /** The candles as they came. */
  readonly seen?: (candle: Bar) => Bar
  /** Candles of the day for which no trader ran. */
  readonly absent?: (time: EpochMs) => boolean
}

/** Three days as a trader lives them whose orders are filled four seconds after each close, a cent above the market. */
function lived({ fates = [], seen = (candle) => candle, absent = () => false }: Life = {}): LivedDay {
  const decider = new Decider(SETTINGS, INSTRUMENT)
  const decisions = new Map<EpochMs, JournalledDecision>()
  const intents: Intent[] = []
  const executions: BookedExecution[] = []
  const left = [...fates]
  for (const [n, stored] of CANDLES.entries()) {
    const candle = seen(stored)
    const i = decider.push({ candle })
    if (n < 20) {
      decider.warmUp(i)
      continue
    }
    const madeAt = plus(candleClose(gridOf(SETTINGS), candle.time), 3 * SECOND_MS)
    const { decision, order } = decider.close(i, 1e9, madeAt)
    if (absent(candle.time)) {
      decider.drop()
      continue
    }
    const fate = order !== null && candle.time >= DAY.from ? (left.shift() ?? {}) : {}
    const outcome = order === null ? 'none' : (fate.outcome ?? 'ordered')
    const id = outcome === 'ordered' ? `intent-of-${n}` : null
    const hindrance = fate.outcome ?? null
    decisions.set(candle.time, { ...decision, outcome, hindrance, intent: id, trader: 1 })
    if (outcome !== 'ordered') decider.drop()
    if (order === null || id === null) continue
    const sentAt = plus(madeAt, SECOND_MS + (fate.lateMs ?? 0))
    const at = lowerBound(SECONDS, sentAt)
    const time = at < SECONDS.length ? (SECONDS.time[at] as EpochMs) : sentAt
    const purpose = order.side === 'buy' ? 'entry' : 'exit'
    intents.push({
      ...newIntent({ id, purpose, side: order.side, quantity: order.quantity, candleTime: candle.time }),
      ...{
        ordinal: n,
        permId: n,
        filled: 0,
        averagePrice: null,
        sends: 1,
        sentInSession: 1,
        absentSince: null,
      },
      ...{ sentAt, endedAt: plus(time, SECOND_MS), state: fate.ends ?? 'filled', createdAt: madeAt },
    })
    if (fate.ends !== undefined || at >= SECONDS.length) {
      decider.drop()
      continue
    }
    const price = SECONDS.open[at]! + (order.side === 'buy' ? 0.01 : -0.01) + (fate.priceMore ?? 0)
    const terms = { intent: id, side: order.side, quantity: order.quantity, price, time }
    const execution = { ...newExecution({ ...terms, bookedAt: plus(time, 500) }), ordinal: n }
    executions.push(execution)
    decider.feed(execution)
  }
  return {
    ...{ settings: SETTINGS, instrument: INSTRUMENT, session: DAY, decisions, executions, intents },
    candles: CANDLES,
    seconds: slice(SECONDS, DAY.from, plus(DAY.to, 60_000)),
  }
}

const compare = (day: LivedDay) => compareDay(day, async () => {})

const causesOf = async (life: Life) => {
  const { differences } = await compare(lived(life))
  return new Set(differences.map(({ cause }) => cause))
}

test('a day without trouble equals its backtest decision for decision, and its fills are explained to the second', async () => {
  const report = await compare(lived())
  expect(report).toMatchObject({ date: '2013-10-09', symbol: 'SPY', size: '5m', decisions: 78 })
  expect(report.differences.filter(({ kind }) => kind === 'decision')).toEqual([])
  expect(report.fills.length).toBeGreaterThan(2)
  for (const { live, replay } of report.fills) {
    expect((live!.time - replay!.time) / SECOND_MS).toBe(4)
  }
  expect(report.differences).toHaveLength(report.fills.length)
  expect(new Set(report.differences.map(({ cause }) => cause))).toEqual(new Set(['timing']))
  expect(report.differences[0]!.detail).toMatch(/^(entry|exit) filled 4 s after the replay/)
})

test.each([
  ['a decision that came too late', { fates: [{ outcome: 'missed' }] }, 'timing'],
  ['an order that a limit denied', { fates: [{ outcome: 'denied' }] }, 'state'],
  ['an order that the broker rejected', { fates: [{ ends: 'rejected' }] }, 'fill'],
  ['an order that expired unsent', { fates: [{ ends: 'expired' }] }, 'fill'],
] as const)('%s explains all that follows from it', async (_name, life, cause) => {
  const { differences, causes } = await compare(lived(life as Life))
  expect(differences.some(({ kind }) => kind === 'decision')).toBe(true)
  expect(differences.filter((each) => each.cause === null)).toEqual([])
  expect(causes[cause]).toBeGreaterThan(1)
})

test('a candle that was seen otherwise explains the decisions that saw it', async () => {
  const noon = plus(DAY.from, 60 * 60_000)
  const seen = (candle: Bar): Bar =>
    candle.time === noon ? { ...candle, high: candle.high + 3, close: candle.close + 2 } : candle
  expect(await causesOf({ seen })).toContain('data')
  expect(await causesOf({ seen })).not.toContain(null)
})

test('candles for which no trader ran are told as such', async () => {
  const until = plus(DAY.from, 90 * 60_000)
  const { differences } = await compare(lived({ absent: (time) => time >= DAY.from && time < until }))
  expect(differences.filter(({ detail }) => detail.includes('no trader ran'))).toHaveLength(18)
  expect(differences.filter(({ cause }) => cause === null)).toEqual([])
})

test('a price that the market never had is explained by nothing', async () => {
  expect(await causesOf({ fates: [{ priceMore: 5 }] })).toContain(null)
})

test('a decision that no replay comes to is a defect, and told as one', async () => {
  const day = lived()
  const [time, decision] = [...day.decisions].find(([at]) => at >= plus(DAY.from, 3_600_000))!
  const decisions = new Map(day.decisions).set(time, { ...decision, movingAverage: 1 })
  const { differences } = await compare({ ...day, decisions })
  expect(differences).toContainEqual(
    expect.objectContaining({
      kind: 'decision',
      time,
      cause: null,
      detail: expect.stringContaining('movingAverage'),
    }),
  )
})
