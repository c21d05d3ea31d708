import { expect, test } from 'vitest'
import { unavailable } from '../../../src/errors.ts'
import { resample } from '../../../src/market/resample.ts'
import { type Bar, slice } from '../../../src/market/series.ts'
import { sessionsBetween } from '../../../src/market/session.ts'
import { type EpochMs, MINUTE_MS, parseInstant, plus, SECOND_MS } from '../../../src/market/time.ts'
import type { LiveBarsUpdate } from '../../../src/ports/liveBars.ts'
import type { HistoricalRequest } from '../../../src/ports/marketData.ts'
import { closedCandles } from '../../../src/trading/candles.ts'
import type { ClosedCandle } from '../../../src/trading/closedCandles.ts'
import { changedSettings, DEFAULT_SETTINGS, gridOf } from '../../../src/trading/settings.ts'
import { spy } from '../../support/bars.ts'
import { type ManualClock, manualClock } from '../../support/manualClock.ts'
import { silentLog } from '../../support/simulator.ts'
import { memoryDatabase } from '../../support/twins/database.ts'
import { waves } from '../../support/waves.ts'

/** The third day is a half day, and a holiday follows it. */
const SESSIONS = sessionsBetween(
  { from: parseInstant('2013-07-01T00:00:00Z'), to: parseInstant('2013-07-09T00:00:00Z') },
  'rth',
)
const [MONDAY, TUESDAY, HALF_DAY, FRIDAY] = SESSIONS as [Span, Span, Span, Span]
type Span = (typeof SESSIONS)[number]

const SECONDS = waves(SESSIONS)
const SETTINGS = changedSettings(DEFAULT_SETTINGS, { size: '5m' })
const TRUTH = [...resample(SECONDS, gridOf(SETTINGS))]

/** A market that trades along the truth, seen through a gateway that can be away. */
async function stage(now: EpochMs, covered: readonly Span[] = []) {
  const clock = manualClock(now)
  const { stores } = memoryDatabase()
  const instrument = await stores.instruments.save(spy)
  await stores.bars.load(instrument, '1s', SECONDS)
  for (const span of covered) await stores.coverage.mark(instrument, '1s', span, 'done')
  const state = { isAway: false, asked: [] as HistoricalRequest[], isFollowed: false }
  const market = { clock, state }
  const given: (ClosedCandle | 'warm')[] = []
  const stopping = new AbortController()
  const tell = { update: (_: LiveBarsUpdate) => {} }
  const candles = closedCandles({
    stores,
    pacing: { reserve: async () => ({ granted: true, slot: { at: clock.now(), sendBefore: clock.now() } }) },
    marketData: { historicalBars: (request) => answer(market, request) },
    liveBars: {
      follow: (_, listener) => {
        tell.update = listener
        state.isFollowed = true
        return () => {
          state.isFollowed = false
        }
      },
    },
    market: clock,
    machine: clock,
    log: silentLog,
  })
  const sink = {
    candle: (closed: ClosedCandle) => void given.push(closed),
    warm: () => void given.push('warm'),
  }
  const begin = (decidingFrom: EpochMs | null = null) =>
    candles.follow({ instrument, settings: SETTINGS, decidingFrom }, sink, stopping.signal)
  return { clock, state, given, stopping, begin, update: (update: LiveBarsUpdate) => tell.update(update) }
}

interface Market {
  readonly clock: ManualClock
  readonly state: { isAway: boolean; readonly asked: HistoricalRequest[] }
}

async function answer({ clock, state }: Market, request: HistoricalRequest) {
  if (state.isAway || request.to > clock.now()) throw unavailable('TWS is away')
  state.asked.push(request)
  const bars = resample(slice(SECONDS, request.from, request.to), gridOf(SETTINGS))
  return bars.length === 0 ? { kind: 'empty' as const } : { kind: 'bars' as const, bars, rejected: [] }
}

const timesOf = (given: readonly (ClosedCandle | 'warm')[]) =>
  given.flatMap((it) => (it === 'warm' ? [] : [it.candle.time]))

const truthBetween = (from: EpochMs, to: EpochMs) => TRUTH.filter(({ time }) => time >= from && time < to)
const barsOf = (given: readonly (ClosedCandle | 'warm')[]): Bar[] =>
  given.flatMap((it) => (it === 'warm' ? [] : [it.candle]))

const NOON = plus(FRIDAY.from, 150 * MINUTE_MS)
const AFTER_NOON = plus(NOON, 5 * SECOND_MS)

test('our own candles warm up where every second was asked for, and the broker is asked for the rest', async () => {
  const covered = [MONDAY, HALF_DAY, { ...FRIDAY, to: plus(NOON, -7 * MINUTE_MS) }]
  const { given, state, begin, clock, stopping } = await stage(AFTER_NOON, covered)
  const running = begin()
  await clock.advance(SECOND_MS)
  expect(given.at(-1)).toBe('warm')
  expect(barsOf(given)).toEqual(truthBetween(MONDAY.from, NOON))
  expect(state.asked.map(({ from, to }) => ({ from, to }))).toEqual([
    { from: plus(NOON, -10 * MINUTE_MS), to: NOON },
    { from: TUESDAY.from, to: TUESDAY.to },
  ])
  stopping.abort()
  await running
  expect(state.isFollowed).toBe(false)
})

/** Tells the forming candle every ten seconds, as the broker's stream does, for so many seconds. */
async function watch({ clock, update }: Awaited<ReturnType<typeof stage>>, seconds: number): Promise<void> {
  for (let i = 0; i < seconds / 10; i++) {
    await clock.advance(10 * SECOND_MS)
    const now = clock.now()
    const forming = [...resample(slice(SECONDS, plus(now, -5 * MINUTE_MS), now), gridOf(SETTINGS))].at(-1)
    if (forming !== undefined && forming.time > now - 5 * MINUTE_MS) update({ kind: 'bar', bar: forming })
  }
}

test('live candles join without a gap, over the end of a half day, a holiday and a weekend', async () => {
  const at = plus(HALF_DAY.to, -12 * MINUTE_MS)
  const staged = await stage(at, [MONDAY, TUESDAY, HALF_DAY])
  const { given, clock, stopping, begin } = staged
  const running = begin()
  await watch(staged, 13 * 60)
  expect(timesOf(given).at(-1)).toBe(plus(HALF_DAY.to, -5 * MINUTE_MS))
  expect(given.at(-1)).toMatchObject({ closedAt: HALF_DAY.to })
  await clock.advance(FRIDAY.from - clock.now())
  await watch(staged, 11 * 60)
  expect(barsOf(given)).toEqual(truthBetween(MONDAY.from, plus(FRIDAY.from, 10 * MINUTE_MS)))
  expect(given.filter((it) => it === 'warm')).toHaveLength(1)
  stopping.abort()
  await running
})

test('what closed while the broker was away, at the start and later, comes when it is back', async () => {
  const staged = await stage(AFTER_NOON)
  const { given, state, clock, stopping, begin, update } = staged
  state.isAway = true
  const running = begin()
  await clock.advance(20 * MINUTE_MS)
  expect(given).toEqual([])
  state.isAway = false
  await clock.advance(10 * SECOND_MS)
  expect(barsOf(given)).toEqual(truthBetween(MONDAY.from, plus(NOON, 20 * MINUTE_MS)))
  state.isAway = true
  update({ kind: 'interrupted', reason: 'the link is down' })
  await clock.advance(30 * MINUTE_MS)
  state.isAway = false
  await clock.advance(10 * SECOND_MS)
  expect(barsOf(given)).toEqual(truthBetween(MONDAY.from, plus(NOON, 50 * MINUTE_MS)))
  stopping.abort()
  await running
})

test('a restart asks for enough candles before the one that it decides on again', async () => {
  const { given, clock, stopping, begin } = await stage(AFTER_NOON, SESSIONS.slice(0, 4))
  const running = begin(plus(HALF_DAY.from, 60 * MINUTE_MS))
  await clock.advance(SECOND_MS)
  expect(barsOf(given)).toEqual(truthBetween(MONDAY.from, NOON))
  stopping.abort()
  await running
})
