import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { sessionsBetween } from '../../src/market/session.ts'
import { DAY_MS, isoInstant, MINUTE_MS, parseInstant, plus } from '../../src/market/time.ts'
import { spy } from '../support/bars.ts'
import { waves } from '../support/waves.ts'
import { served } from './served.ts'

const YEARS = Number(process.env.LOOP_YEARS ?? 0.5)
const to = parseInstant('2013-10-09T00:00:00Z')
const range = { from: plus(to, -Math.round(YEARS * 365) * DAY_MS), to }
const MOST_DELAY_MS = 50

const { ask, stores } = await served()

test(`p99 of the loop's delay stays within ${MOST_DELAY_MS} ms while ${YEARS} years of minutes are read and run`, {
  retry: 2,
  timeout: 120_000,
}, async () => {
  const instrument = await stores.instruments.save(spy)
  await stores.bars.load(instrument, '1m', waves(sessionsBetween(range, 'rth'), MINUTE_MS))
  await stores.coverage.mark(instrument, '1m', range, 'done')
  const order = { symbol: 'SPY', from: isoInstant(range.from), to: isoInstant(to), size: '1m', base: '1m' }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const answer = await ask.post('/v1/backtests').send(order)
  delay.disable()
  const p99Ms = delay.percentile(99) / 1e6
  if (YEARS > 1)
    console.log(`${answer.body.candles} candles: p99 ${p99Ms.toFixed(1)} ms, most ${delay.max / 1e6}`)
  expect(answer.status, answer.text.slice(0, 500)).toBe(201)
  expect(p99Ms).toBeLessThanOrEqual(MOST_DELAY_MS)
})
